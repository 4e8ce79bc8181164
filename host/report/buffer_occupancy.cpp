#include "host/report/buffer_occupancy.h"

#include <algorithm>

namespace systol {

/// Rows that lie back to back are one range.
template <class Do>
void BufferOccupancy::for_each_range(const Rows& rows, Do action) {
  if (rows.stride == rows.bytes) {
    action(rows.address, rows.address + rows.rows * rows.bytes);
    return;
  }
  for (std::uint64_t row = 0; row < rows.rows; ++row) {
    action(rows.address + row * rows.stride, rows.address + row * rows.stride + rows.bytes);
  }
}

void BufferOccupancy::add(const isa::Operation& operation, Cycles end) {
  if (const auto* load = std::get_if<isa::Load>(&operation)) {
    write({load->buffer, load->buffer_stride, load->rows, load->row_bytes}, end);
  } else if (const auto* store = std::get_if<isa::Store>(&operation)) {
    read({store->buffer, store->buffer_stride, store->rows, store->row_bytes}, end);
  } else if (const auto* matmul = std::get_if<isa::Matmul>(&operation)) {
    read({matmul->buffer, matmul->buffer_stride, matmul->rows, matmul->depth}, end);
  } else if (const auto* in_place = std::get_if<isa::MatmulInPlace>(&operation)) {
    read({in_place->buffer, in_place->buffer_stride, in_place->rows, in_place->depth}, end);
  } else if (const auto* tile = std::get_if<isa::LoadTile>(&operation)) {
    read({tile->buffer, tile->buffer_stride, tile->columns, tile->rows}, end);
  } else if (const auto* transposed = std::get_if<isa::ActivateTransposed>(&operation)) {
    const std::uint64_t bytes = std::uint64_t{isa::kChannelPlanes} * transposed->rows;
    read({transposed->channels, bytes, 1, bytes}, end);
    write({transposed->buffer, transposed->buffer_stride, transposed->columns, transposed->rows},
          end);
  } else if (const auto* channels = std::get_if<isa::SetChannels>(&operation)) {
    const std::uint64_t bytes = std::uint64_t{isa::kChannelPlanes} * channels->columns;
    read({channels->buffer, bytes, 1, bytes}, end);
  } else if (const auto* table = std::get_if<isa::SetTable>(&operation)) {
    read({table->buffer, isa::kTableEntries, 1, isa::kTableEntries}, end);
  } else if (const auto* activate = std::get_if<isa::Activate>(&operation)) {
    write({activate->buffer, activate->buffer_stride, activate->rows, activate->columns}, end);
  } else if (const auto* softmax = std::get_if<isa::Softmax>(&operation)) {
    const std::uint64_t table_bytes = isa::kSoftmaxTableBytes;
    read({softmax->table, table_bytes, 1, table_bytes}, end);
    read({softmax->source, softmax->source_stride, softmax->rows, softmax->columns}, end);
    write({softmax->destination, softmax->destination_stride, softmax->rows, softmax->columns},
          end);
  }
}

void BufferOccupancy::write(const Rows& rows, Cycles at) {
  for_each_range(rows, [&](std::uint64_t from, std::uint64_t to) {
    split(from);
    split(to);
    auto piece = pieces_.lower_bound(from);
    while (piece != pieces_.end() && piece->first < to) {
      retire(*piece);
      piece = pieces_.erase(piece);
    }
    pieces_[from] = {to, at, Cycles(0)};
  });
}

void BufferOccupancy::read(const Rows& rows, Cycles at) {
  for_each_range(rows, [&](std::uint64_t from, std::uint64_t to) {
    split(from);
    split(to);
    for (auto piece = pieces_.lower_bound(from); piece != pieces_.end() && piece->first < to;
         ++piece) {
      piece->second.read = std::max(piece->second.read, at);
    }
  });
}

/// Makes `address` the border of two pieces, if it is inside one.
void BufferOccupancy::split(std::uint64_t address) {
  auto piece = pieces_.upper_bound(address);
  if (piece == pieces_.begin()) {
    return;
  }
  --piece;
  if (piece->first < address && address < piece->second.end) {
    Piece rest = piece->second;
    piece->second.end = address;
    pieces_[address] = rest;
  }
}

void BufferOccupancy::retire(const std::map<std::uint64_t, Piece>::value_type& piece) {
  const Piece& held = piece.second;
  if (held.read > held.written) {
    const auto bytes = static_cast<std::int64_t>(held.end - piece.first);
    changes_[held.written] += bytes;
    changes_[held.read] -= bytes;
  }
}

std::vector<std::pair<Cycles, std::int64_t>> BufferOccupancy::finish() {
  for (const auto& piece : pieces_) {
    retire(piece);
  }
  pieces_.clear();
  std::vector<std::pair<Cycles, std::int64_t>> points;
  std::int64_t held = 0;
  for (const auto& [at, change] : changes_) {
    held += change;
    points.emplace_back(at, held);
  }
  return points;
}

}  // namespace systol
