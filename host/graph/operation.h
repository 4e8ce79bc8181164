// What a node does: a small closed set, to which importers lower whatever their files hold.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "host/graph/shape.h"

namespace systol {

/// A function of one value; `a` and `b` are those of Map.
enum class Function : std::uint8_t {
  Relu,       ///< max(x, 0)
  LeakyRelu,  ///< x where x >= 0, else a x
  Sigmoid,    ///< 1 / (1 + exp(-x))
  Tanh,
  Clip,         ///< min(max(x, a), b)
  HardSigmoid,  ///< min(max(a x + b, 0), 1)
  HardSwish,    ///< x min(max(x / 6 + 1/2, 0), 1)
  Elu,          ///< x where x >= 0, else a (exp(x) - 1)
  Gelu,         ///< x (1 + erf(x / sqrt(2))) / 2
  Silu,         ///< x / (1 + exp(-x))
  Erf,
  Exp,
  Sqrt,
  Reciprocal,  ///< 1 / x
  Abs,
  Linear,    ///< a x + b
  Softplus,  ///< log(1 + exp(x))
  Power,     ///< x to the a
  Step,      ///< 1 where x > 0, else 0
  Sign,      ///< 1 where x > 0, -1 where x < 0, else a
  Log,       ///< the natural logarithm
};

/// "relu", "leaky_relu", ...: the one list, in the order of Function, with the number of parameters
/// that each has and their defaults.
struct FunctionText {
  std::string_view name;
  int parameters = 0;
  float a = 0.0F;
  float b = 0.0F;
};
inline constexpr auto kFunctionTexts = std::to_array<FunctionText>({
    {"relu"},
    {"leaky_relu", 1, 0.01F},
    {"sigmoid"},
    {"tanh"},
    {"clip", 2, 0.0F, 6.0F},
    {"hard_sigmoid", 2, 0.2F, 0.5F},
    {"hard_swish"},
    {"elu", 1, 1.0F},
    {"gelu"},
    {"silu"},
    {"erf"},
    {"exp"},
    {"sqrt"},
    {"reciprocal"},
    {"abs"},
    {"linear", 2, 1.0F, 0.0F},
    {"softplus"},
    {"power", 1, 2.0F},
    {"step"},
    {"sign", 1, 1.0F},
    {"log"},
});
inline constexpr std::size_t kFunctions = kFunctionTexts.size();
static_assert(kFunctions == static_cast<std::size_t>(Function::Log) + 1);
constexpr const FunctionText& text_of(Function function) {
  return kFunctionTexts[static_cast<std::size_t>(function)];
}
constexpr std::string_view name_of(Function function) { return text_of(function).name; }

/// What a matmul or a convolution adds up over pairs of an activation x and a weight w.
enum class Similarity : std::uint8_t {
  Product,  ///< x * w
  L1,       ///< -|x - w|, as AdderNet (Chen et al., CVPR 2020) has it; of constant weights only
};
inline constexpr std::array<std::string_view, 2> kSimilarityNames = {"product", "l1"};

/// What training rounds the weights of a matmul or a convolution to: numbers of so many bits, times
/// a scale of each output; of Sparse24 two of every four to themselves, the others to 0. An array
/// rounds weights to what its PEs have, whatever this says.
enum class WeightKind : std::uint8_t { Any, Binary, Ternary, Int4, Sparse24 };
inline constexpr std::array<std::string_view, 5> kWeightKindNames = {"any", "binary", "ternary",
                                                                     "int4", "sparse24"};

/// Inputs: activations [..., K]; weights, constants [K][N], or activations [..., K, N] with the
/// same leading extents; optionally a constant bias [N]. For each of the leading extents, y[n] =
/// sum over k of x[k] * weights[k][n], or of another similarity, plus bias[n]. With `transposed`
/// the second input is [..., N, K]; of activations only. The similarity L1 may have a fourth input,
/// a constant scale [N] of positive values: its sums are multiplied by it before the bias is added.
struct MatMul {
  bool transposed = false;
  Similarity similarity = Similarity::Product;
  WeightKind weights = WeightKind::Any;
  bool operator==(const MatMul&) const = default;
};

/// How a window moves over an image: extents are {rows, columns}, borders what is added before the
/// first and after the last of them.
struct Window {
  std::array<std::int64_t, 2> stride = {1, 1};
  std::array<std::int64_t, 2> dilation = {1, 1};
  std::array<std::int64_t, 2> before = {0, 0};
  std::array<std::int64_t, 2> after = {0, 0};
  bool operator==(const Window&) const = default;
};

/// Inputs: an image [H][W][I]; constant weights [h][w][I / groups][O]; optionally a constant bias
/// [O], and of the similarity L1 a scale [O] as a MatMul. Borders are zeros. Output channel o reads
/// the input channels of its group, o / (O / groups).
struct Convolution {
  Window window;
  std::int64_t groups = 1;
  Similarity similarity = Similarity::Product;
  WeightKind weights = WeightKind::Any;
  bool operator==(const Convolution&) const = default;
};

enum class PoolKind : std::uint8_t { Maximum, Average };
inline constexpr std::array<std::string_view, 2> kPoolKindNames = {"max_pool", "average_pool"};

/// Input: an image [H][W][C]. Borders are left out; with `count_borders` an average counts them as
/// zeros. (A mean over an image's rows and columns is one of a window of its size.)
struct Pool {
  PoolKind kind = PoolKind::Maximum;
  std::array<std::int64_t, 2> extent = {1, 1};
  Window window;
  bool count_borders = false;
  bool operator==(const Pool&) const = default;
};

enum class BinaryFunction : std::uint8_t { Add, Subtract, Multiply, Maximum, Minimum };
inline constexpr std::array<std::string_view, 5> kBinaryNames = {"add", "subtract", "multiply",
                                                                 "maximum", "minimum"};

/// Inputs: two tensors, at least one of them no constant. Each value of one with that of the other;
/// extents of 1, and leading ones that one lacks, are repeated.
struct Binary {
  BinaryFunction function = BinaryFunction::Add;
  bool operator==(const Binary&) const = default;
};

/// Input: any tensor. Each value's function.
struct Map {
  Function function = Function::Relu;
  float a = text_of(Function::Relu).a;
  float b = text_of(Function::Relu).b;

  constexpr Map() = default;
  /// With the function's defaults.
  constexpr explicit Map(Function of) : function(of), a(text_of(of).a), b(text_of(of).b) {}
  constexpr Map(Function of, float first, float second = 0.0F)
      : function(of), a(first), b(second) {}
  bool operator==(const Map&) const = default;
};

/// Input: [..., N]. Positive values that sum to 1 over n: exp(x[n]) over the sum of all exp(x[i]).
struct Softmax {
  bool operator==(const Softmax&) const = default;
};

/// Input: [..., N], or with `spatial` an image [H][W][C]. Values less their mean, over the square
/// root of their variance plus epsilon: over n, or for each channel over the image.
struct Normalise {
  float epsilon = 1e-5F;
  bool spatial = false;
  bool operator==(const Normalise&) const = default;
};

/// Input: [..., N]; output [...] with a last extent of 1: the mean over n.
struct Mean {
  bool operator==(const Mean&) const = default;
};

/// Inputs: tensors that are alike but for the extent of `axis`, one after another along it.
struct Concat {
  std::int64_t axis = 0;
  bool operator==(const Concat&) const = default;
};

/// Input: any tensor. For each axis `sizes` values from `starts` on, `steps` apart (a negative step
/// goes down; 0 repeats one value).
struct Slice {
  std::vector<std::int64_t> starts;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> steps;
  bool operator==(const Slice&) const = default;
};

/// Input: any tensor. Axis i of the output is axis permutation[i] of the input.
struct Transpose {
  std::vector<std::int64_t> permutation;
  bool operator==(const Transpose&) const = default;
};

/// Input: any tensor. For each axis, `before` and `after` values of `value` at its ends and
/// `between` after each but the last.
struct Pad {
  std::vector<std::int64_t> before;
  std::vector<std::int64_t> after;
  std::vector<std::int64_t> between;
  float value = 0.0F;
  bool operator==(const Pad&) const = default;
};

/// Input: any tensor. Each value `factors[i]` times along axis i, one after another.
struct Repeat {
  std::vector<std::int64_t> factors;
  bool operator==(const Repeat&) const = default;
};

/// Input: any tensor. The same values in another shape; nothing moves.
struct Reshape {
  Shape shape;
  bool operator==(const Reshape&) const = default;
};

using Operation = std::variant<MatMul, Map, Softmax, Reshape, Convolution, Pool, Binary, Normalise,
                               Mean, Concat, Slice, Transpose, Pad, Repeat>;

/// Of a matmul or a convolution; Product of any other.
Similarity similarity_of(const Operation& operation);
/// Of a matmul or a convolution; Any of any other.
WeightKind weight_kind_of(const Operation& operation);

/// "matmul", "relu", "softmax", "reshape", "convolution", "max_pool", ...
std::string_view name_of(const Operation& operation);

}  // namespace systol
