#include "sim/check/accesses.h"

#include <fmt/format.h>

namespace systol {
namespace {

/// Adds the accesses of one operation.
struct Collect {
  Accesses& out;

  void read(Region region, std::uint64_t address, std::uint64_t stride, std::uint64_t rows,
            std::uint64_t row_size) const {
    out.add({region, false, address, stride, rows, row_size});
  }
  void write(Region region, std::uint64_t address, std::uint64_t stride, std::uint64_t rows,
             std::uint64_t row_size) const {
    out.add({region, true, address, stride, rows, row_size});
  }

  void operator()(const isa::Load& op) const {
    write(Region::Buffer, op.buffer, op.buffer_stride, op.rows, op.row_bytes);
    read(region_of(op.space), op.memory, op.memory_stride, op.rows, op.row_bytes);
  }
  void operator()(const isa::Store& op) const {
    write(region_of(op.space), op.memory, op.memory_stride, op.rows, op.row_bytes);
    read(Region::Buffer, op.buffer, op.buffer_stride, op.rows, op.row_bytes);
  }
  void operator()(const isa::LoadWeights& op) const {
    read(region_of(op.space), op.memory, op.columns, op.rows, op.columns);
  }
  void operator()(const isa::Matmul& op) const {
    write(Region::Accumulators, op.accumulator, 1, op.rows, 1);
    read(Region::Buffer, op.buffer, op.buffer_stride, op.rows, op.depth);
  }
  void operator()(const isa::MatmulInPlace& op) const {
    if (op.drain) {
      write(Region::Accumulators, op.accumulator, 1, op.rows, 1);
    }
    read(Region::Buffer, op.buffer, op.buffer_stride, op.rows, op.depth);
  }
  void operator()(const isa::LoadTile& op) const {
    read(Region::Buffer, op.buffer, op.buffer_stride, op.columns, op.rows);
  }
  void operator()(const isa::SetChannels& op) const {
    read(Region::Buffer, op.buffer, op.columns, isa::kChannelPlanes, op.columns);
  }
  void operator()(const isa::SetTable& op) const {
    read(Region::Buffer, op.buffer, 0, 1, isa::kTableEntries);
  }
  void operator()(const isa::Activate& op) const {
    write(Region::Buffer, op.buffer, op.buffer_stride, op.rows, op.columns);
    read(Region::Accumulators, op.accumulator, 1, op.rows, 1);
  }
  void operator()(const isa::ActivateTransposed& op) const {
    write(Region::Buffer, op.buffer, op.buffer_stride, op.columns, op.rows);
    read(Region::Accumulators, op.accumulator, 1, op.rows, 1);
    read(Region::Buffer, op.channels, op.rows, isa::kChannelPlanes, op.rows);
  }
  void operator()(const isa::Softmax& op) const {
    write(Region::Buffer, op.destination, op.destination_stride, op.rows, op.columns);
    read(Region::Buffer, op.source, op.source_stride, op.rows, op.columns);
    read(Region::Buffer, op.table, 0, 1, isa::kSoftmaxTableBytes);
  }
};

}  // namespace

Region region_of(isa::Space space) {
  return space == isa::Space::Weights ? Region::Weights : Region::Activations;
}

Accesses accesses_of(const isa::Operation& operation) {
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

}  // namespace systol
