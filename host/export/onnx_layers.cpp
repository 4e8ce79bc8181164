// Matmuls, convolutions and functions of one value.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "host/export/onnx_operations.h"
#include "host/graph/reordered.h"

namespace systol::onnx_export {
namespace {

/// Beyond it the float32 that a bias becomes when it is read does not say which integer it was.
constexpr std::int64_t kMostExact = std::int64_t{1} << 21;

/// A channel without weights has no scale; any does for it.
std::vector<float> positive(std::vector<float> scales) {
  std::ranges::replace(scales, 0.0F, 1.0F);
  return scales;
}

const char* operator_of(Function function) {
  switch (function) {
    case Function::Relu:
      return "Relu";
    case Function::LeakyRelu:
      return "LeakyRelu";
    case Function::Sigmoid:
      return "Sigmoid";
    case Function::Tanh:
      return "Tanh";
    case Function::HardSigmoid:
      return "HardSigmoid";
    case Function::HardSwish:
      return "HardSwish";
    case Function::Elu:
      return "Elu";
    case Function::Erf:
      return "Erf";
    case Function::Exp:
      return "Exp";
    case Function::Sqrt:
      return "Sqrt";
    case Function::Reciprocal:
      return "Reciprocal";
    case Function::Abs:
      return "Abs";
    case Function::Softplus:
      return "Softplus";
    case Function::Log:
      return "Log";
    default:
      return nullptr;
  }
}

}  // namespace

/// `shape` is that of the weights as they lie, `order` the axes in ONNX's; `axis` counts outputs.
std::string Operations::weights(const QuantMatMul* matmul, const Shape& shape,
                                const std::vector<std::size_t>& order, std::int64_t axis) {
  const std::string& name = values_.graph().tensor(input(1)).name;
  Shape given;
  for (const std::size_t from : order) {
    given.push_back(shape[from]);
  }
  if (matmul == nullptr) {
    return writer().floats(
        name, given, reordered(values_.connections().constant(input(1))->values, shape, order));
  }
  const auto outputs = static_cast<std::int64_t>(matmul->scales.size());
  return writer().node(
      "DequantizeLinear",
      {writer().int8(name + ".quantised", given, reordered(matmul->weights, shape, order)),
       writer().floats(name + ".scale", {outputs}, positive(matmul->scales)),
       writer().int8(name + ".zero_point", {outputs},
                     std::vector<std::int8_t>(matmul->scales.size()))},
      name + ".dequantised", {{"axis", axis}});
}

/// Empty without a bias.
std::string Operations::bias(const QuantMatMul* matmul) {
  if (node_->inputs.size() < 3) {
    return {};
  }
  return matmul == nullptr ? values_.constant(input(2), Form::Rows) : quantised_bias(*matmul);
}

/// int32 in steps of the sums; in float32 where that would not be exact.
std::string Operations::quantised_bias(const QuantMatMul& matmul) {
  const std::string& name = values_.graph().tensor(input(2)).name;
  const Quantisation from = quantised_->of(input());
  const std::size_t outputs = matmul.bias.size();
  std::vector<std::int64_t> whole(matmul.bias.begin(), matmul.bias.end());
  for (std::size_t i = 0; i < matmul.weights.size(); ++i) {
    whole[i % outputs] += std::int64_t{from.zero_point} * matmul.weights[i];
  }
  const Shape shape{static_cast<std::int64_t>(outputs)};
  if (std::ranges::any_of(whole, [](std::int64_t b) { return std::abs(b) >= kMostExact; })) {
    return writer().floats(name, shape, values_.connections().constant(input(2))->values);
  }
  std::vector<float> steps = positive(matmul.scales);
  for (float& step : steps) {
    step *= from.scale;
  }
  return writer().node("DequantizeLinear",
                       {writer().int32(name + ".quantised", shape,
                                       std::vector<std::int32_t>(whole.begin(), whole.end())),
                        writer().floats(name + ".scale", shape, steps)},
                       name + ".dequantised", {{"axis", std::int64_t{0}}});
}

std::string Operations::dense(const QuantMatMul* matmul) {
  const std::string x = values_.of(input(), Form::Rows);
  const std::string w = weights(matmul, shape(input(1)), {0, 1}, 1);
  const std::string b = bias(matmul);
  if (shape(input()).size() == 1) {
    return add_layer("Gemm", b.empty() ? std::vector{x, w} : std::vector{x, w, b});
  }
  if (similarity_of(node_->operation) == Similarity::L1) {
    fail("of layers with the similarity l1 only those of single rows and convolutions are written");
  }
  if (b.empty()) {
    return add("MatMul", {x, w});
  }
  return add("Add", {add("MatMul", {x, w}), b}, {}, "bias");
}

std::string Operations::product(const MatMul& matmul) {
  const std::string a = values_.of(input(0), Form::Rows);
  std::string b = values_.of(input(1), Form::Rows);
  if (matmul.transposed) {
    Integers axes(shape(input(1)).size() + 1);
    for (std::size_t i = 0; i < axes.size(); ++i) {
      axes[i] = static_cast<std::int64_t>(i);
    }
    std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
    b = add("Transpose", {b}, {{"perm", axes}}, "transposed");
  }
  return add("MatMul", {a, b});
}

std::string Operations::add_layer(const std::string& op, const std::vector<std::string>& inputs,
                                  const std::vector<Attribute>& attributes) {
  const bool distances = similarity_of(node_->operation) == Similarity::L1;
  return writer().node(op, inputs, node_->name, attributes, distances ? "systol.l1" : "");
}

/// QDQ has no form for it: what is compared has one scale, and sums have no products.
void Operations::operator()(const MatMul& matmul) {
  const bool constants = values_.connections().constant(input(1)) != nullptr;
  define(constants ? dense(integers_ == nullptr ? nullptr : &std::get<QuantMatMul>(*integers_))
                   : product(matmul),
         Form::Rows);
}

void Operations::operator()(const Convolution& convolution) {
  const QuantMatMul* matmul =
      integers_ == nullptr ? nullptr : &std::get<QuantConvolution>(*integers_).matmul;
  const Shape& kernel = shape(input(1));
  const Window& window = convolution.window;
  std::vector<Attribute> attributes = window_attributes(convolution.window);
  attributes.push_back({"kernel_shape", Integers{kernel[0], kernel[1]}});
  attributes.push_back({"dilations", Integers(window.dilation.begin(), window.dilation.end())});
  attributes.push_back({"group", convolution.groups});
  std::vector<std::string> inputs{values_.of(input(), Form::Image),
                                  weights(matmul, kernel, {3, 2, 0, 1}, 0)};
  if (const std::string b = bias(matmul); !b.empty()) {
    inputs.push_back(b);
  }
  define(add_layer("Conv", inputs, attributes), Form::Image);
}

std::string Operations::linear(const Map& map, std::string x) {
  if (map.a != 1.0F || map.b == 0.0F) {  // times 1: another scale alone
    x = add("Mul", {x, number("factor", map.a)}, {}, map.b == 0.0F ? "" : "factor");
  }
  return map.b == 0.0F ? x : add("Add", {x, number("summand", map.b)});
}

/// ONNX's Sign is 0 at 0; half a step up and again it is 1.
std::string Operations::sign(const Map& map, const std::string& x) {
  if (map.a != 1.0F) {
    return add("Sign", {x});
  }
  const std::string first = add("Sign", {x}, {}, "first");
  return add("Sign", {add("Add", {first, number("half", 0.5F)}, {}, "raised")});
}

std::string Operations::function(const Map& map, const std::string& x) {
  if (const char* op = operator_of(map.function)) {
    std::vector<Attribute> attributes;
    const int parameters = text_of(map.function).parameters;
    if (parameters > 0) {
      attributes.push_back({"alpha", map.a});
    }
    if (parameters > 1) {
      attributes.push_back({"beta", map.b});
    }
    return add(op, {x}, attributes);
  }
  switch (map.function) {
    case Function::Clip:
      return add("Clip", {x, number("least", map.a), number("most", map.b)});
    case Function::Power:
      return add("Pow", {x, number("exponent", map.a)});
    case Function::Step:
      return add("Relu", {add("Sign", {x}, {}, "sign")});
    case Function::Sign:
      return sign(map, x);
    case Function::Silu:
      return add("Mul", {x, add("Sigmoid", {x}, {}, "sigmoid")});
    case Function::Gelu: {
      const std::string root = number("root", static_cast<float>(std::sqrt(0.5)));
      const std::string erf = add("Erf", {add("Mul", {x, root}, {}, "scaled")}, {}, "erf");
      const std::string sum = add("Add", {erf, number("one", 1.0F)}, {}, "sum");
      return add("Mul", {add("Mul", {x, sum}, {}, "product"), number("half", 0.5F)});
    }
    default:
      return linear(map, x);
  }
}

void Operations::operator()(const Map& map) { define(function(map, value()), form()); }

}  // namespace systol::onnx_export
