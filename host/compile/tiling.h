// How a matmul's or a convolution's weights are cut into tiles of the array's size.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "host/compile/part.h"
#include "hw/isa/pe_type.h"

namespace systol {

constexpr std::uint64_t divided_up(std::uint64_t value, std::uint64_t by) {
  return (value + by - 1) / by;
}

/// Values of an activation row that meet one tile of weights: `segments` of them, each of
/// depth / segments bytes, `segment_stride` bytes apart from `offset` on. Offsets count from where
/// the row's first value lies.
struct RowSlice {
  std::uint32_t first = 0;  ///< row of the weights that its first value meets
  std::uint32_t depth = 0;
  std::uint32_t segments = 1;
  std::uint64_t offset = 0;
  std::uint64_t segment_stride = 0;
  bool operator==(const RowSlice&) const = default;
};

/// The same values where image rows are `to` bytes apart instead of `from`.
constexpr RowSlice at_row_bytes(RowSlice slice, std::uint64_t from, std::uint64_t to) {
  const auto moved = [&](std::uint64_t offset) { return offset / from * to + offset % from; };
  // A segment may begin nearer to its row's start than the one before it: the distance alone does
  // not say how many rows it spans.
  slice.segment_stride = moved(slice.offset + slice.segment_stride) - moved(slice.offset);
  slice.offset = moved(slice.offset);
  return slice;
}

/// Bytes that lie together: a row of values is a list of them.
struct ByteRun {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool operator==(const ByteRun&) const = default;
};

/// Of sparse weights: the values of a group, and those after which groups begin anew; 0 where all
/// runs are whole groups.
struct GroupedValues {
  std::uint32_t group = 1;
  std::uint64_t run = 0;
};

/// Cuts a row of these runs into slices of at most `most` values, as few as equal segments allow.
/// Where there are groups slices cut none, and each segment counts as the groups that it begins.
std::vector<RowSlice> slices_of(const std::vector<ByteRun>& runs, std::uint32_t most,
                                GroupedValues groups = {});

/// How K x N weights are cut: tile (k, n) covers slice k of the rows and, from first_column(n) on,
/// columns(n) columns. With `groups` the columns are as many parts, each with inputs of its own.
struct Tiling {
  std::uint32_t inputs = 0;   ///< K; of one group
  std::uint32_t outputs = 0;  ///< N; of all groups
  std::uint32_t tile_rows = 0;
  std::uint32_t tile_columns = 0;
  std::uint32_t groups = 1;
  std::uint64_t group_stride = 0;     ///< bytes from a group's inputs to those of the next
  std::vector<RowSlice> uneven = {};  ///< empty where slices are tile_rows values that lie together

  std::uint32_t row_tiles() const {
    return uneven.empty() ? (inputs + tile_rows - 1) / tile_rows
                          : static_cast<std::uint32_t>(uneven.size());
  }
  RowSlice slice(std::uint32_t k) const {
    if (!uneven.empty()) {
      return uneven[k];
    }
    const std::uint32_t first = k * tile_rows;
    return {first, std::min(tile_rows, inputs - first), 1, first, 0};
  }
  std::uint32_t depth(std::uint32_t k) const { return slice(k).depth; }
  /// PE rows of slice `k`, and of all slices before it.
  std::uint32_t tile_pe_rows(std::uint32_t k, isa::PeType pe) const {
    const RowSlice of = slice(k);
    return static_cast<std::uint32_t>(isa::fed_depth(of.depth, of.segments, pe));
  }
  std::uint64_t pe_rows_before(std::uint32_t k, isa::PeType pe) const {
    if (!isa::is_sparse(pe) || uneven.empty()) {  // all but the last slice are whole groups
      const std::uint64_t first = k < row_tiles() ? slice(k).first : inputs;
      return isa::fed_depth(first, 1, pe);
    }
    std::uint64_t rows = 0;
    for (std::uint32_t before = 0; before < k; ++before) {
      rows += tile_pe_rows(before, pe);
    }
    return rows;
  }

  std::uint32_t group_tiles() const { return (outputs / groups + tile_columns - 1) / tile_columns; }
  std::uint32_t column_tiles() const { return groups * group_tiles(); }
  std::uint32_t group(std::uint32_t n) const { return n / group_tiles(); }
  std::uint32_t first_column(std::uint32_t n) const {
    return group(n) * (outputs / groups) + n % group_tiles() * tile_columns;
  }
  /// Bytes of a row of all weights before column tile `n`, where each tile's rows are packed.
  std::uint64_t row_bytes_before(std::uint32_t n, isa::PeType pe) const {
    const std::uint64_t whole = isa::weight_row_bytes(tile_columns, pe);
    const std::uint32_t ragged = outputs / groups - (group_tiles() - 1) * tile_columns;
    const std::uint64_t of_group = (group_tiles() - 1) * whole + isa::weight_row_bytes(ragged, pe);
    return group(n) * of_group + n % group_tiles() * whole;
  }
  std::uint32_t columns(std::uint32_t n) const {
    return std::min(tile_columns, (group(n) + 1) * (outputs / groups) - first_column(n));
  }
  /// The column tile that a column is in.
  std::uint32_t tile_of(std::uint32_t column) const {
    const std::uint32_t each = outputs / groups;
    return column / each * group_tiles() + column % each / tile_columns;
  }
  /// The columns of column tile `n` and those after it, `count` tiles or as many as there are.
  Span columns_together(std::uint32_t n, std::uint32_t count) const {
    const std::uint32_t last = n + std::min(count, column_tiles() - n) - 1;
    return {first_column(n), std::uint64_t{first_column(last)} + columns(last)};
  }
  bool operator==(const Tiling&) const = default;
};

}  // namespace systol
