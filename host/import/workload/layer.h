// One layer of a workload, while it is read.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/workload/network.h"
#include "sim/config/yaml_reader.h"

namespace systol {

class Layer {
 public:
  /// A layer has the keys `name` and `from`, and those in `keys`. Throws InputError.
  Layer(WorkloadNetwork& network, const YamlNode& node, std::string_view kind,
        std::initializer_list<std::string_view> keys);

  const YamlMap& map() const { return map_; }
  TensorId input() const { return input_; }
  const Shape& shape() const { return network_.shape(input_); }
  const Shape& shape(TensorId id) const { return network_.shape(id); }
  const std::string& name() const { return name_; }
  [[noreturn]] void fail(std::string_view message) const { map_.node().fail(message); }

  /// The input's rows, columns and channels; the sequence's length and the size of each of its
  /// rows. Throw InputError for another input.
  Shape image() const;
  Shape sequence() const;

  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most,
                       std::int64_t usual) const;
  bool flag(std::string_view key, bool usual) const;
  /// A number for rows and columns, or a list of two.
  std::array<std::int64_t, 2> pair(std::string_view key, std::int64_t least,
                                   std::int64_t usual) const;

  /// What `similarity` says: product, or l1.
  Similarity similarity() const;
  /// What `weights_are` says: any, or what training rounds them to.
  WeightKind weight_kind() const;

  /// A node called as the layer is, or with the suffix behind a dot.
  TensorId add(const Operation& operation, const std::vector<TensorId>& inputs);
  TensorId add(std::string_view suffix, const Operation& operation,
               const std::vector<TensorId>& inputs);
  TensorId constant(std::string_view suffix, Shape shape, std::vector<float> values = {});
  TensorId add_input(std::string_view suffix, const Shape& shape);
  TensorId add_state(std::string_view suffix, const Shape& shape);
  void set_next(TensorId state, TensorId next, std::optional<std::size_t> axis = {}) {
    network_.set_next(state, next, axis);
  }
  TensorId shared_constant(const std::string& name, const Shape& shape,
                           const std::function<std::vector<float>()>& values) {
    return network_.shared_constant(map_.node(), name, shape, values);
  }
  TensorId rotary_input(const std::string& name, const Shape& shape, const RotaryInput& rotary) {
    return network_.rotary_input(map_.node(), name, shape, rotary);
  }
  /// A matmul of the tensor's rows with weights, and a bias where wanted. An empty suffix is the
  /// layer's own name.
  TensorId dense(std::string_view suffix, TensorId rows, std::int64_t units, bool bias,
                 Similarity similarity = Similarity::Product);
  TensorId reshape(std::string_view suffix, TensorId id, Shape shape) {
    return add(suffix, Reshape{std::move(shape)}, {id});
  }
  TensorId slice(std::string_view suffix, TensorId id, const Shape& starts, const Shape& sizes);

  /// What `activation` asks for, applied to the tensor; the tensor itself for none.
  TensorId activated(TensorId id);
  /// Makes the tensor what the layer computed, and what the next layer reads.
  void finish(TensorId output);

 private:
  WorkloadNetwork& network_;
  YamlMap map_;
  std::string given_name_;
  std::string name_;
  TensorId input_{};
};

/// Names stand in reports, programs and errors, one line each.
std::string read_name(const YamlNode& node);

}  // namespace systol
