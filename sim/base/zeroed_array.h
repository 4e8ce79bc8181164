// A large array of zeros that costs nothing until it is used.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <type_traits>

namespace systol {

/// The system hands out zero pages on first touch; a std::vector would write them all. Simulated
/// memories are often far larger than what a program uses of them.
template <class T>
class ZeroedArray {
  static_assert(std::is_trivial_v<T>);

 public:
  explicit ZeroedArray(std::size_t size) : bytes_(std::max<std::size_t>(1, size) * sizeof(T)) {
    void* pages =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
      throw std::bad_alloc();
    }
    values_ = static_cast<T*>(pages);
  }
  ~ZeroedArray() { ::munmap(values_, bytes_); }
  ZeroedArray(const ZeroedArray&) = delete;
  ZeroedArray& operator=(const ZeroedArray&) = delete;

  T* data() { return values_; }
  T& operator[](std::size_t index) { return values_[index]; }

 private:
  std::size_t bytes_;
  T* values_ = nullptr;
};

}  // namespace systol
