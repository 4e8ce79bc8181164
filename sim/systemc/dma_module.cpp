#include "sim/systemc/dma_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "sim/systemc/memory_module.h"
#include "sim/timing.h"

namespace systol {

DmaModule::DmaModule(const sc_core::sc_module_name& name, isa::Unit unit, Machine& machine,
                     sc_core::sc_time period)
    : sc_module(name),
      CommandUnit(unit, machine),
      sockets("sockets", machine.config.memories.size()),
      period_(period),
      memory_of_space_(machine.config.memory_of_space()) {}

void DmaModule::restore_running(std::deque<Issued> running, const Snapshot& snapshot) {
  for (Issued& issued : running) {
    requests_.push_back({std::move(issued), {}, true});
  }
  if (unit_ == isa::Unit::Weights) {
    port_free_ = snapshot.tile_port_free;
  }
}

void DmaModule::complete(Cycles now) {
  while (!requests_.empty() && requests_.front().issued.end <= now) {
    arrive(requests_.front());
    finish(requests_.front().issued);
    requests_.pop_front();
  }
}

void DmaModule::start(Cycles now) {
  if (now < port_free_ || !can_start()) {
    return;
  }
  Request request{begin(now), {}, false};
  const Cycles arrival = move(request, now);
  // Requests to different memories could overtake one another; completion stays in order.
  request.issued.end = requests_.empty() ? arrival : std::max(arrival, requests_.back().issued.end);
  requests_.push_back(std::move(request));
}

bool DmaModule::can_start() const {
  const bool fifo_full = machine_.fifo.slots_taken() >= machine_.config.weight_fifo_tiles;
  return head_has_tokens() && requests_.size() < machine_.config.dma_outstanding &&
         !(unit_ == isa::Unit::Weights && fifo_full);
}

/// Sends the request's transactions and returns the cycle in which the last one is complete.
Cycles DmaModule::move(Request& request, Cycles now) {
  const isa::Operation& operation = request.issued.command.operation;
  if (const auto* weights = std::get_if<isa::LoadWeights>(&operation)) {
    return move_weights(*weights, request, now);
  }
  if (const auto* tile = std::get_if<isa::LoadTile>(&operation)) {
    machine_.fifo.tiles.push_back({false, {}, node_of(request), tile->rows(), tile->columns()});
    read_tile(*tile, request);
    port_free_ = now + timing::load_tile_time(*tile);
    return port_free_;
  }
  if (const auto* load = std::get_if<isa::Load>(&operation)) {
    request.data.resize(load->bytes());
    machine_.activity(request.issued)[memory_read(load->space)] += request.data.size();
    return move_pieces(*load, request, now, tlm::TLM_READ_COMMAND);
  }
  const auto& store = std::get<isa::Store>(operation);
  gather(store, request);
  machine_.activity(request.issued)[memory_write(store.space)] += request.data.size();
  return move_pieces(store, request, now, tlm::TLM_WRITE_COMMAND);
}

/// Padding takes its time at the memory, behind its tile, and carries nothing.
Cycles DmaModule::move_weights(const isa::LoadWeights& weights, Request& request, Cycles now) {
  request.data.resize(isa::tile_bytes(weights.rows, weights.columns, machine_.config.pe));
  machine_.fifo.tiles.push_back({false, {}, node_of(request), weights.rows, weights.columns});
  const std::uint64_t padding = padding_of(request);
  machine_.activity(request.issued)[memory_read(weights.space)] += request.data.size() + padding;
  const std::uint64_t size = request.data.size();
  const Cycles arrival = transport({tlm::TLM_READ_COMMAND, weights.space, weights.memory,
                                    request.data.data(), size, padding == 0},
                                   request.issued, now);
  return padding == 0 ? arrival
                      : transport({tlm::TLM_IGNORE_COMMAND, weights.space, weights.memory + size,
                                   nullptr, padding, true},
                                  request.issued, now);
}

/// Whether a tile comes from the memory with its padding.
bool DmaModule::fetches_whole(const Request& request) const {
  return machine_.config.tile_fetch == TileFetch::Whole &&
         std::holds_alternative<isa::LoadWeights>(request.issued.command.operation);
}

std::uint64_t DmaModule::padding_of(const Request& request) const {
  const ArrayConfig& config = machine_.config;
  return fetches_whole(request)
             ? isa::tile_bytes(config.rows, config.columns, config.pe) - request.data.size()
             : 0;
}

/// Pieces that lie back to back in memory are one transaction.
Cycles DmaModule::move_pieces(const isa::Transfer& transfer, Request& request, Cycles now,
                              tlm::tlm_command direction) {
  const isa::Pieces pieces = isa::merged(transfer.memory, transfer.piece_bytes);
  std::uint64_t left = pieces.walk.count();
  std::uint8_t* data = request.data.data();
  Cycles last = now;
  pieces.walk.for_each([&](std::uint64_t address) {
    --left;
    last = std::max(last,
                    transport({direction, transfer.space, address, data, pieces.bytes, left == 0},
                              request.issued, now));
    data += pieces.bytes;
  });
  return last;
}

Cycles DmaModule::transport(const Part& part, const Issued& issued, Cycles now) {
  tlm::tlm_generic_payload payload;
  payload.set_command(part.direction);
  payload.set_address((static_cast<std::uint64_t>(part.space) << kSpaceBit) | part.address);
  payload.set_data_ptr(part.data);
  payload.set_data_length(static_cast<unsigned>(part.length));
  payload.set_streaming_width(static_cast<unsigned>(part.length));
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  RequestPart extension;
  extension.last = part.last;
  payload.set_extension(&extension);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  sockets[memory_of_space_[static_cast<std::size_t>(part.space)]]->b_transport(payload, delay);
  payload.clear_extension(&extension);
  if (payload.is_response_error()) {
    throw InputError(fmt::format("{} memory refused {} bytes at 0x{:x}: {}",
                                 isa::name_of(part.space), part.length, part.address,
                                 payload.get_response_string()));
  }
  machine_.activity(issued).add(part.space, extension.counts);
  const auto cycles = static_cast<std::uint64_t>(std::ceil(delay / period_));
  return now + Cycles(std::max<std::uint64_t>(cycles, 1));
}

/// Row by row, as the FIFO has it.
void DmaModule::read_tile(const isa::LoadTile& tile, Request& request) {
  std::vector<std::uint8_t>& data = request.data;
  const std::size_t columns = tile.columns();
  const std::size_t bytes = machine_.value_bytes();
  data.resize(std::size_t{tile.rows()} * columns * bytes);
  for (std::size_t i = 0; i < data.size() / bytes; ++i) {
    const std::size_t row = i / columns;
    const std::size_t column = i % columns;
    const std::size_t vector = tile.transposed ? column : row;
    const std::size_t value = tile.transposed ? row : column;
    const std::uint64_t address = isa::value_address(tile.buffer, tile.depth, tile.segments, vector,
                                                     value, machine_.config.pe);
    std::copy_n(&machine_.buffer[address], bytes, &data[i * bytes]);
    machine_.count_read(request.issued, address, bytes);
  }
}

void DmaModule::gather(const isa::Transfer& transfer, Request& request) {
  std::vector<std::uint8_t>& data = request.data;
  data.reserve(transfer.bytes());
  transfer.buffer.for_each([&](std::uint64_t address) {
    const auto piece = machine_.buffer.begin() + static_cast<std::ptrdiff_t>(address);
    data.insert(data.end(), piece, piece + static_cast<std::ptrdiff_t>(transfer.piece_bytes));
    machine_.count_read(request.issued, address, transfer.piece_bytes);
  });
}

/// The data of a complete request becomes visible on the chip; of a restored one it is there.
void DmaModule::arrive(Request& request) {
  const isa::Operation& operation = request.issued.command.operation;
  if (unit_ == isa::Unit::Weights) {
    // Tiles arrive in the order of their requests: the first that is not ready is this one.
    const auto slot = std::ranges::find(machine_.fifo.tiles, false, &WeightTile::ready);
    if (!request.restored) {
      slot->values = tile_values(operation, request.data);
      count_fifo(*slot, request);
    }
    slot->ready = true;
  } else if (const auto* load = std::get_if<isa::Load>(&operation);
             load != nullptr && !request.restored) {
    scatter(*load, request);
  }
}

/// Padding that is fetched is written, too.
void DmaModule::count_fifo(const WeightTile& tile, const Request& request) {
  machine_.activity(request.issued)[Action::FifoWriteBytes] +=
      request.data.size() + padding_of(request);
  const bool whole = fetches_whole(request);
  const std::uint32_t rows = whole ? machine_.config.rows : tile.rows;
  const std::uint32_t columns = whole ? machine_.config.columns : tile.columns;
  for (std::uint32_t column = 0; column < columns; ++column) {
    machine_.result.srams[Sram::WeightFifo].writes[column] += rows;
  }
}

void DmaModule::scatter(const isa::Transfer& transfer, const Request& request) {
  const std::uint8_t* piece = request.data.data();
  transfer.buffer.for_each([&](std::uint64_t address) {
    std::copy_n(piece, transfer.piece_bytes, &machine_.buffer[address]);
    machine_.count_write(request.issued, address, transfer.piece_bytes);
    piece += transfer.piece_bytes;
  });
}

/// As the array's lanes have them: a byte for each weight, and one for its index if it has one.
void DmaModule::unpack(const std::vector<std::uint8_t>& data, const isa::LoadWeights& tile,
                       std::vector<std::int8_t>& values) const {
  const ArrayConfig& config = machine_.config;
  const std::size_t row_bytes = isa::weight_row_bytes(tile.columns, config.pe);
  for (std::size_t row = 0; row < tile.rows; ++row) {
    const std::uint8_t* packed = &data[row * row_bytes];
    for (std::size_t column = 0; column < tile.columns; ++column) {
      std::int8_t* lane = &values[(row * config.columns + column) * machine_.lane_bytes()];
      if (isa::is_sparse(config.pe)) {
        lane[0] = static_cast<std::int8_t>(packed[column]);
        lane[1] = static_cast<std::int8_t>(isa::packed_index(packed, column, tile.columns));
      } else {
        lane[0] = isa::packed_weight(packed, column, config.pe);
      }
    }
  }
}

/// Padded to the array's size; packed weights get their lanes.
std::vector<std::int8_t> DmaModule::tile_values(const isa::Operation& operation,
                                                const std::vector<std::uint8_t>& data) const {
  const auto* weights = std::get_if<isa::LoadWeights>(&operation);
  const std::size_t tile_columns =
      weights != nullptr ? weights->columns : std::get<isa::LoadTile>(operation).columns();
  const std::size_t width = tile_columns * machine_.value_bytes();
  const std::size_t padded = machine_.config.columns * machine_.lane_bytes();
  std::vector<std::int8_t> values(machine_.config.rows * padded);
  if (weights != nullptr && isa::is_packed(machine_.config.pe)) {
    unpack(data, *weights, values);
    return values;
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    values[i / width * padded + i % width] = static_cast<std::int8_t>(data[i]);
  }
  return values;
}

}  // namespace systol
