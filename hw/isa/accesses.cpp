#include "hw/isa/accesses.h"

#include <fmt/format.h>

namespace systol::isa {
namespace {

/// Adds the accesses of one operation.
struct Collect {
  Accesses& out;

  void read(Region region, const Walk& walk, std::uint64_t bytes) const {
    out.add({region, false, {walk, bytes}});
  }
  void write(Region region, const Walk& walk, std::uint64_t bytes) const {
    out.add({region, true, {walk, bytes}});
  }
  void read_accumulators(std::uint32_t first, std::uint64_t rows) const {
    read(Region::Accumulators, {first, rows, 1}, 1);
  }
  void write_accumulators(std::uint32_t first, std::uint64_t rows) const {
    write(Region::Accumulators, {first, rows, 1}, 1);
  }
  void read_channels(std::uint64_t address, std::uint64_t channels) const {
    read(Region::Buffer, {address, kChannelPlanes, channels}, channels);
  }

  void operator()(const Load& op) const {
    write(Region::Buffer, op.buffer, op.piece_bytes);
    read(region_of(op.space), op.memory, op.piece_bytes);
  }
  void operator()(const Store& op) const {
    write(region_of(op.space), op.memory, op.piece_bytes);
    read(Region::Buffer, op.buffer, op.piece_bytes);
  }
  void operator()(const LoadWeights& op) const {
    read(region_of(op.space), {op.memory, op.rows, op.columns}, op.columns);
  }
  void operator()(const Matmul& op) const {
    write_accumulators(op.accumulator, op.rows());
    read(Region::Buffer, op.buffer, op.depth);
  }
  void operator()(const MatmulOutputStationary& op) const {
    if (op.drain) {
      write_accumulators(op.accumulator, op.rows());
    }
    read(Region::Buffer, op.buffer, op.depth);
  }
  void operator()(const LoadTile& op) const { read(Region::Buffer, op.buffer, op.piece_bytes); }
  void operator()(const SetChannels& op) const { read_channels(op.buffer, op.columns); }
  void operator()(const SetTable& op) const {
    read(Region::Buffer, Walk(op.buffer), kTableEntries);
  }
  void operator()(const Activate& op) const {
    write(Region::Buffer, op.buffer, op.columns);
    read_accumulators(op.accumulator, op.rows());
  }
  void operator()(const ActivateTransposed& op) const {
    write(Region::Buffer, op.buffer, op.rows);
    read_accumulators(op.accumulator, op.rows);
    read_channels(op.channels, op.rows);
  }
  void operator()(const Softmax& op) const {
    write(Region::Buffer, op.destination, op.columns);
    read(Region::Buffer, op.source, op.columns);
    read(Region::Buffer, Walk(op.table), kSoftmaxTableBytes);
  }
};

}  // namespace

Region region_of(Space space) {
  return space == Space::Weights ? Region::Weights : Region::Activations;
}

UnitSet readers_of(Region region) {
  switch (region) {
    case Region::Buffer:
      return {Unit::Weights, Unit::Store, Unit::Matrix, Unit::Activate};
    case Region::Accumulators:
      return {Unit::Activate};
    case Region::Weights:
    case Region::Activations:
      break;
  }
  return {Unit::Weights, Unit::Load};
}

UnitSet writers_of(Region region) {
  switch (region) {
    case Region::Buffer:
      return {Unit::Load, Unit::Activate};
    case Region::Accumulators:
      return {Unit::Matrix};
    case Region::Weights:
    case Region::Activations:
      break;
  }
  return {Unit::Store};
}

Accesses accesses_of(const Operation& operation) {
  Accesses accesses;
  std::visit(Collect{accesses}, operation);
  return accesses;
}

std::string describe_range(Region region, std::uint64_t first, std::uint64_t last) {
  switch (region) {
    case Region::Buffer:
      return fmt::format("buffer 0x{:x}..0x{:x}", first, last);
    case Region::Accumulators:
      return fmt::format("accumulator rows {}..{}", first, last);
    case Region::Weights:
      return fmt::format("weights memory 0x{:x}..0x{:x}", first, last);
    case Region::Activations:
      break;
  }
  return fmt::format("activations memory 0x{:x}..0x{:x}", first, last);
}

}  // namespace systol::isa
