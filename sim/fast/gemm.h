// Exact int8 matrix multiplication, and sums of distances or of agreeing signs in its place, as
// fast as this machine's instructions allow.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "hw/isa/pe_type.h"
#include "sim/base/thread_pool.h"

namespace systol {

/// Shapes and strides (in elements): a is [m][k], b is [k][n], c is [m][n], all row-major.
struct GemmLayout {
  std::size_t m = 0;
  std::size_t n = 0;
  std::size_t k = 0;
  std::size_t a_stride = 0;
  std::size_t b_stride = 0;
  std::size_t c_stride = 0;
  bool add = false;  ///< c += a b instead of c = a b
  auto operator<=>(const GemmLayout&) const = default;
};

enum class GemmPath : std::uint8_t {
  Plain,     ///< our own loops: any processor
  OneDnn,    ///< oneDNN, which is exact only on processors with VNNI instructions
  Distance,  ///< -|a - b| in place of each product a b: our own loops
  Signs,     ///< the products of their bits, 8 signs, in place of each: our own loops
};

/// For products oneDNN where it is exact, the plain loops elsewhere. oneDNN saturates its 16-bit
/// intermediate sums without VNNI ("Nuances of int8 computations" in its documentation), silently.
GemmPath exact_gemm_path(isa::PeOperation operation = isa::PeOperation::Multiply);

/// c (+)= a b in int32, exactly. A large product is cut into parts for the pool's threads; without
/// a pool the caller's thread is the only one.
void gemm(GemmPath path, const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
          std::int32_t* c, ThreadPool* pool = nullptr);

}  // namespace systol
