#include "host/compile/steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::uint32_t width(const Graph& graph, TensorId id) {
  return static_cast<std::uint32_t>(elements(graph.shape(id)));
}

class StepBuilder {
 public:
  explicit StepBuilder(const Graph& graph) : graph_(graph), stored_(graph.tensors.size()) {
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      stored_[i] = static_cast<TensorId>(i);
    }
  }

  Steps run() {
    if (!graph_.states.empty()) {
      throw InputError(fmt::format("{}: state '{}': states are not supported yet", graph_.place(),
                                   graph_.tensor(graph_.states.front().value).name));
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      node_ = i;
      std::visit([this](const auto& operation) { add(operation); }, graph_.nodes[i].operation);
    }
    std::vector<TensorId> outputs;
    for (const TensorId output : graph_.outputs) {
      outputs.push_back(stored(output));
      check_output(output);
    }
    return {std::move(steps_), std::move(outputs)};
  }

 private:
  /// The tensor whose bytes `id` is.
  TensorId stored(TensorId id) const { return stored_[index_of(id)]; }
  const Node& node() const { return graph_.nodes[node_]; }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place_of(graph_, node()), problem));
  }

  /// What has no lowering is refused.
  template <class Other>
  void add(const Other& operation) {
    fail(fmt::format("'{}' is not compiled for the machine yet", name_of(operation)));
  }

  void add(const MatMul&) { start_step(false); }

  void add(const Softmax&) { start_step(true); }

  /// Joins the matmul whose sums it alone reads.
  void add(const Map& map) {
    const TensorId input = node().inputs.front();
    Step* step = step_of(input);
    if (step == nullptr || step->softmax || graph_.uses(input) != 1) {
      fail(
          "the machine applies functions to a matmul's sums on their way to the buffer only, and "
          "this one's input is something else, or is used elsewhere too");
    }
    const bool clamp = map.function == Function::Relu && step->functions.empty() &&
                       graph_.nodes[step->node].output == input;
    step->functions.push_back(node_);
    step->table = step->table || !clamp;
    extend(*step);
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

  void start_step(bool softmax) {
    Step step;
    step.name = node().name;
    step.node = node_;
    step.softmax = softmax;
    step.input = stored(node().inputs.front());
    step.output = node().output;
    step.inputs = width(graph_, step.input);
    step.outputs = width(graph_, step.output);
    if (graph_.constant(step.input) != nullptr) {
      fail("its input is a constant");
    }
    steps_.push_back(std::move(step));
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

  const Graph& graph_;
  std::size_t node_ = 0;
  std::vector<Step> steps_;
  std::vector<TensorId> stored_;
};

}  // namespace

Steps steps_of(const Graph& graph) { return StepBuilder(graph).run(); }

}  // namespace systol
