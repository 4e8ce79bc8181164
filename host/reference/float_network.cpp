#include "host/reference/float_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/reference/float_matmul.h"
#include "host/reference/float_node.h"
#include "host/reference/product_shape.h"

namespace systol {
namespace {

using Values = std::vector<float>;

/// Values of the largest tensor that are in memory at once; samples beyond them wait.
constexpr std::size_t kTensorValues = std::size_t{1} << 24;

/// Computes one node after another for `rows` samples.
class FloatRun {
 public:
  FloatRun(const Graph& graph, const Connections& connections, std::size_t rows,
           const FloatObserver& seen)
      : graph_(graph),
        connections_(connections),
        rows_(rows),
        seen_(seen),
        tensors_(graph.tensors.size()),
        left_(graph.tensors.size()) {
    result_.ranges.resize(graph.tensors.size());
    for (std::size_t i = 0; i < left_.size(); ++i) {
      left_[i] = connections.uses(static_cast<TensorId>(i));
    }
  }

  FloatResult run(std::span<const float> inputs) {
    split(inputs);
    for (const Node& node : graph_.nodes) {
      set(node.output, compute(node));
      std::ranges::for_each(node.inputs, [this](TensorId input) { release(input); });
    }
    for (const TensorId output : graph_.outputs) {
      result_.outputs.push_back(tensors_[index_of(output)]);
      release(output);
    }
    return std::move(result_);
  }

 private:
  std::size_t size(TensorId id) const { return elements(graph_.shape(id)); }

  /// A sample is the values of one input after those of the other.
  void split(std::span<const float> inputs) {
    const std::size_t width = inputs.size() / rows_;
    std::size_t start = 0;
    for (const TensorId input : graph_.inputs) {
      Values values(rows_ * size(input));
      for (std::size_t row = 0; row < rows_; ++row) {
        std::copy_n(&inputs[row * width + start], size(input), &values[row * size(input)]);
      }
      set(input, std::move(values));
      start += size(input);
    }
  }

  void set(TensorId id, Values values) {
    result_.ranges[index_of(id)] = range_of(values);
    if (seen_) {
      seen_(id, values);
    }
    tensors_[index_of(id)] = std::move(values);
  }

  void release(TensorId id) {
    if (--left_[index_of(id)] == 0) {
      tensors_[index_of(id)] = Values();
    }
  }

  const float* values(TensorId id, std::size_t row) const {
    const Constant* constant = connections_.constant(id);
    return constant != nullptr ? constant->values.data()
                               : tensors_[index_of(id)].data() + row * size(id);
  }

  Values compute(const Node& node) const {
    Values result(rows_ * size(node.output));
    if (std::holds_alternative<MatMul>(node.operation) &&
        connections_.constant(node.inputs[1]) != nullptr) {
      dense(node, result.data());
      return result;
    }
    std::vector<const float*> inputs(node.inputs.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      std::ranges::transform(node.inputs, inputs.begin(),
                             [&](TensorId input) { return values(input, row); });
      float_node(graph_, node, inputs, &result[row * size(node.output)]);
    }
    return result;
  }

  /// All samples are rows of the same product.
  void dense(const Node& node, float* result) const {
    const ProductShape shape = product_shape(graph_, node);
    float_matmul(
        {rows_ * shape.rows, shape.outputs, shape.depth, shape.depth, shape.outputs, shape.outputs},
        values(node.inputs[0], 0), values(node.inputs[1], 0),
        node.inputs.size() == 3 ? values(node.inputs[2], 0) : nullptr, result);
  }

  const Graph& graph_;
  const Connections& connections_;
  std::size_t rows_;
  const FloatObserver& seen_;
  std::vector<Values> tensors_;
  std::vector<std::size_t> left_;  ///< uses still to come
  FloatResult result_;
};

void append(FloatResult& all, FloatResult part) {
  if (all.ranges.empty()) {
    all = std::move(part);
    return;
  }
  for (std::size_t i = 0; i < all.ranges.size(); ++i) {
    all.ranges[i].low = std::min(all.ranges[i].low, part.ranges[i].low);
    all.ranges[i].high = std::max(all.ranges[i].high, part.ranges[i].high);
  }
  for (std::size_t i = 0; i < all.outputs.size(); ++i) {
    all.outputs[i].insert(all.outputs[i].end(), part.outputs[i].begin(), part.outputs[i].end());
  }
}

std::size_t rows_at_once(const Graph& graph) {
  std::size_t most = 1;
  for (const Tensor& tensor : graph.tensors) {
    most = std::max<std::size_t>(most, elements(tensor.shape));
  }
  return std::max<std::size_t>(kTensorValues / most, 1);
}

}  // namespace

FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows,
                      const FloatObserver& seen) {
  if (rows == 0 || !graph.states.empty() || !graph.has_values() ||
      inputs.size() != rows * graph.input_size()) {
    throw std::invalid_argument("run_float: inputs are not [rows][graph.input_size()]");
  }
  const Connections connections(graph);
  const std::size_t most = rows_at_once(graph);
  FloatResult result;
  for (std::size_t row = 0; row < rows; row += most) {
    const std::size_t count = std::min(most, rows - row);
    append(result, FloatRun(graph, connections, count, seen)
                       .run(inputs.subspan(row * graph.input_size(), count * graph.input_size())));
  }
  return result;
}

ValueRange range_of(std::span<const float> values) {
  ValueRange range{INFINITY, -INFINITY};
  for (const float value : values) {
    if (std::isnan(value)) {
      return {-INFINITY, INFINITY};
    }
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

std::vector<std::size_t> largest(std::span<const float> scores, std::size_t columns) {
  std::vector<std::size_t> result;
  for (std::size_t at = 0; at + columns <= scores.size(); at += columns) {
    const auto row = scores.subspan(at, columns);
    result.push_back(
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

}  // namespace systol
