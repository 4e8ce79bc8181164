// Products of whole matrices in integers: what those of an array of bf16 are checked against.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace systol::soft_float {

/// soft_float::multiply_add, of operands as they mostly are in a few integer operations.
std::uint32_t quick_multiply_add(std::uint32_t sum, std::uint16_t a, std::uint16_t b);

struct SoftMatmul {
  std::size_t rows = 0;
  std::size_t depth = 0;
  std::size_t columns = 0;
  std::size_t piece = 0;  ///< of the depth: the array's rows
};

/// a is [rows][depth], b [columns][depth] and c [rows][columns]. Each value is the sum of the
/// pieces of its depth, in their order; a piece begins with 0 and takes one product after another
/// (docs/numerics.md).
void multiply(const SoftMatmul& shape, std::span<const std::uint16_t> a,
              std::span<const std::uint16_t> b, std::span<std::uint32_t> c, unsigned threads = 1);

}  // namespace systol::soft_float
