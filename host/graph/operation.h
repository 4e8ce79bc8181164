// What a node does: a small closed set, to which importers lower whatever their files hold.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "host/graph/shape.h"

namespace systol {

/// A function of one value.
enum class Function : std::uint8_t { Relu, LeakyRelu, Sigmoid, Tanh };
inline constexpr int kFunctions = 4;

/// "relu", "leaky_relu", "sigmoid", "tanh".
std::string_view name_of(Function function);

/// Inputs: activations [K], weights [K][N] and, optionally, bias [N], both constants.
/// y[n] = sum over k of x[k] * weights[k][n], plus bias[n].
struct MatMul {
  bool operator==(const MatMul&) const = default;
};

/// Input: any tensor. Each value's function.
struct Map {
  Function function = Function::Relu;
  float slope = 0.01F;  ///< of LeakyRelu, for x < 0
  bool operator==(const Map&) const = default;
};

/// Input: [N]. Positive values that sum to 1: exp(x[n]) over the sum of all exp(x[i]).
struct Softmax {
  bool operator==(const Softmax&) const = default;
};

/// Input: any tensor. The same values in another shape; nothing moves.
struct Reshape {
  Shape shape;
  bool operator==(const Reshape&) const = default;
};

using Operation = std::variant<MatMul, Map, Softmax, Reshape>;

/// "matmul", "relu", "softmax", "reshape", ...
std::string_view name_of(const Operation& operation);

}  // namespace systol
