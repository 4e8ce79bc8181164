// Values moved so that their axes lie in another order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/graph/shape.h"

namespace systol {

/// Values of `shape`, row-major, as they lie with the axes in `order`, from the outermost to the
/// innermost. An axis that `order` leaves out has an extent of 1.
template <class Value>
std::vector<Value> reordered(const std::vector<Value>& values, const Shape& shape,
                             const std::vector<std::size_t>& order) {
  std::vector<std::size_t> strides(shape.size(), 1);  // of the source
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * static_cast<std::size_t>(shape[axis]);
  }
  std::vector<Value> result(values.size());
  std::vector<std::int64_t> at(order.size());
  std::size_t from = 0;
  for (Value& value : result) {
    value = values[from];
    for (std::size_t i = order.size(); i-- > 0;) {
      from += strides[order[i]];
      if (++at[i] < shape[order[i]]) {
        break;
      }
      from -= strides[order[i]] * static_cast<std::size_t>(at[i]);
      at[i] = 0;
    }
  }
  return result;
}

}  // namespace systol
