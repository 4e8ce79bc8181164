#include "host/import/workload/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "host/graph/infer.h"
#include "host/graph/work.h"
#include "host/import/limits.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

/// Whether the product of extents is at most kMaxElements.
bool fits(const Shape& shape) {
  std::uint64_t left = kMaxElements;
  for (const std::int64_t extent : shape) {
    left /= static_cast<std::uint64_t>(extent);
  }
  return left > 0;
}

}  // namespace

std::string WorkloadNetwork::unique(const std::string& wanted) {
  std::string name = wanted;
  int& number = numbers_.try_emplace(wanted, 1).first->second;
  while (!names_.insert(name).second) {
    name = fmt::format("{}_{}", wanted, ++number);
  }
  return name;
}

int WorkloadNetwork::next_layer(const YamlNode& layer, std::string_view kind) {
  if (layer_count_ == kMaxLayers) {
    layer.fail(
        fmt::format("more than {} layers; at most {} are supported", kMaxLayers, kMaxLayers));
  }
  ++layer_count_;
  return ++kinds_[std::string(kind)];
}

TensorId WorkloadNetwork::find(const YamlNode& name) const {
  const std::string wanted = name.text();
  const auto found = layers_.find(wanted);
  if (found == layers_.end()) {
    std::vector<std::string_view> known;
    for (const auto& [layer, id] : layers_) {
      known.emplace_back(layer);
    }
    name.fail(fmt::format("no layer before this one is called {}{}", in_quotes(wanted),
                          did_you_mean(wanted, known)));
  }
  return found->second;
}

TensorId WorkloadNetwork::add(const YamlNode& layer, const std::string& name,
                              const Operation& operation, const std::vector<TensorId>& inputs) {
  std::vector<Shape> shapes;
  shapes.reserve(inputs.size());
  for (const TensorId input : inputs) {
    shapes.push_back(shape(input));
  }
  const std::string place =
      fmt::format("{}: {}: node '{}' ({})", layer.place(), layer.path(), name, name_of(operation));
  const Shape result = infer_shape(operation, shapes, place);
  if (!fits(result)) {
    layer.fail(fmt::format("node '{}' computes {}; at most {} values are supported", name,
                           to_string(result), kMaxElements));
  }
  if (graph_.nodes.size() == kMaxNodes) {
    layer.fail(fmt::format("more than {} nodes; at most {} are supported", kMaxNodes, kMaxNodes));
  }
  const TensorId output = graph_.add_node(name, operation, inputs);
  if (const std::uint64_t depth = depth_of(graph_, graph_.nodes.back()); depth > kMaxDepth) {
    layer.fail(fmt::format("{} inputs; int32 accumulators hold at most {}", depth, kMaxDepth));
  }
  return output;
}

TensorId WorkloadNetwork::add_constant(const std::string& name, Shape shape,
                                       std::vector<float> values) {
  return graph_.add_constant(unique(name), std::move(shape), std::move(values));
}

TensorId WorkloadNetwork::add_input(const YamlNode& place, const std::string& name, Shape shape) {
  std::uint64_t values = elements(shape);
  for (const TensorId input : graph_.inputs) {
    values += elements(graph_.shape(input));
  }
  if (values > kMaxElements) {
    place.fail(fmt::format("the inputs have {} values together; at most {} are supported", values,
                           kMaxElements));
  }
  return graph_.add_input(unique(name), std::move(shape));
}

TensorId WorkloadNetwork::add_state(const std::string& name, Shape shape) {
  graph_.tensors.push_back({unique(name), std::move(shape)});
  const auto value = static_cast<TensorId>(graph_.tensors.size() - 1);
  graph_.states.push_back({value, value});
  return value;
}

void WorkloadNetwork::set_next(TensorId state, TensorId next, std::optional<std::size_t> axis) {
  State& found = *std::ranges::find(graph_.states, state, &State::value);
  found.next = next;
  found.axis = axis;
}

TensorId WorkloadNetwork::shared_constant(const YamlNode& layer, const std::string& name,
                                          const Shape& shape,
                                          const std::function<std::vector<float>()>& values) {
  const std::string key = name + to_string(shape);
  const auto found = shared_.find(key);
  if (found != shared_.end()) {
    return found->second;
  }
  shared_values_ += elements(shape);
  if (shared_values_ > kMaxGivenValues) {
    layer.fail(fmt::format("masks and angles of {} values together; at most {} are supported",
                           shared_values_, kMaxGivenValues));
  }
  return shared_[key] = add_constant(name, shape, values());
}

TensorId WorkloadNetwork::rotary_input(const YamlNode& layer, const std::string& name,
                                       const Shape& shape, RotaryInput rotary) {
  const auto [found, fresh] = shared_.try_emplace(name + to_string(shape));
  if (fresh) {
    rotary.input = found->second = add_input(layer, name, shape);
    graph_.rotary_inputs.push_back(rotary);
  }
  return found->second;
}

void WorkloadNetwork::look_up(const YamlNode& layer, TensorId input, std::uint64_t rows,
                              std::int64_t size) {
  const auto looked_up = std::ranges::find(graph_.lookups, input, &Lookup::input);
  const bool is_input = std::ranges::find(graph_.inputs, input) != graph_.inputs.end();
  Shape shape = this->shape(input);
  if (!is_input || looked_up != graph_.lookups.end() || graph_.uses(input) > 0 ||
      shape.size() != 1) {
    layer.fail(
        fmt::format("an embedding reads the indices of an input of one axis, which nothing "
                    "else reads; it reads '{}', of shape {}",
                    graph_.tensor(input).name, to_string(shape)));
  }
  shape.push_back(size);
  if (!fits(shape)) {
    layer.fail(
        fmt::format("it has {} values; at most {} are supported", to_string(shape), kMaxElements));
  }
  graph_.tensors[index_of(input)].shape = std::move(shape);
  graph_.lookups.push_back({input, {}, rows});
}

Shape read_shape(const YamlNode& node) {
  Shape extents;
  for (const YamlNode& extent : node.list(1, 4)) {
    extents.push_back(extent.integer(1, kMaxUnits));
    if (!fits(extents)) {
      node.fail(
          fmt::format("more than {} values; at most {} are supported", kMaxElements, kMaxElements));
    }
  }
  return extents;
}

}  // namespace systol
