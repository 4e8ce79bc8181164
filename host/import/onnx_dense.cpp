// Gemm and MatMul.
#include <fmt/format.h>

#include <algorithm>

#include "host/graph/reordered.h"
#include "host/import/limits.h"
#include "host/import/onnx_handlers.h"
#include "host/import/onnx_quantised.h"

namespace systol::onnx_import {
namespace {

/// [N][K] as [K][N].
Weights turned(Weights matrix) {
  matrix.change([shape = matrix.shape](const std::vector<float>& values) {
    return reordered(values, shape, {1, 0});
  });
  std::swap(matrix.shape[0], matrix.shape[1]);
  return matrix;
}

/// The weights with their rows as the values of `row` lie.
void move_rows(Weights& weights, const RowLayout& row) {
  Shape shape = row.extents;
  shape.push_back(weights.shape[1]);
  Order order = row.order;
  order.push_back(row.extents.size());
  weights.change(
      [shape, order](const std::vector<float>& values) { return reordered(values, shape, order); });
}

Weights matrix_of(const Node& node, Weights weights) {
  const std::size_t rank = weights.shape.size();
  if (rank < 2 || std::any_of(weights.shape.begin(), weights.shape.end() - 2,
                              [](std::int64_t extent) { return extent != 1; })) {
    node.fail(fmt::format("its weights have shape {}; two dimensions are supported",
                          to_string(weights.shape)));
  }
  weights.shape.erase(weights.shape.begin(), weights.shape.end() - 2);
  return weights;
}

/// The values that a row of the node's first input has; samples must be rows of their own.
std::int64_t row_length(const Node& node, const Activation& value) {
  if (value.shape.size() < 2) {
    node.fail("its input has one axis; at least two are supported");
  }
  Lowering::keep_batch(node, value, value.shape.size() - 1, "sums over");
  return value.shape.back();
}

/// Multiplies the node's first input by constant weights [K][N] and adds a bias [N].
/// `axis` of the constant in the file counts the outputs; its values were multiplied by `factor`.
void multiply(Lowering& lowering, const Node& node, Weights weights, std::vector<float> bias,
              std::size_t axis, float factor = 1.0F) {
  Activation value = lowering.values().activation(node, 0);
  const std::int64_t inputs = row_length(node, value);
  if (weights.shape[0] != inputs) {
    node.fail(fmt::format("its input has {} values {}, but its weights take {}", inputs,
                          value.shape.size() == 2 ? "a sample" : "a row", weights.shape[0]));
  }
  check_depth(static_cast<std::uint64_t>(inputs), node.place());
  if (value.row && value.shape.size() == 2) {
    move_rows(weights, *value.row);
  } else {
    value = lowering.input(node, 0);
  }
  const std::int64_t outputs = weights.shape[1];
  const TensorId x = lowering.in_order(value);
  const TensorId w = lowering.add_weights(std::move(weights));
  keep_steps(lowering, node, axis, w, factor);
  const TensorId b = lowering.add_constant("bias", {outputs}, std::move(bias));
  const TensorId y = lowering.add_layer(MatMul{false, node.similarity()}, x, w, b);
  value.shape.back() = outputs;
  lowering.define(node, y, value.shape, value.batch, row_major(value));
}

/// Gemm's third input as [outputs], times beta.
std::vector<float> gemm_bias(Lowering& lowering, const Node& node, std::int64_t outputs) {
  std::vector<float> bias(static_cast<std::size_t>(outputs));
  if (!node.has_input(2)) {
    return bias;
  }
  const FloatTensor given = lowering.values().floats(node, 2);
  const bool row = given.shape.size() <= 1 || (given.shape.size() == 2 && given.shape.front() == 1);
  if (!row || (given.values.size() != 1 && given.values.size() != bias.size())) {
    node.fail(fmt::format("its bias has shape {}; supported are [{}], [1, {}] and one value",
                          to_string(given.shape), outputs, outputs));
  }
  const float beta = node.float_attribute("beta", 1.0F);
  for (std::size_t n = 0; n < bias.size(); ++n) {
    bias[n] = beta * given.values[given.values.size() == 1 ? 0 : n];
  }
  return bias;
}

/// Whether the last two axes lie the other way round, and the rest as in ONNX.
bool lies_transposed(const Activation& value) {
  Order turned_order = row_major(value);
  std::swap(turned_order[turned_order.size() - 1], turned_order[turned_order.size() - 2]);
  return lie_alike(value.shape, value.order, turned_order);
}

/// The matrices of an activation: its last two axes.
void check_matrices(const Node& node, const Activation& value) {
  const std::size_t rank = value.shape.size();
  if (rank < 3 || (value.batch && *value.batch + 2 >= rank)) {
    node.fail(fmt::format(
        "a product of two activations takes matrices of one sample, but the batch is axis {} of an "
        "input of {} axes",
        value.batch.value_or(0), rank));
  }
}

void multiply_activations(Lowering& lowering, const Node& node) {
  const Activation a = lowering.input(node, 0);
  Activation b = lowering.input(node, 1);
  check_matrices(node, a);
  check_matrices(node, b);
  if (a.batch != b.batch || a.shape.size() != b.shape.size()) {
    node.fail("its inputs differ in the number of axes or in the axis of the batch");
  }
  const std::size_t rank = b.shape.size();
  Shape shape = a.shape;
  shape.back() = b.shape.back();
  Order order = row_major(b);
  // Which of the two ways to move it is the same work; it may lie transposed already, or nearly.
  // A state that grows keeps its shape, also where it has one row at first and lies alike both
  // ways.
  const bool alike =
      lowering.is_state(b.tensor) ? b.order == order : lie_alike(b.shape, b.order, order);
  const bool transposed = !alike && (lies_transposed(b) || b.order.back() == rank - 2);
  if (transposed) {
    std::swap(order[order.size() - 1], order[order.size() - 2]);
  }
  const TensorId left = lowering.in_order(a);
  const TensorId right = lowering.arranged(b, order);
  const TensorId y = lowering.add("", MatMul{transposed}, {left, right});
  lowering.define(node, y, shape, a.batch, row_major(a));
}

/// A constant [M][K] times an activation [..., K, N]: as the transpose of what the activation's
/// transpose times the constant's is.
void multiply_from_left(Lowering& lowering, const Node& node) {
  Weights weights = turned(matrix_of(node, lowering.values().weights(node, 0)));
  const std::int64_t outputs = weights.shape[1];
  const Activation b = lowering.input(node, 1);
  check_matrices(node, b);
  const std::int64_t inputs = b.shape[b.shape.size() - 2];
  if (weights.shape[0] != inputs) {
    node.fail(fmt::format("its columns have {} values, but its weights take {}", inputs,
                          weights.shape[0]));
  }
  Order order = row_major(b);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  const TensorId x = lowering.arranged(b, order);
  const TensorId w = lowering.add_weights(std::move(weights));
  const TensorId bias = lowering.add_constant(
      "bias", {outputs}, std::vector<float>(static_cast<std::size_t>(outputs)));
  Shape shape = b.shape;
  shape[shape.size() - 2] = outputs;
  lowering.define(node, lowering.add("", MatMul{}, {x, w, bias}), shape, b.batch, order);
}

/// Constants [H][M][K], one for each of the activation's matrices [.., H, K, N], such as learned
/// queries of several heads: a matmul for each, and a concat.
void multiply_each_from_left(Lowering& lowering, const Node& node) {
  const FloatTensor all = lowering.values().floats(node, 0);
  const Activation b = lowering.input(node, 1);
  check_matrices(node, b);
  const std::size_t axis = b.shape.size() - 3;
  const std::size_t rank = all.shape.size();
  const bool fits = axis != b.batch && all.shape[rank - 3] == b.shape[axis] &&
                    all.shape[rank - 1] == b.shape[axis + 1] &&
                    std::all_of(all.shape.begin(), all.shape.end() - 3,
                                [](std::int64_t extent) { return extent == 1; });
  if (!fits) {
    node.fail(fmt::format("its weights of shape {} do not fit an input of shape {}",
                          to_string(all.shape), to_string(b.shape)));
  }
  const std::int64_t rows = all.shape[rank - 2];
  const std::int64_t inputs = all.shape[rank - 1];
  Order order = row_major(b);  // with the sums' axis last
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  const TensorId turned_b = lowering.arranged(b, order);
  const auto place = std::ranges::find(order, axis) - order.begin();
  const Shape whole = lowering.graph().shape(turned_b);
  const auto size = static_cast<std::ptrdiff_t>(rows * inputs);
  std::vector<TensorId> parts;
  for (std::int64_t head = 0; head < b.shape[axis]; ++head) {
    Slice slice{Integers(whole.size(), 0), whole, Integers(whole.size(), 1)};
    slice.starts[static_cast<std::size_t>(place)] = head;
    slice.sizes[static_cast<std::size_t>(place)] = 1;
    const TensorId x = lowering.add(fmt::format("part{}", head), slice, {turned_b});
    const auto from = all.values.begin() + static_cast<std::ptrdiff_t>(head) * size;
    const TensorId w = lowering.add_weights(turned({{rows, inputs}, {from, from + size}}));
    const TensorId bias =
        lowering.add_constant("bias", {rows}, std::vector<float>(static_cast<std::size_t>(rows)));
    parts.push_back(lowering.add(fmt::format("product{}", head), MatMul{}, {x, w, bias}));
  }
  Shape shape = b.shape;
  shape[axis + 1] = rows;
  lowering.define(node, lowering.add("", Concat{place}, parts), shape, b.batch, order);
}

}  // namespace

void lower_gemm(Lowering& lowering, const Node& node) {
  if (node.integer_attribute("transA", 0) != 0) {
    node.fail("transA=1 is not supported");
  }
  if (lowering.values().activation(node, 0).shape.size() != 2) {
    node.fail("its input must have two axes");
  }
  Weights weights = lowering.values().weights(node, 1);
  if (weights.shape.size() != 2) {
    node.fail(fmt::format("its weights have shape {}; two dimensions are supported",
                          to_string(weights.shape)));
  }
  const bool transposed = node.integer_attribute("transB", 0) != 0;
  if (transposed) {
    weights = turned(std::move(weights));
  }
  const float alpha = node.float_attribute("alpha", 1.0F);
  if (alpha != 1.0F && node.similarity() == Similarity::L1) {
    node.fail(fmt::format("alpha={} is not supported; allowed: 1", alpha));
  }
  if (alpha != 1.0F) {
    weights.change([alpha](std::vector<float> values) {
      std::ranges::for_each(values, [alpha](float& value) { value *= alpha; });
      return values;
    });
  }
  std::vector<float> bias = gemm_bias(lowering, node, weights.shape[1]);
  multiply(lowering, node, std::move(weights), std::move(bias), transposed ? 0 : 1, alpha);
}

void lower_matmul(Lowering& lowering, const Node& node) {
  const bool left = lowering.values().is_constant(node, 0);
  const auto matrices = [&] {
    const Shape shape = lowering.values().weights(node, 0).shape;
    return shape.size() > 2 && shape[shape.size() - 3] > 1;
  };
  if (left && matrices()) {
    multiply_each_from_left(lowering, node);
  } else if (left) {
    multiply_from_left(lowering, node);
  } else if (!lowering.values().is_constant(node, 1)) {
    multiply_activations(lowering, node);
  } else {
    Weights given = lowering.values().weights(node, 1);
    const std::size_t last = given.shape.empty() ? 0 : given.shape.size() - 1;
    Weights weights = matrix_of(node, std::move(given));
    const auto outputs = static_cast<std::size_t>(weights.shape[1]);
    multiply(lowering, node, std::move(weights), std::vector<float>(outputs), last);
  }
}

}  // namespace systol::onnx_import
