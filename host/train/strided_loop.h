// Nested loops over the values of a shape in several arrays at once.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "host/graph/shape.h"

namespace systol {

using Offset = std::ptrdiff_t;

/// Elements from one index of each axis to the next, of an array that has the shape row-major.
inline std::vector<Offset> row_major(const Shape& shape) {
  std::vector<Offset> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * static_cast<Offset>(shape[axis]);
  }
  return strides;
}

/// With a list of strides for each array; axes that every array goes through in one stride are
/// joined.
template <std::size_t kArrays>
class StridedLoop {
 public:
  using Offsets = std::array<Offset, kArrays>;

  StridedLoop(const Shape& shape, const std::array<std::vector<Offset>, kArrays>& strides) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      Offsets at{};
      for (std::size_t array = 0; array < kArrays; ++array) {
        at[array] = strides[array][axis];
      }
      add(static_cast<Offset>(shape[axis]), at);
    }
    if (extents_.empty()) {
      extents_.push_back(1);
      strides_.push_back({});
    }
    index_.resize(extents_.size() - 1);
  }

  /// Of the innermost axis.
  Offset width() const { return extents_.back(); }
  const Offsets& steps() const { return strides_.back(); }

  /// Calls `row(offsets)` for each index of the outer axes, with the offset in each array.
  template <class Row>
  void for_each_row(Row row) {
    index_.assign(index_.size(), 0);
    Offsets at{};
    while (true) {
      row(at);
      std::size_t axis = index_.size();
      while (axis > 0 && ++index_[axis - 1] == extents_[axis - 1]) {
        index_[--axis] = 0;
        move(at, axis, 1 - extents_[axis]);
      }
      if (axis == 0) {
        return;
      }
      move(at, axis - 1, 1);
    }
  }

 private:
  void add(Offset extent, const Offsets& strides) {
    if (extent == 1) {
      return;
    }
    if (!extents_.empty()) {
      bool joins = true;
      for (std::size_t array = 0; array < kArrays; ++array) {
        joins = joins && strides_.back()[array] == strides[array] * extent;
      }
      if (joins) {
        extents_.back() *= extent;
        strides_.back() = strides;
        return;
      }
    }
    extents_.push_back(extent);
    strides_.push_back(strides);
  }

  void move(Offsets& at, std::size_t axis, Offset count) const {
    for (std::size_t array = 0; array < kArrays; ++array) {
      at[array] += strides_[axis][array] * count;
    }
  }

  std::vector<Offset> extents_;
  std::vector<Offsets> strides_;
  std::vector<Offset> index_;  ///< of the outer axes
};

}  // namespace systol
