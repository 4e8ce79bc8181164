#include "host/reference/float_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/graph/node_constants.h"
#include "host/reference/float_matmul.h"
#include "host/reference/float_node.h"
#include "host/reference/per_processor.h"
#include "host/reference/product_shape.h"
#include "host/reference/sample_shapes.h"

namespace systol {
namespace {

using Values = std::vector<float>;

/// Values of the largest tensor that is computed that are in memory at once; samples beyond them
/// wait.
constexpr std::size_t kTensorValues = std::size_t{1} << 24;

/// Weights that are made at once, and their columns are a multiple of so many.
constexpr std::size_t kPartValues = std::size_t{1} << 17;
constexpr std::size_t kPartColumns = 64;

/// By the graph's states: what earlier samples have left; empty before the first.
using States = std::vector<Values>;

Values first_state(const Graph& graph, const State& state) {
  Values values = state.initial;
  values.resize(elements(graph.shape(state.value)));
  return values;
}

/// Computes one node after another for some samples.
class FloatRun {
 public:
  /// `states` is what the samples begin with, and then what they leave for those that follow.
  FloatRun(const Graph& graph, const Connections& connections, NodeConstants& constants,
           const SampleShapes& shapes, States& states, bool others_follow,
           const FloatObserver& seen)
      : graph_(graph),
        connections_(connections),
        constants_(constants),
        shapes_(shapes),
        rows_(shapes.rows()),
        states_(states),
        others_follow_(others_follow),
        seen_(seen),
        tensors_(graph.tensors.size()),
        left_(graph.tensors.size()),
        held_(graph.tensors.size()) {
    result_.ranges.resize(graph.tensors.size());
    for (std::size_t i = 0; i < left_.size(); ++i) {
      left_[i] = connections.uses(static_cast<TensorId>(i));
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
      held_[index_of(graph.states[i].value)] = i + 1;
      result_.ranges[index_of(graph.states[i].value)] = range_of(state_now(i));
    }
  }

  FloatResult run(std::span<const float> inputs) {
    split(inputs);
    for (const Node& node : graph_.nodes) {
      set(node.output, compute(node));
      constants_.end();
      std::ranges::for_each(node.inputs, [this](TensorId input) { release(input); });
    }
    leave_states();
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
    const float* constant = constants_.values(id);
    return constant != nullptr ? constant : tensors_[index_of(id)].data() + shapes_.start(id, row);
  }

  Values compute(const Node& node) const {
    Values result(shapes_.start(node.output, rows_));
    if (std::holds_alternative<MatMul>(node.operation) &&
        similarity_of(node.operation) == Similarity::Product &&
        connections_.constant(node.inputs[1]) != nullptr && held_[index_of(node.inputs[0])] == 0 &&
        !shapes_.differs(node.inputs[0])) {
      dense(node, result.data());
      return result;
    }
    const auto number = static_cast<std::size_t>(&node - graph_.nodes.data());
    States held = states_read_by(node);
    std::vector<const float*> inputs(node.inputs.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      std::ranges::transform(node.inputs, inputs.begin(), [&](TensorId input) {
        const std::size_t state = held_[index_of(input)];
        return state > 0 ? held[state - 1].data() : values(input, row);
      });
      const Graph& seen = shapes_.graph(row);
      float_node(seen, seen.nodes[number], inputs, &result[shapes_.start(node.output, row)]);
      take_up(held, row);
    }
    return result;
  }

  /// What these samples begin with.
  Values state_now(std::size_t state) const {
    return states_[state].empty() ? first_state(graph_, graph_.states[state]) : states_[state];
  }

  /// Before the first sample; what the node does not read stays empty.
  States states_read_by(const Node& node) const {
    States held(states_.size());
    for (const TensorId input : node.inputs) {
      if (const std::size_t state = held_[index_of(input)]; state > 0) {
        held[state - 1] = state_now(state - 1);
      }
    }
    return held;
  }

  /// What the next sample reads.
  void take_up(States& held, std::size_t row) const {
    for (std::size_t i = 0; i < held.size() && row + 1 < rows_; ++i) {
      if (!held[i].empty()) {
        const State& state = graph_.states[i];
        pass_samples(graph_, state, values(state.next, row), 1, held[i]);
      }
    }
  }

  void leave_states() {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const State& state = graph_.states[i];
      if (others_follow_) {
        if (states_[i].empty()) {
          states_[i] = first_state(graph_, state);
        }
        pass_samples(graph_, state, values(state.next, 0), rows_, states_[i]);
      }
      ValueRange& range = result_.ranges[index_of(state.value)];
      if (rows_ > 1) {  // what the last sample leaves nothing here reads
        const auto read = static_cast<std::ptrdiff_t>((rows_ - 1) * size(state.next));
        const ValueRange more =
            range_of(std::span(values(state.next, 0), static_cast<std::size_t>(read)));
        range = {std::min(range.low, more.low), std::max(range.high, more.high)};
      }
    }
  }

  /// All samples are rows of the same product.
  void dense(const Node& node, float* result) const {
    const ProductShape shape = product_shape(graph_, node);
    FloatMatmulShape matmul{rows_ * shape.rows, shape.outputs, shape.depth,
                            shape.depth,        shape.outputs, shape.outputs};
    const float* input = values(node.inputs[0], 0);
    const float* bias = node.inputs.size() == 3 ? values(node.inputs[2], 0) : nullptr;
    const ValueParts* parts = constants_.parts(node.inputs[1]);
    if (parts == nullptr) {
      float_matmul(matmul, input, values(node.inputs[1], 0), bias, result);
      return;
    }
    // Some columns of the weights at a time, which stay in a cache.
    const std::size_t most =
        std::max<std::size_t>(kPartValues / shape.depth / kPartColumns, 1) * kPartColumns;
    std::vector<float> weights(std::min(most, shape.outputs) * shape.depth);
    for (std::size_t column = 0; column < shape.outputs; column += most) {
      matmul.n = matmul.b_stride = std::min(most, shape.outputs - column);
      for (std::size_t row = 0; row < shape.depth; ++row) {
        (*parts)(row * shape.outputs + column,
                 std::span(weights).subspan(row * matmul.n, matmul.n));
      }
      float_matmul(matmul, input, weights.data(), bias == nullptr ? nullptr : bias + column,
                   result + column);
    }
  }

  const Graph& graph_;
  const Connections& connections_;
  NodeConstants& constants_;
  const SampleShapes& shapes_;
  std::size_t rows_;
  States& states_;
  bool others_follow_;
  const FloatObserver& seen_;
  std::vector<Values> tensors_;
  std::vector<std::size_t> left_;  ///< uses still to come
  std::vector<std::size_t> held_;  ///< by TensorId: 0, or one more than the state's number
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

constexpr std::size_t kLanes = 16;  ///< ranges side by side, which vectorise

struct LaneRanges {
  LaneRanges() {
    low.fill(INFINITY);
    high.fill(-INFINITY);
  }
  std::array<float, kLanes> low;
  std::array<float, kLanes> high;
  std::array<std::int32_t, kLanes> strange{};  ///< 1 where a value is not a number
};

/// By `count` values, whole rows of lanes.
SYSTOL_PER_PROCESSOR void widen(const float* __restrict values, std::size_t count,
                                float* __restrict low, float* __restrict high,
                                std::int32_t* __restrict strange) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float value = values[i + lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
      strange[lane] = value == value ? strange[lane] : 1;
    }
  }
}

std::size_t rows_at_once(const Graph& graph) {
  std::size_t most = 1;
  for (const TensorId input : graph.inputs) {
    most = std::max(most, elements(graph.shape(input)));
  }
  for (const Node& node : graph.nodes) {
    most = std::max(most, elements(graph.shape(node.output)));
  }
  return std::max<std::size_t>(kTensorValues / most, 1);
}

}  // namespace

FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows,
                      const FloatObserver& seen) {
  const bool given = std::ranges::all_of(graph.constants, [](const Constant& constant) {
    return !constant.values.empty() || constant.source;
  });
  if (rows == 0 || !given || inputs.size() != rows * graph.input_size()) {
    throw std::invalid_argument("run_float: inputs are not [rows][graph.input_size()]");
  }
  const Connections connections(graph);
  const std::size_t most = reads_what_is_computed(graph) ? rows_at_once(graph) : 1;
  NodeConstants constants(connections, rows > most);
  States states(graph.states.size());
  FloatResult result;
  for (std::size_t row = 0; row < rows; row += most) {
    const std::size_t count = std::min(most, rows - row);
    const SampleShapes shapes(graph, row, count);
    append(result, FloatRun(graph, connections, constants, shapes, states, row + count < rows, seen)
                       .run(inputs.subspan(row * graph.input_size(), count * graph.input_size())));
  }
  return result;
}

ValueRange range_of(std::span<const float> values) {
  LaneRanges lanes;
  const std::size_t whole = values.size() / kLanes * kLanes;
  widen(values.data(), whole, lanes.low.data(), lanes.high.data(), lanes.strange.data());
  std::array<float, kLanes> rest{};
  if (whole < values.size()) {  // filled up with one of them
    rest.fill(values.back());
    std::ranges::copy(values.subspan(whole), rest.begin());
    widen(rest.data(), kLanes, lanes.low.data(), lanes.high.data(), lanes.strange.data());
  }
  if (std::ranges::max(lanes.strange) > 0) {
    return {-INFINITY, INFINITY};
  }
  return {std::ranges::min(lanes.low), std::ranges::max(lanes.high)};
}

}  // namespace systol
