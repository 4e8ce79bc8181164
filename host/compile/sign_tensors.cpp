#include "host/compile/sign_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "host/graph/infer.h"
#include "hw/isa/pe_type.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// Whether the node's values are 1 and -1 alone.
bool is_sign(const Node& node) {
  const auto* map = std::get_if<Map>(&node.operation);
  return map != nullptr && map->function == Function::Sign && std::abs(map->a) == 1.0F;
}

std::int64_t signs_of_row(const Shape& shape) { return shape.empty() ? 1 : shape.back(); }

/// What leaves the network, or stays for the next sample, is bytes.
bool is_kept(const Steps& steps, TensorId tensor) {
  return std::ranges::find(steps.outputs, tensor) != steps.outputs.end() ||
         std::ranges::any_of(steps.states, [&](const StoredState& state) {
           return state.next == tensor || state.value == tensor;
         });
}

/// Whether layers of the array alone read the tensor.
bool layers_read(const Steps& steps, TensorId tensor) {
  return std::ranges::all_of(steps.steps, [&](const Step& step) {
    return std::ranges::count(step.sources, tensor) == 0 || step.kind == StepKind::Matrix;
  });
}

class Finder {
 public:
  Finder(const Graph& graph, const Steps& steps, const ArrayConfig& config)
      : graph_(graph),
        steps_(steps),
        config_(config),
        packing_{config.columns},
        packed_(graph.tensors.size()) {}

  std::vector<PackedRows> run(const std::vector<std::vector<std::size_t>>& input_signs) {
    for (std::size_t i = 0; i < packed_.size(); ++i) {
      packed_[i] = !input_signs[i].empty();
    }
    for (const Step& step : steps_.steps) {
      const bool sums = step.kind == StepKind::Matrix && !step.added && !step.functions.empty();
      packed_[index_of(step.output)] = sums && is_sign(graph_.nodes[step.functions.back()]) &&
                                       !is_kept(steps_, step.output) &&
                                       layers_read(steps_, step.output);
    }
    for (const Step& step : steps_.steps) {
      check(step);
    }
    std::vector<PackedRows> rows(packed_.size());
    for (const Step& step : steps_.steps) {
      for (const TensorId input : step.sources) {
        if (packed_[index_of(input)]) {
          rows[index_of(input)].written = static_cast<std::uint64_t>(signs_written(input));
        }
      }
    }
    return rows;
  }

 private:
  [[noreturn]] void fail(const Step& step, const std::string& problem) const {
    throw InputError(fmt::format("{}: {} (array '{}', 'pe: {}')",
                                 place_of(graph_, graph_.nodes[step.node]), problem, config_.name,
                                 isa::describe(config_.pe).name));
  }

  void check(const Step& step) const {
    if (step.kind == StepKind::Product || step.kind == StepKind::Depthwise) {
      fail(step, "it multiplies values that are no signs; allowed: an array with 'pe: int8'");
    }
    if (step.kind != StepKind::Matrix) {
      return;
    }
    const Node& node = graph_.nodes[step.node];
    const TensorId input = step.input();
    if (step.added || !packed_[index_of(input)]) {
      fail(step,
           "its input is no signs, and such an array multiplies signs alone; allowed: 'activation: "
           "sign' right before it, on a layer's sums or the network's input, which such layers "
           "alone read, or an array with 'pe: binary', whose activations are int8");
    }
    if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
      check_groups(step, *convolution);
    }
    check_rows(step, signs_of_row(graph_.shape(node.inputs[0])), signs_written(input));
  }

  void check_groups(const Step& step, const Convolution& convolution) const {
    const auto groups = static_cast<std::uint64_t>(convolution.groups);
    const Node& node = graph_.nodes[step.node];
    const auto read = static_cast<std::uint64_t>(graph_.shape(node.inputs[1])[2]);
    const std::uint64_t written = step.outputs / groups;
    if (groups > 1 &&
        (!packing_.whole(read) || (packed_[index_of(step.output)] && !packing_.whole(written)))) {
      fail(step, fmt::format("its {} groups read {} signs and give {}, and begin within a byte; "
                             "allowed: groups of {}",
                             groups, read, written, whole_rows()));
    }
  }

  /// The signs of a row as it is packed: the layer's outputs; the host packs an input as its first
  /// reader sees it.
  std::int64_t signs_written(TensorId tensor) const {
    const auto writer = std::ranges::find(steps_.steps, tensor, &Step::output);
    if (writer != steps_.steps.end()) {
      return writer->outputs;
    }
    const auto reader = std::ranges::find_if(steps_.steps, [&](const Step& step) {
      return std::ranges::count(step.sources, tensor) > 0;
    });
    return signs_of_row(graph_.shape(graph_.nodes[reader->node].inputs[0]));
  }

  /// A tensor that is read in another shape than it is written must not have a byte cut.
  void check_rows(const Step& step, std::int64_t read, std::int64_t written) const {
    if (packing_.run(static_cast<std::uint64_t>(read), static_cast<std::uint64_t>(written)) == 0) {
      fail(step, fmt::format("it reads rows of {} signs that are written in rows of {}, eight to a "
                             "byte; allowed: rows of whole written ones, or both of {}",
                             read, written, whole_rows()));
    }
  }

  /// Of how many signs rows may be cut anywhere.
  std::string whole_rows() const {
    return packing_.columns % isa::kSignsInByte == 0
               ? "multiples of 8"
               : fmt::format("multiples of the array's {} columns", packing_.columns);
  }

  const Graph& graph_;
  const Steps& steps_;
  const ArrayConfig& config_;
  SignPacking packing_;
  std::vector<bool> packed_;
};

}  // namespace

std::vector<std::vector<std::size_t>> take_input_signs(const Graph& graph, Steps& steps) {
  std::vector<std::vector<std::size_t>> signs(graph.tensors.size());
  std::vector<std::pair<TensorId, TensorId>> replaced;  // what a step stored, and the input
  for (const Step& step : steps.steps) {
    const TensorId input = step.input();
    const bool of_input = std::ranges::find(graph.inputs, input) != graph.inputs.end();
    std::vector<std::size_t> nodes{step.node};
    nodes.insert(nodes.end(), step.functions.begin(), step.functions.end());
    if (step.kind == StepKind::Table && of_input && graph.uses(input) == 1 &&
        is_sign(graph.nodes[nodes.back()]) && !is_kept(steps, step.output) &&
        layers_read(steps, step.output)) {
      signs[index_of(input)] = std::move(nodes);
      replaced.emplace_back(step.output, input);
    }
  }
  for (const auto& [stored, input] : replaced) {
    std::erase_if(steps.steps,
                  [stored = stored](const Step& step) { return step.output == stored; });
    for (Step& step : steps.steps) {
      std::ranges::replace(step.sources, stored, input);
    }
  }
  return signs;
}

std::vector<PackedRows> sign_tensors(const Graph& graph, const Steps& steps,
                                     const std::vector<std::vector<std::size_t>>& input_signs,
                                     const ArrayConfig& config) {
  return Finder(graph, steps, config).run(input_signs);
}

Layout packed(Layout layout, const PackedRows& rows, const ArrayConfig& config) {
  layout.channels = rows.bytes(layout.channels, {config.columns});
  return layout;
}

Shape packed(Shape shape, const PackedRows& rows, const ArrayConfig& config) {
  if (!shape.empty()) {
    shape.back() = static_cast<std::int64_t>(
        rows.bytes(static_cast<std::uint64_t>(shape.back()), {config.columns}));
  }
  return shape;
}

}  // namespace systol
