#include "host/compile/sparse_tiles.h"

#include <algorithm>
#include <stdexcept>

namespace systol {
namespace {

/// Rows of PEs of one group, as they are written.
class GroupRows {
 public:
  explicit GroupRows(std::uint32_t columns)
      : columns_(columns),
        row_bytes_(isa::weight_row_bytes(columns, isa::PeType::Sparse24)),
        bytes_(isa::kGroupRows * row_bytes_),
        kept_(columns) {}

  /// Weights of the group's place `place`, one for each column.
  void add(const std::int8_t* weights, std::uint32_t place) {
    for (std::uint32_t column = 0; column < columns_; ++column) {
      if (weights[column] == 0) {
        continue;
      }
      if (kept_[column] == isa::kGroupRows) {
        throw std::logic_error("a network that was not quantised for two of four weights");
      }
      std::uint8_t* row = &bytes_[kept_[column]++ * row_bytes_];
      row[column] = static_cast<std::uint8_t>(weights[column]);
      std::uint8_t& indices = row[columns_ + column / 4];
      indices = static_cast<std::uint8_t>(indices | place << column % 4 * 2);
    }
  }

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::uint32_t columns_;
  std::size_t row_bytes_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> kept_;
};

/// `depth` rows of weights, from `first` on.
void append_groups(const std::int8_t* first, std::uint32_t depth, std::uint32_t outputs,
                   std::uint32_t columns, std::vector<std::uint8_t>& image) {
  for (std::uint32_t group = 0; group < depth; group += isa::kGroupValues) {
    GroupRows rows(columns);
    for (std::uint32_t k = group; k < std::min(depth, group + isa::kGroupValues); ++k) {
      rows.add(first + std::size_t{k} * outputs, k - group);
    }
    image.insert(image.end(), rows.bytes().begin(), rows.bytes().end());
  }
}

}  // namespace

void append_sparse_tiles(const QuantMatMul& matmul, const Tiling& tiling,
                         std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t k = 0; k < tiling.row_tiles(); ++k) {
      const RowSlice slice = tiling.slice(k);
      const std::uint32_t depth = slice.depth / slice.segments;
      for (std::uint32_t segment = 0; segment < slice.segments; ++segment) {
        const std::size_t row = slice.first + std::size_t{segment} * depth;
        append_groups(&matmul.weights[row * tiling.outputs + tiling.first_column(n)], depth,
                      tiling.outputs, tiling.columns(n), image);
      }
    }
  }
}

}  // namespace systol
