// The graph that a workload's layers are added to, one after another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "sim/config/yaml_reader.h"

namespace systol {

class WorkloadNetwork {
 public:
  /// What a layer reads that does not say from where: what the one before it computed.
  TensorId current{};

  const Graph& graph() const { return graph_; }
  Graph& graph() { return graph_; }
  const Shape& shape(TensorId id) const { return graph_.shape(id); }

  /// The wanted name, followed by a number where it is taken.
  std::string unique(const std::string& wanted);
  /// The number, counted from 1, of the layer that begins among those of its kind. Throws
  /// InputError beyond kMaxLayers of all kinds.
  int next_layer(const YamlNode& layer, std::string_view kind);

  /// What a layer of this name computed; of several, the last. Throws InputError.
  TensorId find(const YamlNode& name) const;
  void define(const std::string& layer, TensorId id) { layers_[layer] = id; }

  /// Adds a node. Throws InputError, at `layer`, for inputs that the operation does not take and
  /// for sizes beyond the limits.
  TensorId add(const YamlNode& layer, const std::string& name, const Operation& operation,
               const std::vector<TensorId>& inputs);
  TensorId add_constant(const std::string& name, Shape shape, std::vector<float> values = {});
  /// Throws InputError, at `place`, for more values of all inputs together than the limits allow.
  TensorId add_input(const YamlNode& place, const std::string& name, Shape shape);
  /// A state, whose next value is still to be set.
  TensorId add_state(const std::string& name, Shape shape);
  /// What the state becomes for the next sample; with `axis`, what is appended to it.
  void set_next(TensorId state, TensorId next, std::optional<std::size_t> axis = {});
  /// A constant with values that several layers read: made when it is first asked for. Throws
  /// InputError, at `layer`, for more values of all of these than kMaxGivenValues.
  TensorId shared_constant(const YamlNode& layer, const std::string& name, const Shape& shape,
                           const std::function<std::vector<float>()>& values);
  /// An input that the host fills with rotary angles, which several layers read: made when it is
  /// first asked for.
  TensorId rotary_input(const YamlNode& layer, const std::string& name, const Shape& shape,
                        RotaryInput rotary);
  /// Makes an input of indices, which nothing reads so far, one of the rows of `size` values that
  /// they name. Throws InputError, at `layer`, where it is none.
  void look_up(const YamlNode& layer, TensorId input, std::uint64_t rows, std::int64_t size);

 private:
  Graph graph_;
  std::map<std::string, TensorId, std::less<>> layers_;
  std::map<std::string, TensorId> shared_;
  std::set<std::string> names_;         ///< of all tensors
  std::map<std::string, int> numbers_;  ///< the last that `unique` tried, by name
  std::map<std::string, int, std::less<>> kinds_;
  std::uint64_t shared_values_ = 0;
  std::size_t layer_count_ = 0;
};

/// Extents, the product of which is limited. Throws InputError.
Shape read_shape(const YamlNode& node);

}  // namespace systol
