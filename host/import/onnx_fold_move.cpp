// Constants that are moved, repeated and joined.
#include <fmt/format.h>

#include <algorithm>

#include "host/graph/reordered.h"
#include "host/import/onnx_folds.h"

namespace systol::onnx_import {
namespace {

/// A node may make at most this many values of fewer.
constexpr std::int64_t kMaxMade = std::int64_t{1} << 26;

std::int64_t product_of(const Shape& shape, std::size_t from, std::size_t to) {
  std::int64_t result = 1;
  for (std::size_t axis = from; axis < to; ++axis) {
    result *= shape[axis];
  }
  return result;
}

/// For each value of a result of `shape`, in order, where it comes from: `start` and, for each
/// axis, its stride times the index.
Indices walk(const Node& node, const Shape& shape, const Integers& strides, std::int64_t start) {
  Indices indices(static_cast<std::size_t>(fold_count(node, shape)));
  Integers at(shape.size());
  std::int64_t index = start;
  for (std::size_t& result : indices) {
    result = static_cast<std::size_t>(index);
    for (std::size_t i = shape.size(); i-- > 0;) {
      index += strides[i];
      if (++at[i] < shape[i]) {
        break;
      }
      index -= strides[i] * at[i];
      at[i] = 0;
    }
  }
  return indices;
}

Integers strides_of(const Shape& shape) {
  Integers strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

/// Strides over a value of `shape` that is repeated to `wide`: 0 where it is repeated.
Integers repeated_strides(const Shape& shape, const Shape& wide) {
  const Integers own = strides_of(shape);
  Integers strides(wide.size(), 0);
  for (std::size_t i = 1; i <= shape.size(); ++i) {
    strides[wide.size() - i] = shape[shape.size() - i] == 1 ? 0 : own[own.size() - i];
  }
  return strides;
}

/// `b` after `a` in blocks of so many values each.
template <class Value>
std::vector<Value> interleaved(const std::vector<Value>& a, std::size_t block_a,
                               const std::vector<Value>& b, std::size_t block_b) {
  std::vector<Value> result;
  result.reserve(a.size() + b.size());
  const std::size_t blocks =
      block_a > 0 ? a.size() / block_a : b.size() / std::max<std::size_t>(block_b, 1);
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto at_a = a.begin() + static_cast<std::ptrdiff_t>(i * block_a);
    const auto at_b = b.begin() + static_cast<std::ptrdiff_t>(i * block_b);
    result.insert(result.end(), at_a, at_a + static_cast<std::ptrdiff_t>(block_a));
    result.insert(result.end(), at_b, at_b + static_cast<std::ptrdiff_t>(block_b));
  }
  return result;
}

/// `a` and `b` joined along the axis.
HostTensor joined_constants(const Node& n, const HostTensor& a, const HostTensor& b,
                            std::size_t axis) {
  Shape shape = b.shape;
  if (shape.size() == a.shape.size()) {
    shape[axis] = a.shape[axis];
  }
  if (shape != a.shape || b.integral() != a.integral()) {
    n.fail("its inputs differ in more than the axis along which they are joined");
  }
  shape[axis] += b.shape[axis];
  fold_count(n, shape);
  const auto block = [&](const Shape& of) {
    return static_cast<std::size_t>(product_of(of, axis, of.size()));
  };
  return std::visit(
      [&](const auto& held) -> HostTensor {
        const auto& other = std::get<std::decay_t<decltype(held)>>(b.values);
        return {shape, interleaved(held, block(a.shape), other, block(b.shape))};
      },
      a.values);
}

}  // namespace

std::int64_t fold_count(const Node& node, const Shape& shape) {
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  const std::int64_t count = empty ? 0 : element_count(shape, node.place());
  if (count > kMaxMade) {
    node.fail(fmt::format("its constant result has shape {}; at most {} values are supported",
                          to_string(shape), kMaxMade));
  }
  return count;
}

HostTensor picked(const HostTensor& from, Shape shape, const Indices& indices) {
  return std::visit(
      [&](const auto& held) -> HostTensor {
        std::decay_t<decltype(held)> values;
        values.reserve(indices.size());
        for (const std::size_t index : indices) {
          values.push_back(held[index]);
        }
        return {std::move(shape), std::move(values)};
      },
      from.values);
}

HostTensor spread(const Node& node, const HostTensor& from, const Shape& wide) {
  return picked(from, wide, walk(node, wide, repeated_strides(from.shape, wide), 0));
}

HostTensor fold_same(const Values& v, const Node& n) { return v.constant(n, 0); }

HostTensor fold_shape(const Values& v, const Node& n) {
  const Shape shape = v.constant(n, 0).shape;
  return {{static_cast<std::int64_t>(shape.size())}, shape};
}

HostTensor fold_size(const Values& v, const Node& n) {
  return {{}, Integers{static_cast<std::int64_t>(v.constant(n, 0).size())}};
}

HostTensor fold_reshape(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  from.shape = reshaped(n, from.shape, v.list(n, 1, "shape").value_or(Integers{}));
  return from;
}

HostTensor fold_flatten(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  from.shape = flattened(n, from.shape);
  return from;
}

HostTensor fold_squeeze(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  const auto axes = squeezed_axes(n, from.shape, v.list(n, 1, "axes"));
  for (std::size_t i = axes.size(); i-- > 0;) {
    from.shape.erase(from.shape.begin() + static_cast<std::ptrdiff_t>(axes[i]));
  }
  return from;
}

HostTensor fold_unsqueeze(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  const Integers axes = v.list(n, 1, "axes").value_or(Integers{});
  for (const std::size_t axis : unsqueezed_axes(n, from.shape.size(), axes)) {
    from.shape.insert(from.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  }
  return from;
}

HostTensor fold_transpose(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  const Integers own = strides_of(from.shape);
  Shape shape;
  Integers strides;
  for (const std::size_t axis : transposed_axes(n, from.shape.size())) {
    shape.push_back(from.shape[axis]);
    strides.push_back(own[axis]);
  }
  return picked(from, shape, walk(n, shape, strides, 0));
}

Weights transposed_later(const Values& v, const Node& n) {
  Weights weights = v.weights(n, 0);
  const auto axes = transposed_axes(n, weights.shape.size());
  Shape shape;
  shape.reserve(axes.size());
  for (const std::size_t axis : axes) {
    shape.push_back(weights.shape[axis]);
  }
  weights.change([from = weights.shape, axes](const std::vector<float>& values) {
    return reordered(values, from, axes);
  });
  return {std::move(shape), {}, std::move(weights.source)};
}

HostTensor fold_concat(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  const std::size_t axis = n.axis(n.integer_attribute("axis", 0), result.shape.size());
  for (int i = 1; i < n.inputs(); ++i) {
    result = joined_constants(n, result, v.constant(n, i), axis);
  }
  return result;
}

HostTensor fold_gather(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  const HostTensor at = v.constant(n, 1);
  const std::size_t axis = n.axis(n.integer_attribute("axis", 0), from.shape.size());
  if (!at.integral()) {
    n.fail("its indices are no whole numbers");
  }
  Shape shape(from.shape.begin(), from.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), at.shape.begin(), at.shape.end());
  shape.insert(shape.end(), from.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1,
               from.shape.end());
  fold_count(n, shape);
  const std::int64_t extent = from.shape[axis];
  const std::int64_t outer = product_of(from.shape, 0, axis);
  const std::int64_t inner = product_of(from.shape, axis + 1, from.shape.size());
  Indices indices;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t index : std::get<1>(at.values)) {
      const std::int64_t row = index < 0 ? index + extent : index;
      if (row < 0 || row >= extent) {
        n.fail(fmt::format("index {} of an axis of extent {}", index, extent));
      }
      for (std::int64_t i = 0; i < inner; ++i) {
        indices.push_back(static_cast<std::size_t>((o * extent + row) * inner + i));
      }
    }
  }
  return picked(from, shape, indices);
}

HostTensor fold_slice(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  const Slice slice =
      sliced(n, from.shape, v.list(n, 1, "starts").value_or(Integers{}),
             v.list(n, 2, "ends").value_or(Integers{}), v.list(n, 3, "axes"), v.list(n, 4, ""));
  Integers strides = strides_of(from.shape);
  std::int64_t start = 0;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    start += slice.starts[i] * strides[i];
    strides[i] *= slice.steps[i];
  }
  return picked(from, slice.sizes, walk(n, slice.sizes, strides, start));
}

HostTensor fold_expand(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  return spread(n, from, broadcast(n, from.shape, v.integers(n, 1)));
}

/// All of it, so many times along each axis.
HostTensor fold_tile(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  const Integers times = v.integers(n, 1);
  if (times.size() != from.shape.size() ||
      std::ranges::any_of(times, [](auto t) { return t < 0; })) {
    n.fail(fmt::format("its repeats {} are not one number from 0 for each axis of {}",
                       to_string(times), to_string(from.shape)));
  }
  HostTensor apart{{}, from.values};  // each axis with one of extent 1 before it, which repeats
  Shape wide;
  Shape shape;
  for (std::size_t axis = 0; axis < times.size(); ++axis) {
    apart.shape.insert(apart.shape.end(), {1, from.shape[axis]});
    wide.insert(wide.end(), {times[axis], from.shape[axis]});
  }
  fold_count(n, wide);
  for (std::size_t axis = 0; axis < times.size(); ++axis) {
    shape.push_back(times[axis] * from.shape[axis]);
  }
  HostTensor result = spread(n, apart, wide);
  result.shape = std::move(shape);
  return result;
}

HostTensor fold_constant_of_shape(const Values& v, const Node& n) {
  const Shape shape = v.integers(n, 0);
  HostTensor value{{1}, std::vector<float>{0.0F}};
  if (const auto* given = n.attribute("value"); given != nullptr && given->has_t()) {
    value = read_tensor(given->t(), n.place() + ": its value");
  }
  if (value.size() != 1) {
    n.fail("its value is not one number");
  }
  return picked(value, shape, Indices(static_cast<std::size_t>(fold_count(n, shape)), 0));
}

}  // namespace systol::onnx_import
