#include "host/graph/growth.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using MaybeGrowth = std::optional<Growth>;

/// What each operation makes of inputs that grow, one of them at least.
class Growing {
 public:
  Growing(const Graph& graph, const Node& node, std::vector<MaybeGrowth> inputs)
      : graph_(graph), node_(node), inputs_(std::move(inputs)) {}

  MaybeGrowth operator()(const Map&) const { return inputs_[0]; }

  MaybeGrowth operator()(const Softmax&) const { return inputs_[0]; }

  MaybeGrowth operator()(const Transpose& transpose) const {
    Growth growth = *inputs_[0];
    const auto to =
        std::ranges::find(transpose.permutation, static_cast<std::int64_t>(growth.axis));
    growth.axis = static_cast<std::size_t>(to - transpose.permutation.begin());
    return growth;
  }

  MaybeGrowth operator()(const Repeat& repeat) const {
    return repeat.factors[inputs_[0]->axis] == 1 ? inputs_[0] : refuse();
  }

  /// Indices that are put before the slice's first move it; the others make it longer.
  MaybeGrowth operator()(const Slice& slice) const {
    Growth growth = *inputs_[0];
    const std::size_t axis = growth.axis;
    if (slice.steps[axis] != 1) {
      return refuse();
    }
    const std::int64_t start = slice.starts[axis];
    if (start >= growth.at || start + slice.sizes[axis] < growth.at) {
      return std::nullopt;
    }
    growth.at -= start;
    return growth;
  }

  MaybeGrowth operator()(const Concat& concat) const {
    const auto axis = static_cast<std::size_t>(concat.axis);
    MaybeGrowth found;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i] && inputs_[i]->axis == axis) {
        if (found) {
          return refuse();
        }
        found = inputs_[i];
        found->at += before;
      } else if (inputs_[i]) {
        return alike();
      }
      before += shape(i)[axis];
    }
    return found;
  }

  /// The other grows alike, or has one index there, which is repeated.
  MaybeGrowth operator()(const Binary&) const {
    const std::size_t of = inputs_[0] ? 0 : 1;
    const std::size_t other = 1 - of;
    if (inputs_[other]) {
      return shape(0).size() == shape(1).size() ? alike() : refuse();
    }
    const std::size_t from_last = shape(of).size() - inputs_[of]->axis;
    const Shape& repeated = shape(other);
    if (repeated.size() > shape(of).size() ||
        (repeated.size() >= from_last && repeated[repeated.size() - from_last] != 1)) {
      return refuse();
    }
    return inputs_[of];
  }

  /// Rows of the first input, columns of the second, or what is summed over.
  MaybeGrowth operator()(const MatMul& matmul) const {
    const std::size_t rank = shape(0).size();
    if (rank < 2 || shape(1).size() != rank) {
      return refuse();
    }
    const std::size_t depth = matmul.transposed ? rank - 1 : rank - 2;
    const MaybeGrowth& a = inputs_[0];
    const MaybeGrowth& b = inputs_[1];
    const bool summed = a && a->axis == rank - 1;
    if (summed || (b && b->axis == depth)) {
      return summed && b && b->axis == depth && a->at == b->at && a->each == b->each ? std::nullopt
                                                                                     : refuse();
    }
    if ((a && b) || (a && a->axis != rank - 2) || (b && b->axis < rank - 2)) {
      return refuse();
    }
    return a ? *a : Growth{rank - 1, b->at, b->each};
  }

  template <class Other>
  MaybeGrowth operator()(const Other&) const {
    return refuse();
  }

 private:
  const Shape& shape(std::size_t input) const { return graph_.shape(node_.inputs[input]); }

  MaybeGrowth alike() const {
    return std::ranges::all_of(inputs_, [&](const MaybeGrowth& each) { return each == inputs_[0]; })
               ? inputs_[0]
               : refuse();
  }

  [[noreturn]] MaybeGrowth refuse() const {
    const auto which =
        std::ranges::find_if(inputs_, [](const auto& each) { return each.has_value(); });
    const auto input = static_cast<std::size_t>(which - inputs_.begin());
    throw InputError(fmt::format(
        "{}: its input '{}' grows along axis {} from sample to sample, which it does not take so",
        place_of(graph_, node_), graph_.tensor(node_.inputs[input]).name, (*which)->axis));
  }

  const Graph& graph_;
  const Node& node_;
  std::vector<MaybeGrowth> inputs_;
};

/// What a slice skips or takes more of in sample `number`.
void move_slice(Slice& slice, const Growth& growth, std::int64_t number) {
  const std::int64_t more = growth.each * number;
  if (slice.starts[growth.axis] >= growth.at) {
    slice.starts[growth.axis] += more;
  } else if (slice.starts[growth.axis] + slice.sizes[growth.axis] >= growth.at) {
    slice.sizes[growth.axis] += more;
  }
}

}  // namespace

bool grows(const Graph& graph) {
  return std::ranges::any_of(graph.states,
                             [](const State& state) { return state.axis.has_value(); });
}

std::vector<std::optional<Growth>> growth_of(const Graph& graph) {
  std::vector<MaybeGrowth> growth(graph.tensors.size());
  for (const State& state : graph.states) {
    if (state.axis) {
      growth[index_of(state.value)] = Growth{*state.axis, graph.shape(state.value)[*state.axis],
                                             graph.shape(state.next)[*state.axis]};
    }
  }
  for (const Node& node : graph.nodes) {
    std::vector<MaybeGrowth> inputs;
    for (const TensorId input : node.inputs) {
      inputs.push_back(growth[index_of(input)]);
    }
    if (std::ranges::any_of(inputs, [](const MaybeGrowth& each) { return each.has_value(); })) {
      growth[index_of(node.output)] =
          std::visit(Growing(graph, node, std::move(inputs)), node.operation);
    }
  }
  return growth;
}

Graph at_sample(const Graph& graph, std::uint64_t number) {
  Graph result;
  result.name = graph.name;
  result.file = graph.file;
  result.tensors = graph.tensors;
  result.nodes = graph.nodes;
  result.inputs = graph.inputs;
  result.outputs = graph.outputs;
  for (const Constant& constant : graph.constants) {
    result.constants.push_back({constant.tensor, {}});
  }
  for (const State& state : graph.states) {
    result.states.push_back({state.value, state.next, {}, state.axis});
  }
  const std::vector<MaybeGrowth> growth = growth_of(graph);
  const auto samples = static_cast<std::int64_t>(number);
  for (std::size_t i = 0; i < growth.size(); ++i) {
    if (growth[i]) {
      result.tensors[i].shape[growth[i]->axis] += growth[i]->each * samples;
    }
  }
  for (Node& node : result.nodes) {
    auto* slice = std::get_if<Slice>(&node.operation);
    if (slice != nullptr && growth[index_of(node.inputs[0])]) {
      move_slice(*slice, *growth[index_of(node.inputs[0])], samples);
    }
  }
  return result;
}

}  // namespace systol
