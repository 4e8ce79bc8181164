// From the nodes of an ONNX graph to a Graph. For the ONNX importer only: this header brings in
// protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/given_states.h"
#include "host/import/onnx_values.h"

namespace systol::onnx_import {

/// What the handlers of operators (onnx_handlers.h) work with: the values so far, and the graph
/// that grows.
class Lowering {
 public:
  /// `opset` is the version of ONNX's own operators; `file` names the model in errors; `left` holds
  /// where the data of some initializers are.
  Lowering(const onnx::GraphProto& proto, std::int64_t opset, const std::string& file,
           const GivenStates& states = {}, FileParts left = {});

  /// The graph; its name is left to the caller.
  Graph run();

  std::int64_t opset() const { return opset_; }
  Graph& graph() { return graph_; }
  Values& values() { return values_; }

  /// The node's input, its last axis in ONNX's order. Throws for a constant.
  Activation input(const Node& node, int index);
  /// The tensor with one axis for each of `order`; values are moved where they lie differently.
  TensorId arranged(const Activation& value, const Order& order);
  /// The same in ONNX's order.
  TensorId in_order(const Activation& value) { return arranged(value, row_major(value)); }
  /// The value with `axis` as its batch. Throws where that is another one.
  Activation with_batch(const Node& node, Activation value, std::size_t axis) const;
  /// The same values in another shape.
  TensorId in_shape(TensorId tensor, const Shape& shape);

  /// Adds a node, called as the ONNX node is, with `part` after it: "conv1", "lstm.t3.gate_i".
  TensorId add(const std::string& part, const Operation& operation, std::vector<TensorId> inputs);
  /// The same for a constant.
  /// A layer that reads constant weights and a bias [outputs]; with the similarity l1 also a scale
  /// of ones, which takes the factors of what follows.
  TensorId add_layer(const Operation& operation, TensorId x, TensorId weights, TensorId bias);
  TensorId add_constant(const std::string& part, const Shape& shape, std::vector<float> values,
                        ValueSource source = {});
  TensorId add_weights(Weights weights);

  /// What the node computes is `tensor`, in `order` of an ONNX value of `shape`.
  void define(const Node& node, TensorId tensor, Shape shape, std::optional<std::size_t> batch,
              Order order, int output = 0);
  /// What it computes is alike `value`, but in another tensor.
  void define_like(const Node& node, TensorId tensor, Activation value);

  /// Whether it is an input of whole numbers that name rows of a table, in whatever shape.
  bool is_index(const std::string& name) const;
  /// Whether it is an input of whole numbers, moved or not.
  bool is_whole(const std::string& name) const { return whole_.contains(name); }
  /// Whether it is an input that will be a state.
  bool is_state(TensorId tensor) const;
  /// Null for another tensor.
  WholeInput* whole_input(TensorId tensor);
  /// What the node, a Gather, computes is an input of the graph: the rows of `table` that the
  /// node's second input names.
  void define_lookup(const Node& node, Weights table);

  /// What it computes is alike, in whole numbers, which a Cast to such leaves alone.
  void define_whole(const Node& node, Activation value);

  /// What it computes is the index of the largest value along one axis: left to whoever uses the
  /// values. The node must be one of the graph's outputs.
  void define_choice(const Node& node, Activation value);

  /// The batch, where the model fixes it.
  std::optional<std::int64_t> batch() const { return batch_; }
  /// The axis of a value's batch must not be `axis`, of which `doing` says what the node does.
  static void keep_batch(const Node& node, const Activation& value, std::size_t axis,
                         std::string_view doing);

 private:
  void add_inputs();
  void add_input(const onnx::ValueInfoProto& input, const std::string& name);
  void add_indices(const onnx::ValueInfoProto& input, const std::string& place);
  void add_whole_input(TensorId tensor, const onnx::ValueInfoProto& input);
  void lower(const Node& node, int index);
  void check_indices() const;
  void add_outputs();
  void make_states();
  std::vector<float> in_tensor(FloatTensor held, const std::string& input,
                               const std::string& place) const;
  /// The same with its last axis in ONNX's order.
  Activation in_axes(Activation value);
  void check_declared(const onnx::ValueInfoProto& output, const Activation& value) const;
  std::string unique(const std::string& wanted);

  const onnx::GraphProto& proto_;
  std::int64_t opset_;
  const std::string& file_;
  GivenStates states_;
  Values values_;
  Graph graph_;
  std::string base_;                      ///< of the names of what is added
  std::map<std::string, int> names_;      ///< all names, with the last number after each
  std::map<TensorId, TensorId> sources_;  ///< of reshapes: what they reshape
  std::map<std::pair<TensorId, std::vector<std::int64_t>>, TensorId> moved_;  ///< transposes
  std::map<std::pair<TensorId, Shape>, TensorId> reshaped_;
  std::map<TensorId, bool> indices_;         ///< inputs that name rows; whether they are looked up
  std::set<std::string> whole_;              ///< names of inputs of whole numbers, moved or not
  std::map<std::string, TensorId> inputs_;   ///< by the file's names
  std::map<std::string, TensorId> outputs_;  ///< by the file's names
  std::set<std::string> choices_;  ///< outputs that are indices, whose shape is not that of scores
  std::optional<std::int64_t> batch_;
  std::size_t layers_ = 0;     ///< matmuls and convolutions so far
  std::uint64_t weights_ = 0;  ///< values of all constants
};

}  // namespace systol::onnx_import
