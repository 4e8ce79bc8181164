#include "host/import/onnx_fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "host/import/onnx_quantised.h"

namespace systol::onnx_import {
namespace {

/// A node may make at most this many values of fewer.
constexpr std::int64_t kMaxMade = std::int64_t{1} << 26;

using Indices = std::vector<std::size_t>;

std::int64_t fold_count(const Node& node, const Shape& shape) {
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  const std::int64_t count = empty ? 0 : element_count(shape, node.place());
  if (count > kMaxMade) {
    node.fail(fmt::format("its constant result has shape {}; at most {} values are supported",
                          to_string(shape), kMaxMade));
  }
  return count;
}

/// The values at the indices.
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

/// For each value of a result of `shape`, in order, the sum over its axes of starts[i] + index *
/// strides[i].
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

HostTensor spread(const Node& node, const HostTensor& from, const Shape& wide) {
  return picked(from, wide, walk(node, wide, repeated_strides(from.shape, wide), 0));
}

HostTensor fold_same(const Values& v, const Node& n) { return v.constant(n, 0); }

HostTensor fold_shape(const Values& v, const Node& n) {
  const Shape shape = v.constant(n, 0).shape;
  return {{static_cast<std::int64_t>(shape.size())}, shape};
}

HostTensor fold_cast(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  const std::int64_t type = n.integer_attribute("to", onnx::TensorProto::FLOAT);
  if (type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE ||
      type == onnx::TensorProto::FLOAT16) {
    return {from.shape, from.floats()};
  }
  if (from.integral() && type != onnx::TensorProto::BOOL) {
    return from;
  }
  Integers values;
  for (const float value : from.floats()) {
    values.push_back(type == onnx::TensorProto::BOOL
                         ? (value != 0.0F ? 1 : 0)
                         : static_cast<std::int64_t>(std::clamp(value, -0x1p62F, 0x1p62F)));
  }
  return {from.shape, std::move(values)};
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

HostTensor fold_concat(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  const std::size_t axis = n.axis(n.integer_attribute("axis", 0), result.shape.size());
  for (int i = 1; i < n.inputs(); ++i) {
    const HostTensor next = v.constant(n, i);
    Shape shape = next.shape;
    if (shape.size() == result.shape.size()) {
      shape[axis] = result.shape[axis];
    }
    if (shape != result.shape || next.integral() != result.integral()) {
      n.fail("its inputs differ in more than the axis along which they are joined");
    }
    shape[axis] += next.shape[axis];
    fold_count(n, shape);
    const auto block = [&](const Shape& of) {
      return std::accumulate(of.begin() + static_cast<std::ptrdiff_t>(axis), of.end(),
                             std::int64_t{1}, std::multiplies<>());
    };
    std::visit(
        [&](auto& held) {
          std::decay_t<decltype(held)> joined;
          const auto& other = std::get<std::decay_t<decltype(held)>>(next.values);
          const auto mine = block(result.shape);
          const auto yours = block(next.shape);
          for (auto a = held.cbegin(), b = other.cbegin(); a != held.cend() || b != other.cend();) {
            auto b_end = b;
            joined.insert(joined.end(), a, a + mine);
            joined.insert(joined.end(), b, b_end + yours);
            a += mine;
            b = b_end + yours;
          }
          held = std::move(joined);
        },
        result.values);
    result.shape = shape;
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
  const auto middle = from.shape.begin() + static_cast<std::ptrdiff_t>(axis);
  Shape shape(from.shape.begin(), middle);
  shape.insert(shape.end(), at.shape.begin(), at.shape.end());
  shape.insert(shape.end(), middle + 1, from.shape.end());
  fold_count(n, shape);
  const std::int64_t inner =
      std::accumulate(middle + 1, from.shape.end(), std::int64_t{1}, std::multiplies<>());
  const std::int64_t outer =
      std::accumulate(from.shape.begin(), middle, std::int64_t{1}, std::multiplies<>());
  Indices indices;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t index : std::get<1>(at.values)) {
      const std::int64_t row = index < 0 ? index + *middle : index;
      if (row < 0 || row >= *middle) {
        n.fail(fmt::format("index {} of an axis of extent {}", index, *middle));
      }
      for (std::int64_t i = 0; i < inner; ++i) {
        indices.push_back(static_cast<std::size_t>((o * *middle + row) * inner + i));
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

HostTensor fold_range(const Values& v, const Node& n) {
  const std::vector<float> start = v.constant(n, 0).floats();
  const std::vector<float> limit = v.constant(n, 1).floats();
  const std::vector<float> delta = v.constant(n, 2).floats();
  if (start.size() != 1 || limit.size() != 1 || delta.size() != 1 || delta[0] == 0.0F) {
    n.fail("its start, limit and delta are not single numbers, or delta is 0");
  }
  const double from = start[0];
  const double step = delta[0];
  const double count = std::max(0.0, std::ceil((static_cast<double>(limit[0]) - from) / step));
  if (!(count <= static_cast<double>(kMaxMade))) {
    n.fail(fmt::format("it makes {} values; at most {} are supported", count, kMaxMade));
  }
  std::vector<float> values;
  for (double i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(from + i * step));
  }
  const Shape shape = {static_cast<std::int64_t>(values.size())};
  if (v.constant(n, 0).integral()) {
    return {shape, Integers(values.begin(), values.end())};
  }
  return {shape, std::move(values)};
}

HostTensor fold_where(const Values& v, const Node& n) {
  const HostTensor condition = v.constant(n, 0);
  const HostTensor yes = v.constant(n, 1);
  const HostTensor no = v.constant(n, 2);
  const Shape shape = broadcast(n, broadcast(n, condition.shape, yes.shape), no.shape);
  const std::vector<float> mask = spread(n, condition, shape).floats();
  HostTensor result = spread(n, yes, shape);
  const HostTensor other = spread(n, no, shape);
  if (result.integral() != other.integral()) {
    n.fail("its two values are of different types");
  }
  std::visit(
      [&](auto& held) {
        const auto& otherwise = std::get<std::decay_t<decltype(held)>>(other.values);
        for (std::size_t i = 0; i < held.size(); ++i) {
          held[i] = mask[i] != 0.0F ? held[i] : otherwise[i];
        }
      },
      result.values);
  return result;
}

/// Whole numbers wrap round as ONNX's do, and their quotients are rounded to 0.
std::int64_t of_integers(const Node& node, std::int64_t a, std::int64_t b) {
  const auto ua = static_cast<std::uint64_t>(a);
  const auto ub = static_cast<std::uint64_t>(b);
  switch (node.op()[0] == 'M' ? node.op()[1] : node.op()[0]) {
    case 'A':  // Add
      return static_cast<std::int64_t>(ua + ub);
    case 'S':  // Sub
      return static_cast<std::int64_t>(ua - ub);
    case 'u':  // Mul
      return static_cast<std::int64_t>(ua * ub);
    case 'E':  // Equal
      return a == b ? 1 : 0;
    case 'i':  // Min
      return std::min(a, b);
    case 'a':  // Max
      return std::max(a, b);
    default:  // Div
      if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min())) {
        node.fail(fmt::format("it divides {} by {}", a, b));
      }
      return a / b;
  }
}

float of_floats(const Node& node, float a, float b) {
  switch (node.op()[0] == 'M' ? node.op()[1] : node.op()[0]) {
    case 'A':
      return a + b;
    case 'S':
      return a - b;
    case 'u':
      return a * b;
    case 'E':
      return a == b ? 1.0F : 0.0F;
    case 'i':
      return std::min(a, b);
    case 'a':
      return std::max(a, b);
    case 'P':
      return std::pow(a, b);
    default:
      return a / b;
  }
}

HostTensor combined(const Node& n, const HostTensor& a, const HostTensor& b) {
  const Shape shape = broadcast(n, a.shape, b.shape);
  const HostTensor left = spread(n, a, shape);
  const HostTensor right = spread(n, b, shape);
  if (left.integral() && right.integral() && n.op() != "Pow") {
    Integers values;
    for (std::size_t i = 0; i < left.size(); ++i) {
      values.push_back(of_integers(n, std::get<1>(left.values)[i], std::get<1>(right.values)[i]));
    }
    return {shape, std::move(values)};
  }
  std::vector<float> values = left.floats();
  const std::vector<float> others = right.floats();
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = of_floats(n, values[i], others[i]);
  }
  if (n.op() == "Equal" || left.integral()) {
    return {shape, Integers(values.begin(), values.end())};
  }
  return {shape, std::move(values)};
}

HostTensor fold_binary(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  for (int i = 1; i < n.inputs(); ++i) {
    result = combined(n, result, v.constant(n, i));
  }
  return result;
}

HostTensor fold_unary(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  if (auto* whole = std::get_if<Integers>(&from.values); whole != nullptr && n.op() != "Sqrt") {
    for (std::int64_t& value : *whole) {
      const auto magnitude = static_cast<std::uint64_t>(value);
      value = n.op() == "Not" ? (value == 0 ? 1 : 0)
              : n.op() == "Neg" || (n.op() == "Abs" && value < 0)
                  ? static_cast<std::int64_t>(-magnitude)
                  : value;
    }
    return from;
  }
  std::vector<float> values = from.floats();
  for (float& value : values) {
    value = n.op() == "Neg"          ? -value
            : n.op() == "Abs"        ? std::abs(value)
            : n.op() == "Sqrt"       ? std::sqrt(value)
            : n.op() == "Exp"        ? std::exp(value)
            : n.op() == "Floor"      ? std::floor(value)
            : n.op() == "Ceil"       ? std::ceil(value)
            : n.op() == "Reciprocal" ? 1.0F / value
                                     : value;
  }
  return {from.shape, std::move(values)};
}

HostTensor fold_size(const Values& v, const Node& n) {
  return {{}, Integers{static_cast<std::int64_t>(v.constant(n, 0).size())}};
}

HostTensor fold_product(const Values& v, const Node& n) {
  const Integers values = v.integers(n, 0);
  std::uint64_t product = 1;
  for (const std::int64_t value : values) {
    product *= static_cast<std::uint64_t>(value);
  }
  const bool keep = n.integer_attribute("keepdims", 1) != 0;
  return {keep ? Shape{1} : Shape{}, Integers{static_cast<std::int64_t>(product)}};
}

HostTensor fold_constant(const Values&, const Node& n) {
  return read_tensor(constant_of(n), n.place());
}

using Fold = HostTensor (*)(const Values&, const Node&);

const std::map<std::string_view, Fold>& folds() {
  static const std::map<std::string_view, Fold> table = {
      {"Abs", fold_unary},
      {"Add", fold_binary},
      {"Cast", fold_cast},
      {"Ceil", fold_unary},
      {"Concat", fold_concat},
      {"Constant", fold_constant},
      {"ConstantOfShape", fold_constant_of_shape},
      {"DequantizeLinear", dequantised},
      {"Div", fold_binary},
      {"Dropout", fold_same},
      {"Equal", fold_binary},
      {"Exp", fold_unary},
      {"Expand", fold_expand},
      {"Flatten", fold_flatten},
      {"Floor", fold_unary},
      {"Gather", fold_gather},
      {"Identity", fold_same},
      {"Max", fold_binary},
      {"Min", fold_binary},
      {"Mul", fold_binary},
      {"Neg", fold_unary},
      {"Not", fold_unary},
      {"Pow", fold_binary},
      {"QuantizeLinear", quantised},
      {"Range", fold_range},
      {"Reciprocal", fold_unary},
      {"ReduceProd", fold_product},
      {"Reshape", fold_reshape},
      {"Shape", fold_shape},
      {"Size", fold_size},
      {"Slice", fold_slice},
      {"Sqrt", fold_unary},
      {"Squeeze", fold_squeeze},
      {"Sub", fold_binary},
      {"Transpose", fold_transpose},
      {"Unsqueeze", fold_unsqueeze},
      {"Where", fold_where}};
  return table;
}

}  // namespace

std::optional<HostTensor> folded(const Values& values, const Node& node) {
  const auto found = folds().find(node.op());
  if (found == folds().end() || !(values.all_constant(node) || node.op() == "Constant")) {
    return std::nullopt;
  }
  return found->second(values, node);
}

std::vector<std::string_view> folded_operators() {
  std::vector<std::string_view> names;
  for (const auto& entry : folds()) {
    names.push_back(entry.first);
  }
  return names;
}

}  // namespace systol::onnx_import
