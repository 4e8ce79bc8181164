#include "host/train/derivative.h"

#include <numbers>

namespace systol {
namespace {

constexpr auto kRootHalf = static_cast<float>(1 / std::numbers::sqrt2);
/// 2 / sqrt(pi)
constexpr auto kErfSlope = static_cast<float>(2 * std::numbers::inv_sqrtpi);
/// 1 / sqrt(2 pi)
constexpr auto kNormalPeak = static_cast<float>(std::numbers::inv_sqrtpi / std::numbers::sqrt2);

}  // namespace

TensorId Derivative::add(const Map& map, TensorId x) {
  return graph_.add_node(graph_.unique_name(name_ + ".slope"), map, {x});
}

TensorId Derivative::times(TensorId a, TensorId b) {
  return graph_.add_node(graph_.unique_name(name_ + ".slope"), Binary{BinaryFunction::Multiply},
                         {a, b});
}

TensorId Derivative::plus(TensorId a, TensorId b) {
  return graph_.add_node(graph_.unique_name(name_ + ".slope"), Binary{BinaryFunction::Add}, {a, b});
}

TensorId Derivative::within(float low, float high) {
  return times(step(linear(x_, 1.0F, -low)), step(linear(x_, -1.0F, high)));
}

/// Phi(x) + x phi(x), with the normal distribution's Phi and its density phi.
TensorId Derivative::gelu() {
  const TensorId share = linear(add(Map{Function::Erf}, linear(x_, kRootHalf, 0.0F)), 0.5F, 0.5F);
  const TensorId square = linear(add({Function::Power, 2.0F}, x_), -0.5F, 0.0F);
  const TensorId density = linear(add(Map{Function::Exp}, square), kNormalPeak, 0.0F);
  return plus(share, times(x_, density));
}

std::optional<TensorId> Derivative::of(const Map& map) {
  switch (map.function) {
    case Function::Relu:
      return step(x_);
    case Function::LeakyRelu:
      return linear(step(x_), 1.0F - map.a, map.a);
    case Function::Sigmoid:  // y (1 - y)
      return times(y_, linear(y_, -1.0F, 1.0F));
    case Function::Tanh:  // 1 - y^2
      return linear(add({Function::Power, 2.0F}, y_), -1.0F, 1.0F);
    case Function::Clip:
      return within(map.a, map.b);
    case Function::HardSigmoid:
      return linear(within(-map.b / map.a, (1.0F - map.b) / map.a), map.a, 0.0F);
    case Function::HardSwish:  // 1 above 3, x / 3 + 1/2 between -3 and 3
      return plus(step(linear(x_, 1.0F, -3.0F)),
                  times(within(-3.0F, 3.0F), linear(x_, 1.0F / 3.0F, 0.5F)));
    case Function::Elu: {  // 1, or y + a
      const TensorId above = step(x_);
      return plus(above, times(linear(above, -1.0F, 1.0F), linear(y_, 1.0F, map.a)));
    }
    case Function::Gelu:
      return gelu();
    case Function::Silu: {  // s + y (1 - s)
      const TensorId s = add(Map{Function::Sigmoid}, x_);
      return plus(s, times(y_, linear(s, -1.0F, 1.0F)));
    }
    case Function::Erf:
      return linear(add(Map{Function::Exp}, linear(add({Function::Power, 2.0F}, x_), -1.0F, 0.0F)),
                    kErfSlope, 0.0F);
    case Function::Exp:
      return y_;
    case Function::Sqrt:  // 1 / (2 y)
      return linear(add(Map{Function::Reciprocal}, y_), 0.5F, 0.0F);
    case Function::Reciprocal:  // -y^2
      return linear(add({Function::Power, 2.0F}, y_), -1.0F, 0.0F);
    case Function::Abs:
      return linear(step(x_), 2.0F, -1.0F);
    case Function::Log:
      return add(Map{Function::Reciprocal}, x_);
    case Function::Softplus:
      return add(Map{Function::Sigmoid}, x_);
    case Function::Power:
      return linear(add({Function::Power, map.a - 1.0F}, x_), map.a, 0.0F);
    case Function::Sign:  // straight through: that of x, where |x| <= 1
      return linear(step(linear(add(Map{Function::Abs}, x_), 1.0F, -1.0F)), -1.0F, 1.0F);
    case Function::Linear:
    case Function::Step:
      break;
  }
  return std::nullopt;
}

}  // namespace systol
