#include "hw/isa/accesses.h"

#include <fmt/format.h>

#include <algorithm>

namespace systol::isa {
namespace {

/// Adds the accesses of one operation.
struct Collect {
  Accesses& out;
  PeType pe;

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
    const std::uint64_t row = weight_row_bytes(op.columns, pe);
    read(region_of(op.space), {op.memory, op.rows, row}, row);
  }
  void operator()(const Matmul& op) const {
    write_accumulators(op.accumulator, op.rows());
    read(Region::Buffer, op.buffer, segment_bytes(op.depth, op.segments, pe));
  }
  void operator()(const MatmulOutputStationary& op) const {
    if (op.drain) {
      write_accumulators(op.accumulator, op.rows());
    }
    read(Region::Buffer, op.buffer, segment_bytes(op.depth, op.segments, pe));
  }
  void operator()(const LoadTile& op) const {
    read(Region::Buffer, op.buffer, segment_bytes(op.depth, op.segments, pe));
  }
  void operator()(const SetChannels& op) const { read_channels(op.buffer, op.columns); }
  void operator()(const SetTable& op) const {
    read(Region::Buffer, Walk(op.buffer), kTableEntries);
  }
  void operator()(const Activate& op) const {
    write(Region::Buffer, op.buffer, op.columns);
    read_accumulators(op.accumulator, op.rows());
  }
  void operator()(const ActivateSigns& op) const {
    write(Region::Buffer, op.buffer, op.row_bytes());
    read_accumulators(op.accumulator, op.rows());
  }
  void operator()(const ActivateAdd& op) const {
    write(Region::Buffer, op.buffer, op.columns);
    read_accumulators(op.accumulator, op.rows());
    read(Region::Buffer, op.residual, op.columns);
  }
  void operator()(const ActivateFloat& op) const {
    write(Region::Buffer, op.buffer, op.row_bytes());
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
  void operator()(const SoftmaxPart& op) const {
    if (op.writes()) {
      write(Region::Buffer, Walk(op.destination), op.columns);
    }
    read(Region::Buffer, Walk(op.source), op.columns);
    if (op.reads_table()) {
      read(Region::Buffer, Walk(op.table), kSoftmaxTableBytes);
    }
  }
  void operator()(const Vector& op) const {
    write(Region::Buffer, op.destination, Vector::bytes(op.wide_destination, op.columns));
    if (reads_a(op.operation)) {
      read_window(op.a, op.a_window, Vector::bytes(op.wide_a, op.columns));
    }
    if (reads_b(op.operation)) {
      read_window(op.b, op.b_window, Vector::bytes(op.wide_b, op.columns));
    }
    if (op.channels) {
      read_channels(op.planes, op.columns);
    }
    if (op.table) {
      read(Region::Buffer, Walk(op.entries), kTableEntries);
    }
  }
  /// The bytes from the first to the last where there is a window: an access has three loops.
  void read_window(const Walk& walk, const Walk& window, std::uint64_t bytes) const {
    if (window.count() == 1) {
      read(Region::Buffer, walk, bytes);
    } else {
      const std::uint64_t end = walk.end(window.end(bytes));
      read(Region::Buffer, Walk(walk.base), end == UINT64_MAX ? end : end - walk.base);
    }
  }
  void operator()(const Normalise& op) const {
    constexpr std::uint64_t kWide = 2;
    add_row(true, op.destination, op.columns, op.destination_stride, kWide);
    add_row(false, op.source, op.columns, op.source_stride, 1);
  }
  /// `columns` values of `bytes` bytes each, `stride` bytes apart, for each piece of a walk that
  /// has a loop to spare where they are not back to back.
  void add_row(bool write, Walk walk, std::uint64_t columns, std::uint64_t stride,
               std::uint64_t bytes) const {
    if (stride == bytes) {
      bytes = saturating_multiply(bytes, columns);
    } else {
      std::copy(walk.loops.begin() + 1, walk.loops.end(), walk.loops.begin());
      walk.loops.back() = {columns, stride};
    }
    out.add({Region::Buffer, write, {walk, bytes}});
  }
};

}  // namespace

Region region_of(Space space) {
  return space == Space::Weights ? Region::Weights : Region::Activations;
}

UnitSet readers_of(Region region) {
  switch (region) {
    case Region::Buffer:
      return {Unit::Weights, Unit::Store, Unit::Matrix, Unit::Activate, Unit::Vector};
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
      return {Unit::Load, Unit::Activate, Unit::Vector};
    case Region::Accumulators:
      return {Unit::Matrix};
    case Region::Weights:
    case Region::Activations:
      break;
  }
  return {Unit::Store};
}

Accesses accesses_of(const Operation& operation, PeType pe) {
  Accesses accesses;
  std::visit(Collect{accesses, pe}, operation);
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
