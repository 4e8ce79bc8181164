// Activation rows in a row: copies of those that lie in pieces or in loops within loops.
#pragma once

#include <cstdint>
#include <vector>

#include "hw/isa/command.h"
#include "sim/fast/zero_operands.h"

namespace systol {

/// A convolution's rows are multiplied by one column tile of weights after another: what was
/// gathered is kept until the buffer changes.
class GatheredRows {
 public:
  /// `counted` is told of copies that go.
  explicit GatheredRows(ZeroOperands& counted) : counted_(counted) {}

  /// The rows of `matmul` in `buffer`, the unified buffer; good until the next call. The stride is
  /// in bytes, whatever a value of the type has of them. Places of a group that a segment leaves
  /// empty are 0.
  MatrixView rows(const isa::Matmul& matmul, const std::int8_t* buffer, isa::PeType pe);

  /// Bytes of the buffer in [first, end) have changed.
  void changed(std::uint64_t first, std::uint64_t end);

 private:
  struct Copy {
    isa::Walk walk;
    std::uint32_t depth = 0;
    std::uint32_t segments = 0;
    std::uint64_t end = 0;  ///< of the bytes that it was made of
    std::vector<std::int8_t> values;
  };

  void forget(const Copy& copy);

  ZeroOperands& counted_;
  std::vector<Copy> copies_;
  std::size_t bytes_ = 0;
};

}  // namespace systol
