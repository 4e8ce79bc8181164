#include "host/import/simplify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "host/import/fuse.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// y[c] = scale[c] x[c] + offset[c], over a tensor's last axis; one value stands for all channels.
struct ChannelFunction {
  TensorId input{};
  std::vector<float> scale = {1.0F};
  std::vector<float> offset = {0.0F};
};

template <class Changed>
void change(Constant& constant, Changed changed) {
  change_values(constant.values, constant.source, std::move(changed));
  constant.parts = nullptr;
}

float of_channel(const std::vector<float>& values, std::size_t channel) {
  return values.size() == 1 ? values.front() : values[channel];
}

class Folding {
 public:
  explicit Folding(Graph& graph)
      : graph_(graph),
        uses_(graph.tensors.size()),
        producers_(graph.tensors.size()),
        constants_(graph.tensors.size()),
        renamed_(graph.tensors.size()) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      producers_[index_of(graph.nodes[i].output)] = &graph.nodes[i];
      for (const TensorId input : graph.nodes[i].inputs) {
        ++uses_[index_of(input)];
      }
    }
    for (const TensorId output : graph.outputs) {
      ++uses_[index_of(output)];
    }
    for (const State& state : graph.states) {
      ++uses_[index_of(state.next)];
    }
    for (Constant& constant : graph.constants) {
      constants_[index_of(constant.tensor)] = &constant;
    }
    for (std::size_t i = 0; i < renamed_.size(); ++i) {
      renamed_[i] = static_cast<TensorId>(i);
    }
  }

  void run() {
    for (Node& node : graph_.nodes) {
      for (TensorId& input : node.inputs) {
        input = renamed_[index_of(input)];
      }
      if (const auto function = channel_function(node)) {
        fold(node, *function);
      }
    }
    for (TensorId& output : graph_.outputs) {
      output = renamed_[index_of(output)];
    }
    for (State& state : graph_.states) {
      state.next = renamed_[index_of(state.next)];
    }
    for (Constant& constant : graph_.constants) {
      change(constant, [place = place_of(constant)](std::vector<float> values) {
        check_finite(values, place);
        return values;
      });
    }
  }

 private:
  std::optional<ChannelFunction> channel_function(const Node& node) const {
    if (const auto* map = std::get_if<Map>(&node.operation)) {
      return map->function == Function::Linear
                 ? std::optional(ChannelFunction{node.inputs[0], {map->a}, {map->b}})
                 : std::nullopt;
    }
    const auto* binary = std::get_if<Binary>(&node.operation);
    if (binary == nullptr) {
      return std::nullopt;
    }
    const bool reversed = constants_[index_of(node.inputs[0])] != nullptr;
    const TensorId other = node.inputs[reversed ? 1 : 0];
    const Constant* constant = constants_[index_of(node.inputs[reversed ? 0 : 1])];
    if (constant == nullptr || graph_.shape(constant->tensor).size() > 1 ||
        graph_.shape(node.output) != graph_.shape(other)) {
      return std::nullopt;
    }
    return with_constant(binary->function, other, constant->values, reversed);
  }

  static std::optional<ChannelFunction> with_constant(BinaryFunction function, TensorId input,
                                                      std::vector<float> values, bool reversed) {
    if (function == BinaryFunction::Multiply) {
      return ChannelFunction{input, std::move(values), {0.0F}};
    }
    if (function == BinaryFunction::Add || (function == BinaryFunction::Subtract && reversed)) {
      return ChannelFunction{
          input, {reversed && function != BinaryFunction::Add ? -1.0F : 1.0F}, std::move(values)};
    }
    if (function == BinaryFunction::Subtract) {
      std::ranges::transform(values, values.begin(), std::negate<>());
      return ChannelFunction{input, {1.0F}, std::move(values)};
    }
    return std::nullopt;
  }

  void fold(Node& node, const ChannelFunction& function) {
    Node* before = producers_[index_of(function.input)];
    if (before == nullptr || uses_[index_of(function.input)] != 1 ||
        graph_.fixed_quantisations.contains(function.input)) {
      return;
    }
    if (is_layer(*before) && takes(*before, function)) {
      apply(*before, function);
      rename(node, before->output);
    } else if (auto* first = std::get_if<Map>(&before->operation);
               first != nullptr && first->function == Function::Linear &&
               function.scale.size() == 1 && function.offset.size() == 1) {
      first->a *= function.scale.front();
      first->b = first->b * function.scale.front() + function.offset.front();
      rename(node, before->output);
    } else if (does_nothing(function)) {
      rename(node, before->output);
    }
  }

  static bool does_nothing(const ChannelFunction& function) {
    return std::ranges::all_of(function.scale, [](float scale) { return scale == 1.0F; }) &&
           std::ranges::all_of(function.offset, [](float offset) { return offset == 0.0F; });
  }

  bool is_layer(const Node& node) const {
    const bool kind = std::holds_alternative<MatMul>(node.operation) ||
                      std::holds_alternative<Convolution>(node.operation);
    return kind && node.inputs.size() > 2 &&
           std::all_of(node.inputs.begin() + 1, node.inputs.end(),
                       [this](TensorId id) { return own_values(id); });
  }
  /// Weights that are compared take no factor: a sum of distances has a scale of its own, which is
  /// positive.
  static bool takes(const Node& layer, const ChannelFunction& function) {
    const bool scaled = layer.inputs.size() > 3;
    return similarity_of(layer.operation) == Similarity::Product ||
           std::ranges::all_of(function.scale, [scaled](float scale) {
             return scale == 1.0F || (scaled && scale > 0.0F);
           });
  }
  bool own_values(TensorId id) const {
    const Constant* constant = constants_[index_of(id)];
    return constant != nullptr && uses_[index_of(id)] == 1 &&
           (!constant->values.empty() || constant->source);
  }

  void apply(const Node& layer, const ChannelFunction& function) {
    const auto channels = static_cast<std::size_t>(elements(graph_.shape(layer.inputs[2])));
    // Of a sum of distances without a scale only the bias changes.
    const bool product = similarity_of(layer.operation) == Similarity::Product;
    if (product || layer.inputs.size() > 3) {
      change(*constants_[index_of(layer.inputs[product ? 1 : 3])],
             [scale = function.scale, channels](std::vector<float> factors) {
               for (std::size_t i = 0; i < factors.size(); ++i) {
                 factors[i] *= of_channel(scale, i % channels);
               }
               return factors;
             });
    }
    change(*constants_[index_of(layer.inputs[2])], [function, channels](std::vector<float> bias) {
      for (std::size_t c = 0; c < channels; ++c) {
        bias[c] = bias[c] * of_channel(function.scale, c) + of_channel(function.offset, c);
      }
      return bias;
    });
    if (const auto steps = graph_.weight_scales.find(layer.inputs[1]);
        steps != graph_.weight_scales.end()) {
      for (std::size_t c = 0; c < channels; ++c) {
        const float factor = std::abs(of_channel(function.scale, c));
        steps->second[c] *= factor > 0.0F ? factor : 1.0F;  // zeros are whole in any step
      }
    }
  }

  /// Readers of the node read `tensor`; the node is pruned then.
  void rename(const Node& node, TensorId tensor) {
    renamed_[index_of(node.output)] = tensor;
    uses_[index_of(tensor)] = uses_[index_of(node.output)];
    producers_[index_of(node.output)] = nullptr;
    if (const auto fixed = graph_.fixed_quantisations.extract(node.output)) {
      graph_.fixed_quantisations[tensor] = fixed.mapped();
    } else {
      graph_.fixed_quantisations.erase(tensor);
    }
  }

  std::string place_of(const Constant& constant) const {
    return fmt::format("{}: constant '{}'", graph_.place(), graph_.tensor(constant.tensor).name);
  }

  static void check_finite(const std::vector<float>& values, const std::string& place) {
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
      throw InputError(place +
                       ": a layer's weights and bias, once scaled and added up, must be finite "
                       "float32 numbers");
    }
  }

  Graph& graph_;
  std::vector<std::size_t> uses_;
  std::vector<Node*> producers_;
  std::vector<Constant*> constants_;
  std::vector<TensorId> renamed_;
};

/// Which tensors outputs and states depend on; inputs stay.
std::vector<bool> needed_tensors(const Graph& graph) {
  std::vector<bool> needed(graph.tensors.size());
  const auto need = [&](TensorId id) { needed[index_of(id)] = true; };
  std::ranges::for_each(graph.inputs, need);
  std::ranges::for_each(graph.outputs, need);
  for (const State& state : graph.states) {
    need(state.value);
    need(state.next);
  }
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (needed[index_of(graph.nodes[i].output)]) {
      std::ranges::for_each(graph.nodes[i].inputs, need);
    }
  }
  return needed;
}

}  // namespace

void prune(Graph& graph) {
  const std::vector<bool> needed = needed_tensors(graph);
  std::vector<TensorId> moved(needed.size());
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      moved[i] = static_cast<TensorId>(tensors.size());
      tensors.push_back(std::move(graph.tensors[i]));
    }
  }
  graph.tensors = std::move(tensors);
  const auto is_lost = [&](TensorId id) { return !needed[index_of(id)]; };
  std::erase_if(graph.nodes, [&](const Node& node) { return is_lost(node.output); });
  std::erase_if(graph.constants, [&](const Constant& held) { return is_lost(held.tensor); });
  const auto move = [&](TensorId& id) { id = moved[index_of(id)]; };
  for (Node& node : graph.nodes) {
    std::ranges::for_each(node.inputs, move);
    move(node.output);
  }
  for (Constant& constant : graph.constants) {
    move(constant.tensor);
  }
  for (State& state : graph.states) {
    move(state.value);
    move(state.next);
  }
  for (Lookup& lookup : graph.lookups) {
    move(lookup.input);
  }
  for (WholeInput& whole : graph.whole_inputs) {
    move(whole.input);
  }
  for (RotaryInput& rotary : graph.rotary_inputs) {
    move(rotary.input);
  }
  std::ranges::for_each(graph.inputs, move);
  std::ranges::for_each(graph.outputs, move);
  std::map<TensorId, FixedQuantisation> fixed;
  for (const auto& [id, quantisation] : graph.fixed_quantisations) {
    if (!is_lost(id)) {
      fixed.emplace(moved[index_of(id)], quantisation);
    }
  }
  graph.fixed_quantisations = std::move(fixed);
  std::map<TensorId, std::vector<float>> scales;
  for (auto& [id, steps] : graph.weight_scales) {
    if (!is_lost(id)) {
      scales.emplace(moved[index_of(id)], std::move(steps));
    }
  }
  graph.weight_scales = std::move(scales);
}

void simplify(Graph& graph) {
  Folding(graph).run();
  fuse(graph);
  prune(graph);
}

}  // namespace systol
