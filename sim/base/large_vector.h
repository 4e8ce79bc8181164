// A large vector whose first touches are cheap.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace systol {

/// Empty, with room for `size` values in large pages where the system has some: a vector of
/// gigabytes is touched page by page, and a large page costs little more than a small one.
template <class Value>
std::vector<Value> large_reserve(std::size_t size) {
  constexpr std::uintptr_t kLargePage = std::uintptr_t{1} << 21U;
  std::vector<Value> values;
  values.reserve(size);
  const auto first = reinterpret_cast<std::uintptr_t>(values.data());
  const std::uintptr_t begin = (first + kLargePage - 1) / kLargePage * kLargePage;
  const std::uintptr_t end = (first + size * sizeof(Value)) / kLargePage * kLargePage;
  if (begin < end) {  // it does not matter if the system declines
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  }
  return values;
}

/// `size` zeros.
template <class Value>
std::vector<Value> large_vector(std::size_t size) {
  std::vector<Value> values = large_reserve<Value>(size);
  values.resize(size);
  return values;
}

}  // namespace systol
