// How many multiplications of a matrix product have a zero operand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace systol {

/// A matrix inside a larger one.
struct MatrixView {
  const std::int8_t* values;
  std::size_t stride;
  std::size_t rows;
  std::size_t columns;

  bool operator==(const MatrixView&) const = default;
};

/// Counts products with a zero factor. Activations are multiplied by one column tile of weights
/// after another; what was counted in them is kept until they change.
class ZeroOperands {
 public:
  /// Of the a.rows * a.columns * b.columns products of a b, those with a zero factor.
  std::uint64_t count(const MatrixView& a, const MatrixView& b);

  /// Values of matrices `a` have changed: all that lie in [first, end), and maybe more.
  void changed(const std::int8_t* first, const std::int8_t* end);

 private:
  struct Counted {
    MatrixView matrix;
    std::vector<std::uint32_t> nonzero;  ///< per column
  };

  const std::vector<std::uint32_t>& nonzero_per_column(const MatrixView& a);

  std::vector<Counted> counted_;
};

}  // namespace systol
