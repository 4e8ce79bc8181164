#include "host/report/array_use.h"

#include <variant>

namespace systol {

void ArrayUse::add(const isa::Operation& operation) {
  if (const auto* matmul = std::get_if<isa::Matmul>(&operation)) {
    corners_[{matmul->depth, matmul->columns}] += matmul->rows();
  } else if (const auto* in_place = std::get_if<isa::MatmulOutputStationary>(&operation)) {
    corners_[{in_place->rows(), in_place->columns}] += in_place->depth;
  }
}

std::vector<std::uint64_t> ArrayUse::pes(std::uint32_t rows, std::uint32_t columns) const {
  std::vector<std::uint64_t> work(std::size_t{rows} * columns);
  const auto at = [&](std::size_t row, std::size_t column) -> std::uint64_t& {
    return work[row * columns + column];
  };
  for (const auto& [corner, steps] : corners_) {
    if (corner.first > 0 && corner.second > 0) {
      at(corner.first - 1, corner.second - 1) += steps;
    }
  }
  // A corner's steps are those of all PEs above and to the left of its last one.
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = columns - 1; column-- > 0;) {
      at(row, column) += at(row, column + 1);
    }
  }
  for (std::size_t row = rows - 1; row-- > 0;) {
    for (std::size_t column = 0; column < columns; ++column) {
      at(row, column) += at(row + 1, column);
    }
  }
  return work;
}

}  // namespace systol
