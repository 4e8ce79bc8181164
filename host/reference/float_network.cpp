#include "host/reference/float_network.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/graph/growth.h"
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
  FloatRun(const Graph& graph, const Connections& connections, std::size_t rows)
      : graph_(graph),
        connections_(connections),
        rows_(rows),
        tensors_(graph.tensors.size()),
        left_(graph.tensors.size()) {
    result_.ranges.resize(graph.tensors.size());
    for (std::size_t i = 0; i < left_.size(); ++i) {
      left_[i] = connections.uses(static_cast<TensorId>(i));
    }
  }

  void set_state(TensorId id, Values values) { set(id, std::move(values)); }
  /// Of a state's next value, after the run.
  const Values& value(TensorId id) const { return tensors_[index_of(id)]; }

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
  std::vector<Values> tensors_;
  std::vector<std::size_t> left_;  ///< uses still to come
  FloatResult result_;
};

/// Samples of a network with states, one after another.
class FloatSteps {
 public:
  FloatSteps(const Graph& graph, const Connections& connections)
      : graph_(graph), connections_(connections) {
    for (const State& state : graph.states) {
      states_.push_back(state.initial);
      states_.back().resize(elements(graph.shape(state.value)));
    }
  }

  FloatResult next(std::span<const float> inputs) {
    if (grows(graph_)) {
      seen_ = at_sample(graph_, sample_++);
    }
    FloatRun run(seen_ ? *seen_ : graph_, connections_, 1);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      run.set_state(graph_.states[i].value, states_[i]);
    }
    FloatResult result = run.run(inputs);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      take_up(i, run.value(graph_.states[i].next));
    }
    return result;
  }

 private:
  void take_up(std::size_t i, const Values& next) {
    const State& state = graph_.states[i];
    if (!state.axis) {
      states_[i] = next;
      return;
    }
    const Shape& shape = graph_.shape(state.next);
    const auto axis = static_cast<std::ptrdiff_t>(*state.axis);
    const std::size_t outer = elements({shape.begin(), shape.begin() + axis});
    states_[i] = joined_blocks(states_[i], next, outer);
  }

  /// Of `outer` blocks of each: one of the first, one of the second, ...
  static Values joined_blocks(const Values& first, const Values& second, std::size_t outer) {
    Values result;
    result.reserve(first.size() + second.size());
    for (std::size_t i = 0; i < outer; ++i) {
      for (const Values* from : {&first, &second}) {
        const auto block = static_cast<std::ptrdiff_t>(from->size() / outer);
        const auto begin = from->begin() + static_cast<std::ptrdiff_t>(i) * block;
        result.insert(result.end(), begin, begin + block);
      }
    }
    return result;
  }

  const Graph& graph_;
  const Connections& connections_;
  std::optional<Graph> seen_;  ///< where shapes differ from sample to sample
  std::uint64_t sample_ = 0;
  std::vector<Values> states_;
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

FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows) {
  if (rows == 0 || !graph.has_values() ||
      inputs.size() != rows * graph.input_size()) {
    throw std::invalid_argument("run_float: inputs are not [rows][graph.input_size()]");
  }
  const Connections connections(graph);
  const std::size_t most = graph.states.empty() ? rows_at_once(graph) : 1;
  FloatSteps steps(graph, connections);
  FloatResult result;
  for (std::size_t row = 0; row < rows; row += most) {
    const std::size_t count = std::min(most, rows - row);
    const auto part = inputs.subspan(row * graph.input_size(), count * graph.input_size());
    append(result, graph.states.empty() ? FloatRun(graph, connections, count).run(part)
                                        : steps.next(part));
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
