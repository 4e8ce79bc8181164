// How many multiplications of a matrix product have a zero operand.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

/// A matrix inside a larger one.
struct MatrixView {
  const std::int8_t* values;
  std::size_t stride;
  std::size_t rows;
  std::size_t columns;
};

/// Of the a.rows * a.columns * b.columns products of a b, those with a zero factor.
std::uint64_t zero_operands(const MatrixView& a, const MatrixView& b);

}  // namespace systol
