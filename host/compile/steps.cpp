#include "host/compile/steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/graph/clamping.h"
#include "host/graph/depthwise.h"
#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::uint32_t last_extent(const Shape& shape) {
  return shape.empty() ? 1 : static_cast<std::uint32_t>(shape.back());
}

class StepBuilder {
 public:
  explicit StepBuilder(const Graph& graph) : graph_(graph), stored_(graph.tensors.size()) {
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      stored_[i] = static_cast<TensorId>(i);
    }
  }

  Steps run() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      node_ = i;
      std::visit([this](const auto& operation) { add(operation); }, graph_.nodes[i].operation);
    }
    std::vector<TensorId> outputs;
    for (const TensorId output : graph_.outputs) {
      outputs.push_back(stored(output));
      check_output(output);
    }
    std::vector<StoredState> states;
    for (const State& state : graph_.states) {
      states.push_back({state.value, stored(state.next)});
      check_next(state);
    }
    return {std::move(steps_), std::move(outputs), std::move(states)};
  }

 private:
  /// The tensor whose bytes `id` is.
  TensorId stored(TensorId id) const { return stored_[index_of(id)]; }
  const Node& node() const { return graph_.nodes[node_]; }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place_of(graph_, node()), problem));
  }

  void add(const MatMul&) {
    const bool constant = graph_.constant(node().inputs[1]) != nullptr;
    Step& step = start_step(constant ? StepKind::Matrix : StepKind::Product);
    step.inputs = last_extent(graph_.shape(node().inputs[0]));
  }

  void add(const Convolution&) {
    const bool depthwise = is_depthwise(graph_, node());
    Step& step = start_step(depthwise ? StepKind::Depthwise : StepKind::Matrix);
    const Shape& weights = graph_.shape(node().inputs[1]);
    step.inputs = static_cast<std::uint32_t>(weights[0] * weights[1] * weights[2]);
  }

  void add(const Softmax&) { start_step(StepKind::Softmax); }

  /// Joins the step whose results it alone reads.
  void add(const Map& map) {
    const TensorId input = node().inputs.front();
    Step* step = step_of(input);
    if (step == nullptr || step->softmax() || graph_.uses(input) != 1) {
      step = &start_step(StepKind::Table);
      step->table = true;
      return;
    }
    const bool clamp = is_clamp(map) && step->functions.empty() &&
                       has_clamp(graph_.nodes[step->node].operation) &&
                       graph_.nodes[step->node].output == input;
    step->functions.push_back(node_);
    step->table = step->table || !clamp;
    extend(*step);
  }

  void add(const Binary&) { start_step(StepKind::Vector); }
  void add(const Concat&) { start_step(StepKind::Vector); }

  template <class Other>
  void add(const Other&) {
    const auto constant = [this](TensorId input) { return graph_.constant(input) != nullptr; };
    if (std::ranges::any_of(node().inputs, constant)) {
      fail("one of its inputs is a constant");
    }
    start_step(StepKind::Vector);
  }

  void add(const Reshape&) {
    const TensorId input = node().inputs.front();
    Step* step = step_of(input);
    if (step != nullptr && graph_.uses(input) == 1) {
      extend(*step);
    } else {
      stored_[index_of(node().output)] = stored(input);
    }
  }

  Step& start_step(StepKind kind) {
    Step step;
    step.name = node().name;
    step.node = node_;
    step.kind = kind;
    for (const TensorId input : node().inputs) {
      if (graph_.constant(input) == nullptr) {
        step.sources.push_back(stored(input));
      }
    }
    const bool first = graph_.constant(node().inputs.front()) != nullptr;
    if (step.sources.empty() || (first && kind != StepKind::Vector)) {
      fail("its input is a constant");
    }
    step.output = node().output;
    const Shape& shape = graph_.shape(step.output);
    step.outputs = last_extent(shape);
    step.rows = static_cast<std::uint32_t>(elements(shape) / step.outputs);
    steps_.push_back(std::move(step));
    return steps_.back();
  }

  /// The step's output is the current node's from now on.
  void extend(Step& step) {
    std::ranges::replace(stored_, step.output, node().output);
    step.output = node().output;
  }

  Step* step_of(TensorId output) {
    const auto found = std::ranges::find(steps_, output, &Step::output);
    return found == steps_.end() ? nullptr : &*found;
  }

  void check_output(TensorId output) {
    if (step_of(stored(output)) == nullptr) {
      throw InputError(fmt::format("{}: output '{}': nothing computes it", graph_.place(),
                                   graph_.tensor(output).name));
    }
  }

  void check_next(const State& state) {
    if (step_of(stored(state.next)) == nullptr) {
      throw InputError(fmt::format("{}: state '{}': nothing computes its next value",
                                   graph_.place(), graph_.tensor(state.value).name));
    }
  }

  const Graph& graph_;
  std::size_t node_ = 0;
  std::vector<Step> steps_;
  std::vector<TensorId> stored_;
};

}  // namespace

Steps steps_of(const Graph& graph) { return StepBuilder(graph).run(); }

bool is_dense_chain(const Graph& graph, const Steps& steps) {
  const auto dense = [&](const Step& step) {
    const bool matmul = step.kind == StepKind::Matrix &&
                        std::holds_alternative<MatMul>(graph.nodes[step.node].operation);
    return (matmul || step.softmax()) && step.rows == 1 && !step.added;
  };
  return graph.inputs.size() == 1 && graph.states.empty() &&
         std::ranges::all_of(steps.steps, dense);
}

}  // namespace systol
