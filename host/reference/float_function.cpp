#include "host/reference/float_function.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace systol {
namespace {

/// log(1 + exp(x)), without overflow.
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

/// Keeps what is not a number.
double limited(double x, double low, double high) { return std::min(std::max(x, low), high); }

}  // namespace

double float_function(const Map& map, double x) {
  const auto a = static_cast<double>(map.a);
  const auto b = static_cast<double>(map.b);
  switch (map.function) {
    case Function::Relu:
      return std::max(x, 0.0);
    case Function::LeakyRelu:
      return x < 0.0 ? x * a : x;
    case Function::Sigmoid:
      return 1.0 / (1.0 + std::exp(-x));
    case Function::Tanh:
      return std::tanh(x);
    case Function::Clip:
      return limited(x, a, b);
    case Function::HardSigmoid:
      return limited(a * x + b, 0.0, 1.0);
    case Function::HardSwish:
      return x * limited(x / 6.0 + 0.5, 0.0, 1.0);
    case Function::Elu:
      return x < 0.0 ? a * std::expm1(x) : x;
    case Function::Gelu:
      return x * 0.5 * (1.0 + std::erf(x / std::numbers::sqrt2));
    case Function::Silu:
      return x / (1.0 + std::exp(-x));
    case Function::Erf:
      return std::erf(x);
    case Function::Exp:
      return std::exp(x);
    case Function::Sqrt:
      return std::sqrt(x);
    case Function::Reciprocal:
      return 1.0 / x;
    case Function::Abs:
      return std::abs(x);
    case Function::Linear:
      return a * x + b;
    case Function::Softplus:
      return softplus(x);
    case Function::Power:
      return std::pow(x, a);
    case Function::Step:
      return x > 0.0 ? 1.0 : 0.0;
    case Function::Sign:
      return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == 0.0 ? a : x;
    case Function::Log:
      return std::log(x);
  }
  return x;
}

}  // namespace systol
