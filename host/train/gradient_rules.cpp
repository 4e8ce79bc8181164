#include "host/train/gradient_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/graph/infer.h"
#include "host/train/derivative.h"
#include "sim/base/error.h"

namespace systol {

void GradientRules::fail() const {
  throw InputError(fmt::format("{}: training has no derivative for it", place_of(graph_, node_)));
}

TensorId GradientRules::gradient_of(std::size_t input) {
  input_ = input;
  return std::visit(*this, node_.operation);
}

TensorId GradientRules::add(const std::string& part, const Operation& operation,
                            const std::vector<TensorId>& inputs) {
  return graph_.add_node(
      graph_.unique_name(fmt::format("{}.gradient{}{}", graph_.tensor(wanted()).name,
                                     part.empty() ? "" : ".", part)),
      operation, inputs);
}

TensorId GradientRules::turned(TensorId id) {
  Shape permutation(shape(id).size());
  std::iota(permutation.begin(), permutation.end(), 0);
  std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return add("turned", Transpose{permutation}, {id});
}

TensorId GradientRules::rows(TensorId id) {
  const Shape of = shape(id);
  if (of.size() == 2) {
    return id;
  }
  const auto count = static_cast<std::int64_t>(elements(of)) / of.back();
  return add("rows", Reshape{{count, of.back()}}, {id});
}

TensorId GradientRules::row_sum(TensorId id) {
  return linear("sum", add("mean", Mean{}, {id}), static_cast<float>(shape(id).back()), 0.0F);
}

TensorId GradientRules::summed(TensorId id, const Shape& to) {
  const Shape from = shape(id);
  if (from == to) {
    return id;
  }
  const std::size_t missing = from.size() - to.size();
  Shape kept;
  Shape repeated;
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    const bool same = axis >= missing && to[axis - missing] == from[axis];
    (same ? kept : repeated).push_back(static_cast<std::int64_t>(axis));
  }
  const std::size_t axes_kept = kept.size();
  Shape extents;
  for (std::size_t i = 0; i < axes_kept; ++i) {
    extents.push_back(from[static_cast<std::size_t>(kept[i])]);
  }
  kept.insert(kept.end(), repeated.begin(), repeated.end());
  extents.push_back(static_cast<std::int64_t>(elements(from) / elements(to)));
  if (extents.back() == 1) {
    return add("shaped", Reshape{to}, {id});
  }
  const TensorId last = std::ranges::is_sorted(kept) ? id : add("axes", Transpose{kept}, {id});
  return add("summed", Reshape{to}, {row_sum(add("joined", Reshape{extents}, {last}))});
}

/// y = a b, with b [K][N] for all rows of a, or a b of its own for each of a's leading extents;
/// transposed, b is [N][K].
TensorId GradientRules::operator()(const MatMul& matmul) {
  if (matmul.similarity == Similarity::L1) {
    return distances_gradient(matmul);
  }
  const TensorId a = node_.inputs[0];
  const TensorId b = node_.inputs[1];
  if (input_ == 0) {
    return add("", MatMul{!matmul.transposed}, {gradient_, b});
  }
  const bool shared = shape(b).size() == 2;
  const TensorId x = shared ? rows(a) : a;
  const TensorId dy = shared ? rows(gradient_) : gradient_;
  return matmul.transposed ? add("", MatMul{}, {turned(dy), x})
                           : add("", MatMul{}, {turned(x), dy});
}

/// y = -sum |x - w|, by AdderNet's rule (Chen et al., CVPR 2020), which is not the derivative: by a
/// weight x - w in place of its sign, or with DistanceRule::Sign its sign; by an input w - x,
/// clipped to -1 to 1.
TensorId GradientRules::distances_gradient(const MatMul& matmul) {
  const TensorId w = node_.inputs[1];
  if (matmul.transposed || shape(w).size() != 2) {
    fail();
  }
  const TensorId x = rows(node_.inputs[0]);
  const TensorId dy = rows(gradient_);
  const std::int64_t count = shape(x)[0];
  const std::int64_t depth = shape(w)[0];
  const std::int64_t units = shape(w)[1];
  if (input_ == 1 && rule_ == DistanceRule::Full) {  // the sum over the rows of dy (x - w)
    const TensorId sums = summed(dy, {units});
    return binary("", BinaryFunction::Subtract, add("met", MatMul{}, {turned(x), dy}),
                  binary("own", BinaryFunction::Multiply, w, sums));
  }
  const TensorId deep = add("deep", Reshape{{count, depth, 1}}, {x});
  const TensorId flat = add("flat", Reshape{{count, 1, units}}, {dy});
  if (input_ == 1) {  // the sum over the rows of dy sign(x - w)
    const TensorId signs = add("signs", Map{Function::Sign, 1.0F},
                               {binary("distances", BinaryFunction::Subtract, deep, w)});
    return summed(binary("shares", BinaryFunction::Multiply, signs, flat), {depth, units});
  }
  const TensorId distances = binary("distances", BinaryFunction::Subtract, w, deep);
  const TensorId clipped = add("clipped", Map{Function::Clip, -1.0F, 1.0F}, {distances});
  const TensorId shares = binary("shares", BinaryFunction::Multiply, clipped, flat);
  return add("", Reshape{shape()}, {row_sum(shares)});
}

TensorId GradientRules::operator()(const Map& map) {
  if (map.function == Function::Linear) {
    return linear("", gradient_, map.a, 0.0F);
  }
  Derivative derivative(graph_, graph_.tensor(wanted()).name + ".gradient", node_.inputs[0],
                        node_.output);
  const std::optional<TensorId> slope = derivative.of(map);
  if (!slope) {
    fail();
  }
  return binary("", BinaryFunction::Multiply, gradient_, *slope);
}

TensorId GradientRules::operator()(const Binary& op) {
  const TensorId a = node_.inputs[0];
  const TensorId b = node_.inputs[1];
  switch (op.function) {
    case BinaryFunction::Add:
      return summed(gradient_, shape());
    case BinaryFunction::Subtract:
      return summed(input_ == 0 ? gradient_ : linear("", gradient_, -1.0F, 0.0F), shape());
    case BinaryFunction::Multiply:
      return summed(binary("", BinaryFunction::Multiply, gradient_, input_ == 0 ? b : a), shape());
    case BinaryFunction::Maximum:
    case BinaryFunction::Minimum:
      break;
  }
  const bool maximum = op.function == BinaryFunction::Maximum;
  const TensorId ahead =
      binary("ahead", BinaryFunction::Subtract, maximum ? b : a, maximum ? a : b);
  const TensorId second = add("second", Map{Function::Step}, {ahead});
  const TensorId share = input_ == 1 ? second : linear("first", second, -1.0F, 1.0F);
  return summed(binary("", BinaryFunction::Multiply, gradient_, share), shape());
}

/// dx = y (dy - sum(dy y))
TensorId GradientRules::operator()(const Softmax&) {
  const TensorId y = node_.output;
  const TensorId sum = row_sum(binary("weighted", BinaryFunction::Multiply, gradient_, y));
  return binary("", BinaryFunction::Multiply, y,
                binary("centred", BinaryFunction::Subtract, gradient_, sum));
}

/// dx = (dy - mean(dy) - y mean(dy y)) / sqrt(variance + epsilon)
TensorId GradientRules::operator()(const Normalise& normalise) {
  if (normalise.spatial) {
    fail();
  }
  const TensorId x = node_.inputs[0];
  const TensorId y = node_.output;
  const TensorId middle = binary("middle", BinaryFunction::Subtract, x, add("mean", Mean{}, {x}));
  const TensorId variance =
      add("variance", Mean{}, {add("square", Map{Function::Power, 2.0F}, {middle})});
  const TensorId scale = add("scale", Map{Function::Power, -0.5F},
                             {linear("raised", variance, 1.0F, normalise.epsilon)});
  const TensorId along =
      add("along", Mean{}, {binary("weighted", BinaryFunction::Multiply, gradient_, y)});
  const TensorId centred =
      binary("centred", BinaryFunction::Subtract, gradient_, add("mean", Mean{}, {gradient_}));
  const TensorId rest = binary("rest", BinaryFunction::Subtract, centred,
                               binary("share", BinaryFunction::Multiply, y, along));
  return binary("", BinaryFunction::Multiply, rest, scale);
}

TensorId GradientRules::operator()(const Mean&) {
  Shape factors(shape().size(), 1);
  factors.back() = shape().back();
  const TensorId share =
      linear("share", gradient_, 1.0F / static_cast<float>(shape().back()), 0.0F);
  return add("", Repeat{factors}, {share});
}

// The batch's lowering leaves none of these two.
TensorId GradientRules::operator()(const Convolution&) { fail(); }
TensorId GradientRules::operator()(const Pool&) { fail(); }

}  // namespace systol
