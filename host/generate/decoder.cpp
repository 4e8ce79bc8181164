#include "host/generate/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "host/import/given_rows.h"
#include "host/import/onnx_model.h"
#include "host/import/workload.h"
#include "host/quantise/quantise.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {

Decoder::Decoder(std::filesystem::path workload, const std::filesystem::path& trained)
    : workload_(std::move(workload)), trained_(trained), values_(read_onnx_constants(trained)) {
  const Graph graph = load_workload(workload_, {});
  const auto fail = [&](const std::string& problem) {
    throw InputError(fmt::format("{}: {}", printable(workload_.string()), problem));
  };
  if (graph.lookups.size() != 1 || graph.outputs.size() != 1 || !graph.states.empty()) {
    fail(
        "it does not read tokens and give scores; allowed is a network with one embedding and one "
        "output, such as configs/training/gpt.yaml");
  }
  const Shape& input = graph.shape(graph.lookups.front().input);
  vocabulary_ = rows_of(graph, graph.lookups.front());
  most_ = static_cast<std::size_t>(input[0]);
  const Shape scores{input[0], static_cast<std::int64_t>(vocabulary_)};
  if (graph.shape(graph.outputs.front()) != scores) {
    fail(fmt::format("its output has the shape {}; scores of each token's follower are {}",
                     to_string(graph.shape(graph.outputs.front())), to_string(scores)));
  }
}

Graph Decoder::shaped(std::size_t tokens, std::size_t cached) const {
  const std::vector<std::string> overrides = {fmt::format("variables.tokens={}", tokens),
                                              fmt::format("variables.cached={}", cached)};
  Graph graph = load_workload(workload_, overrides);
  if (cached > 0 && graph.states.empty()) {
    throw InputError(
        fmt::format("{}: its attention does not use the variable 'cached'; allowed is "
                    "'cached: $cached, joined: true'",
                    printable(workload_.string())));
  }
  give_values(graph);
  return graph;
}

void Decoder::give_values(Graph& graph) const {
  const auto values_of = [&](const std::string& name, std::size_t count) {
    const auto found = values_.find(name);
    if (found == values_.end() || found->second.size() != count) {
      throw InputError(fmt::format("{}: it has no '{}' of {} values, which {} needs",
                                   printable(trained_.string()), name, count,
                                   printable(workload_.string())));
    }
    return found->second;
  };
  for (Constant& constant : graph.constants) {
    if (constant.values.empty()) {
      constant.values =
          values_of(graph.tensor(constant.tensor).name, elements(graph.shape(constant.tensor)));
    }
  }
  Lookup& lookup = graph.lookups.front();
  const auto size = static_cast<std::size_t>(graph.shape(lookup.input).back());
  lookup.table = values_of(graph.tensor(lookup.input).name + ".table", vocabulary_ * size);
}

std::vector<float> input_of(const Graph& graph, std::span<const std::uint32_t> tokens,
                            std::size_t sample) {
  std::vector<float> values(graph.input_size());
  std::span<float> rest = values;
  for (const TensorId id : graph.inputs) {
    std::span<float> own = rest.first(elements(graph.shape(id)));
    rest = rest.subspan(own.size());
    const auto rotary = std::ranges::find(graph.rotary_inputs, id, &RotaryInput::input);
    if (rotary != graph.rotary_inputs.end()) {
      put_angles(graph, *rotary, sample, own);
      continue;
    }
    const std::size_t width = own.size() / tokens.size();
    for (const std::uint32_t token : tokens) {
      put_row(graph, graph.lookups.front(), token, own.first(width));
      own = own.subspan(width);
    }
  }
  return values;
}

Graph quantised_like(const Graph& graph, const QuantGraph& like) {
  Graph result = *quantisable(std::make_shared<const Graph>(graph));
  std::map<std::string, TensorId> known;
  for (std::size_t i = 0; i < like.graph->tensors.size(); ++i) {
    known.emplace(like.graph->tensors[i].name, static_cast<TensorId>(i));
  }
  const auto fix = [&](TensorId id, const std::string& name) {
    if (const auto found = known.find(name); found != known.end()) {
      const Quantisation quantisation = like.of(found->second);
      result.fixed_quantisations[id] = {quantisation.scale, quantisation.zero_point};
    }
  };
  for (std::size_t i = 0; i < result.tensors.size(); ++i) {
    fix(static_cast<TensorId>(i), result.tensors[i].name);
  }
  for (const State& state : result.states) {
    fix(state.value, result.tensor(state.next).name);
  }
  for (const Node& node : result.nodes) {
    if (std::holds_alternative<Concat>(node.operation) &&
        !result.fixed_quantisations.contains(node.output)) {
      fix(node.output, result.tensor(node.inputs.back()).name);
    }
  }
  return result;
}

}  // namespace systol
