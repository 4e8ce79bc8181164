// Constants that are computed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "host/import/onnx_folds.h"

namespace systol::onnx_import {
namespace {

/// Values of a Range.
constexpr std::int64_t kMaxRange = std::int64_t{1} << 26;

using OfIntegers = std::int64_t (*)(std::int64_t, std::int64_t);
using OfFloats = float (*)(float, float);

/// What a node computes of two numbers; whole ones wrap round.
struct Arithmetic {
  OfIntegers integers;  ///< null where it computes in float32
  OfFloats floats;
};

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// Rounded to 0; of two numbers of which the second is neither 0 nor -1.
std::int64_t quotient(std::int64_t a, std::int64_t b) { return b == -1 ? number(-bits(a)) : a / b; }

/// With the sign of the second, which is not 0.
std::int64_t remainder(std::int64_t a, std::int64_t b) {
  const std::int64_t left = b == -1 ? 0 : a % b;
  return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}

const Arithmetic& arithmetic_of(const std::string& op) {
  static const std::map<std::string, Arithmetic> table = {
      {"Add",
       {[](std::int64_t a, std::int64_t b) { return number(bits(a) + bits(b)); },
        [](float a, float b) { return a + b; }}},
      {"Sub",
       {[](std::int64_t a, std::int64_t b) { return number(bits(a) - bits(b)); },
        [](float a, float b) { return a - b; }}},
      {"Mul",
       {[](std::int64_t a, std::int64_t b) { return number(bits(a) * bits(b)); },
        [](float a, float b) { return a * b; }}},
      {"Div", {quotient, [](float a, float b) { return a / b; }}},
      {"Min",
       {[](std::int64_t a, std::int64_t b) { return std::min(a, b); },
        [](float a, float b) { return std::min(a, b); }}},
      {"Max",
       {[](std::int64_t a, std::int64_t b) { return std::max(a, b); },
        [](float a, float b) { return std::max(a, b); }}},
      {"Equal",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a == b}; },
        [](float a, float b) { return a == b ? 1.0F : 0.0F; }}},
      {"Greater",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a > b}; },
        [](float a, float b) { return a > b ? 1.0F : 0.0F; }}},
      {"GreaterOrEqual",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a >= b}; },
        [](float a, float b) { return a >= b ? 1.0F : 0.0F; }}},
      {"Less",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a < b}; },
        [](float a, float b) { return a < b ? 1.0F : 0.0F; }}},
      {"LessOrEqual",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a <= b}; },
        [](float a, float b) { return a <= b ? 1.0F : 0.0F; }}},
      {"And",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a != 0 && b != 0}; },
        [](float a, float b) { return a != 0.0F && b != 0.0F ? 1.0F : 0.0F; }}},
      {"Or",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{a != 0 || b != 0}; },
        [](float a, float b) { return a != 0.0F || b != 0.0F ? 1.0F : 0.0F; }}},
      {"Xor",
       {[](std::int64_t a, std::int64_t b) { return std::int64_t{(a != 0) != (b != 0)}; },
        [](float a, float b) { return (a != 0.0F) != (b != 0.0F) ? 1.0F : 0.0F; }}},
      {"Mod", {remainder, [](float a, float b) { return std::fmod(a, b); }}},
      {"Pow", {nullptr, [](float a, float b) { return std::pow(a, b); }}},
  };
  return table.at(op);
}

/// Rounded to 0, and within what 64 bits hold; 0 of what is not a number.
std::int64_t whole(float value) {
  return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -0x1p62F, 0x1p62F));
}

Integers whole(const std::vector<float>& values) {
  Integers result;
  for (const float value : values) {
    result.push_back(whole(value));
  }
  return result;
}

HostTensor combined_constants(const Node& n, const HostTensor& a, const HostTensor& b) {
  const Arithmetic& arithmetic = arithmetic_of(n.op());
  const Shape shape = broadcast(n, a.shape, b.shape);
  HostTensor left = spread(n, a, shape);
  const HostTensor right = spread(n, b, shape);
  if (left.integral() && right.integral() && arithmetic.integers != nullptr) {
    Integers& values = std::get<1>(left.values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::int64_t other = std::get<1>(right.values)[i];
      if ((n.op() == "Div" || n.op() == "Mod") && other == 0) {
        n.fail("it divides by 0");
      }
      values[i] = arithmetic.integers(values[i], other);
    }
    return left;
  }
  std::vector<float> values = left.floats();
  const std::vector<float> others = right.floats();
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = arithmetic.floats(values[i], others[i]);
  }
  if (n.op() == "Equal" || left.integral()) {
    return {shape, whole(values)};
  }
  return {shape, std::move(values)};
}

float of_one_float(const std::string& op, float value) {
  static const std::map<std::string, float (*)(float)> table = {
      {"Abs", [](float x) { return std::abs(x); }},
      {"Ceil", [](float x) { return std::ceil(x); }},
      {"Cos", [](float x) { return std::cos(x); }},
      {"Exp", [](float x) { return std::exp(x); }},
      {"Floor", [](float x) { return std::floor(x); }},
      {"Log", [](float x) { return std::log(x); }},
      {"Neg", [](float x) { return -x; }},
      {"Not", [](float x) { return x == 0.0F ? 1.0F : 0.0F; }},
      {"Reciprocal", [](float x) { return 1.0F / x; }},
      {"Round", [](float x) { return std::nearbyint(x); }},
      {"Sigmoid", [](float x) { return 1.0F / (1.0F + std::exp(-x)); }},
      {"Sin", [](float x) { return std::sin(x); }},
      {"Sqrt", [](float x) { return std::sqrt(x); }},
      {"Tanh", [](float x) { return std::tanh(x); }}};
  return table.at(op)(value);
}

}  // namespace

HostTensor fold_binary(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  for (int i = 1; i < n.inputs(); ++i) {
    result = combined_constants(n, result, v.constant(n, i));
  }
  return result;
}

HostTensor fold_unary(const Values& v, const Node& n) {
  const HostTensor from = v.constant(n, 0);
  if (const auto* held = std::get_if<Integers>(&from.values); held != nullptr && n.op() == "Neg") {
    Integers values;
    for (const std::int64_t value : *held) {
      values.push_back(number(-bits(value)));
    }
    return {from.shape, std::move(values)};
  }
  std::vector<float> values = from.floats();
  for (float& value : values) {
    value = of_one_float(n.op(), value);
  }
  if (from.integral()) {
    return {from.shape, whole(values)};
  }
  return {from.shape, std::move(values)};
}

/// Between the ends that it has: inputs, or attributes of older operator sets.
HostTensor fold_clip(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  const auto end = [&](int index, const std::string& attribute, float otherwise) {
    return n.has_input(index) ? v.constant(n, index).floats()
                              : std::vector{n.float_attribute(attribute, otherwise)};
  };
  const std::vector<float> low = end(1, "min", std::numeric_limits<float>::lowest());
  const std::vector<float> high = end(2, "max", std::numeric_limits<float>::max());
  if (low.size() != 1 || high.size() != 1) {
    n.fail("its ends are not single numbers");
  }
  std::visit(
      [&](auto& held) {
        for (auto& value : held) {
          const auto kept = std::min(std::max(static_cast<float>(value), low[0]), high[0]);
          value = kept == static_cast<float>(value)
                      ? value
                      : static_cast<std::decay_t<decltype(value)>>(kept);
        }
      },
      result.values);
  return result;
}

HostTensor fold_cast(const Values& v, const Node& n) {
  HostTensor from = v.constant(n, 0);
  const std::int64_t type = n.integer_attribute("to", onnx::TensorProto::FLOAT);
  if (type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE ||
      type == onnx::TensorProto::FLOAT16) {
    return {from.shape, from.floats()};
  }
  if (type == onnx::TensorProto::BOOL) {
    Integers truth;
    for (const float value : from.floats()) {
      truth.push_back(value != 0.0F ? 1 : 0);
    }
    return {from.shape, std::move(truth)};
  }
  if (from.integral()) {
    return from;
  }
  return {from.shape, whole(from.floats())};
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
  if (!(count <= static_cast<double>(kMaxRange))) {
    n.fail(fmt::format("it makes {} values; at most {} are supported", count, kMaxRange));
  }
  std::vector<float> values;
  for (double i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(from + i * step));
  }
  const Shape shape = {static_cast<std::int64_t>(values.size())};
  if (v.constant(n, 0).integral()) {
    return {shape, whole(values)};
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

/// The triangle above or below the k-th diagonal of each matrix; 0 elsewhere.
HostTensor fold_trilu(const Values& v, const Node& n) {
  HostTensor result = v.constant(n, 0);
  const std::vector<float> offset = n.has_input(1) ? v.constant(n, 1).floats() : std::vector{0.0F};
  if (result.shape.size() < 2 || offset.size() != 1) {
    n.fail("it needs matrices, and one number for the diagonal");
  }
  const bool upper = n.integer_attribute("upper", 1) != 0;
  const auto columns = static_cast<std::size_t>(result.shape.back());
  const auto rows = static_cast<std::size_t>(result.shape[result.shape.size() - 2]);
  const auto diagonal = static_cast<double>(offset.front());
  std::visit(
      [&](auto& held) {
        for (std::size_t i = 0; i < held.size(); ++i) {
          const double beyond =
              static_cast<double>(i % columns) - static_cast<double>(i / columns % rows) - diagonal;
          held[i] = (upper ? beyond >= 0 : beyond <= 0) ? held[i] : 0;
        }
      },
      result.values);
  return result;
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

}  // namespace systol::onnx_import
