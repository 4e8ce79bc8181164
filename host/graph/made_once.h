// Values that are made when somebody asks for them first.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace systol {

/// Several threads may ask at once. What `make` throws is thrown to whoever asks.
class MadeOnce {
 public:
  /// `make` makes `size` values.
  MadeOnce(std::size_t size, std::function<std::vector<float>()> make)
      : size_(size), make_(std::move(make)) {}

  std::size_t size() const { return size_; }
  const std::vector<float>& get() const {
    std::call_once(flag_, [this] { values_ = make_(); });
    return values_;
  }

 private:
  std::size_t size_;
  std::function<std::vector<float>()> make_;
  mutable std::once_flag flag_;
  mutable std::vector<float> values_;
};

}  // namespace systol
