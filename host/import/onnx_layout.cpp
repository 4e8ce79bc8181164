#include "host/import/onnx_layout.h"

#include <algorithm>

namespace systol::onnx_import {

Shape extents(const Shape& shape, const Order& order) {
  Shape result;
  for (const std::size_t axis : order) {
    result.push_back(shape[axis]);
  }
  return result;
}

Order row_major(std::size_t rank, std::optional<std::size_t> batch) {
  Order order;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (axis != batch) {
      order.push_back(axis);
    }
  }
  return order;
}

bool lie_alike(const Shape& shape, const Order& a, const Order& b) {
  const auto wide = [&](const Order& order) {
    Order result;
    std::ranges::copy_if(order, std::back_inserter(result),
                         [&](std::size_t axis) { return shape[axis] != 1; });
    return result;
  };
  return wide(a) == wide(b);
}

std::vector<std::int64_t> permutation(const Order& order, const Order& wanted) {
  std::vector<std::int64_t> result;
  for (const std::size_t axis : wanted) {
    result.push_back(std::ranges::find(order, axis) - order.begin());
  }
  return result;
}

void drop_unit_axes(const std::vector<std::size_t>& axes, Activation& value) {
  for (std::size_t i = axes.size(); i-- > 0;) {
    const std::size_t gone = axes[i];
    value.shape.erase(value.shape.begin() + static_cast<std::ptrdiff_t>(gone));
    std::erase(value.order, gone);
    for (std::size_t& axis : value.order) {
      axis -= axis > gone ? 1 : 0;
    }
    if (value.batch == gone) {
      value.batch.reset();
    } else if (value.batch && *value.batch > gone) {
      --*value.batch;
    }
  }
}

void insert_unit_axes(const std::vector<std::size_t>& axes, Activation& value) {
  for (const std::size_t fresh : axes) {
    value.shape.insert(value.shape.begin() + static_cast<std::ptrdiff_t>(fresh), 1);
    for (std::size_t& axis : value.order) {
      axis += axis >= fresh ? 1 : 0;
    }
    if (value.batch && *value.batch >= fresh) {
      ++*value.batch;
    }
    value.order.insert(value.order.begin(), fresh);
  }
}

Order channels_last(std::size_t rank) {
  Order order = row_major(rank, 0);
  std::rotate(order.begin(), order.begin() + 1, order.end());
  return order;
}

}  // namespace systol::onnx_import
