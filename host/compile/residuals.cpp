#include "host/compile/residuals.h"

#include <algorithm>

namespace systol {
namespace {

/// Looks for the steps' additions, in their order.
class Joiner {
 public:
  Joiner(const Graph& graph, Steps& steps) : graph_(graph), steps_(steps) {}

  /// Whether step `i` joined one before it, and is gone.
  bool join(std::size_t i) {
    const Step addition = steps_.steps[i];
    const Node& node = graph_.nodes[addition.node];
    const auto* binary = std::get_if<Binary>(&node.operation);
    if (binary == nullptr || addition.sources.size() != 2 || node.inputs.size() != 2 ||
        (binary->function != BinaryFunction::Add && binary->function != BinaryFunction::Subtract)) {
      return false;
    }
    // The later of both, which finds the other one computed.
    const std::size_t sums = place_of(addition.sources[0]) < place_of(addition.sources[1]) ? 1 : 0;
    const std::size_t by = place_of(addition.sources[sums]);
    const TensorId residual = addition.sources[1 - sums];
    if (by == 0 || by == place_of(residual) || !fits(steps_.steps[by - 1], node, residual)) {
      return false;
    }
    Step& step = steps_.steps[by - 1];
    step.added = AddedResidual{addition.node, sums};
    step.sources.push_back(residual);
    step.functions.push_back(addition.node);
    step.functions.insert(step.functions.end(), addition.functions.begin(),
                          addition.functions.end());
    step.table = addition.table;
    step.output = addition.output;
    steps_.steps.erase(steps_.steps.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }

 private:
  /// 1 more than the place of the step that computes the tensor; 0 for an input or a state.
  std::size_t place_of(TensorId tensor) const {
    const auto found = std::ranges::find(steps_.steps, tensor, &Step::output);
    return found == steps_.steps.end() ? 0
                                       : static_cast<std::size_t>(found - steps_.steps.begin()) + 1;
  }

  bool fits(const Step& step, const Node& addition, TensorId residual) const {
    const Shape& shape = graph_.shape(graph_.nodes[step.node].output);
    return step.kind == StepKind::Matrix && !step.table && !step.added &&
           readers(step.output) == 1 && graph_.shape(addition.output) == shape &&
           graph_.shape(addition.inputs[0]) == shape && graph_.shape(addition.inputs[1]) == shape &&
           graph_.shape(residual) == shape;
  }

  std::ptrdiff_t readers(TensorId tensor) const {
    std::ptrdiff_t count = std::ranges::count(steps_.outputs, tensor) +
                           std::ranges::count(steps_.states, tensor, &StoredState::next);
    for (const Step& step : steps_.steps) {
      count += std::ranges::count(step.sources, tensor);
    }
    return count;
  }

  const Graph& graph_;
  Steps& steps_;
};

}  // namespace

void add_residuals(const Graph& graph, const std::set<std::size_t>& apart, Steps& steps) {
  Joiner joiner(graph, steps);
  for (std::size_t i = 0; i < steps.steps.size();) {
    const bool stays = apart.contains(steps.steps[i].node) || !joiner.join(i);
    i += stays ? 1 : 0;
  }
}

}  // namespace systol
