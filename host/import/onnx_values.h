// The named values of an ONNX graph: constants, and the one activation that runs through a chain
// of layers. For the ONNX importer only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/import/onnx_node.h"
#include "host/import/onnx_tensor.h"

namespace systol::onnx_import {

class Values {
 public:
  /// Takes up the initializers and the one input. `graph` and `file` must outlive this object.
  Values(const onnx::GraphProto& graph, const std::string& file);

  /// Whether the node's input is a constant; throws where it is not defined at all.
  bool is_constant(const Node& node, int index) const;
  FloatTensor floats(const Node& node, int index) const;
  std::vector<std::int64_t> integers(const Node& node, int index) const;

  /// The activation's shape without the batch. The node's input must be that activation; what it
  /// hands on is then set by `produce`.
  const Shape& consume(const Node& node, int index) const;
  void produce(const Node& node, Shape shape);

  /// The node's output is a constant from now on.
  void define_constant(const Node& node, onnx::TensorProto tensor);
  void alias_constant(const Node& node, int index);

  /// Throws unless the graph's one output is the activation as it is now.
  void check_output() const;

  /// The batch, where the model fixes it.
  std::optional<std::int64_t> batch() const { return batch_; }
  /// The input's shape without the batch.
  const Shape& input_shape() const { return input_shape_; }

 private:
  void read_input();
  void define(const Node& node);
  [[noreturn]] void fail_undefined(const Node& node, const std::string& name) const;
  const onnx::TensorProto& constant(const Node& node, int index) const;

  const onnx::GraphProto& graph_;
  const std::string& file_;
  std::map<std::string, const onnx::TensorProto*> constants_;
  std::deque<onnx::TensorProto> owned_;  ///< of Constant nodes; a deque keeps addresses
  std::set<std::string> defined_;        ///< every name so far, the past activations' too
  std::string current_;                  ///< the activation's name
  Shape shape_;
  Shape input_shape_;
  std::optional<std::int64_t> batch_;
};

}  // namespace systol::onnx_import
