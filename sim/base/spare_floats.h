// The memory of a large vector that is gone, for the next one.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace systol {

/// Large vectors that are made one after another share their memory: the system's first touch of a
/// page takes longer than all that is done with it. Threads may share it.
class SpareFloats {
 public:
  /// The one of this process.
  static SpareFloats& shared() {
    static SpareFloats spare;
    return spare;
  }

  /// Empty, with room for `size` values.
  std::vector<float> take(std::size_t size) {
    std::vector<float> values;
    {
      const std::scoped_lock lock(mutex_);
      values = std::exchange(spare_, {});
    }
    if (values.capacity() < size) {
      values = {};  // before there is memory for both
    }
    values.clear();
    values.reserve(size);
    return values;
  }

  /// The larger one of those that nobody needs is kept.
  void give(std::vector<float> values) {
    const std::scoped_lock lock(mutex_);
    if (values.capacity() > spare_.capacity()) {
      spare_ = std::move(values);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<float> spare_;
};

}  // namespace systol
