// The named values of an ONNX graph: constants, and what depends on the sample. For the ONNX
// importer only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "host/import/given_states.h"
#include "host/import/onnx_layout.h"
#include "host/import/onnx_node.h"
#include "host/import/onnx_shapes.h"
#include "host/import/onnx_tensor.h"
#include "host/import/onnx_weights.h"

namespace systol::onnx_import {

class Values {
 public:
  /// Takes up the initializers, those of `states` as what these inputs hold at first; `left` holds
  /// where the data of some are. `graph` and `file` must outlive this object.
  Values(const onnx::GraphProto& graph, const std::string& file, FileParts left = {},
         const GivenStates& states = {});

  /// Whether the node's input is a constant; throws where it is not defined at all.
  bool is_constant(const Node& node, int index) const;
  /// Whether there are inputs, all of them constants.
  bool all_constant(const Node& node) const;
  HostTensor constant(const Node& node, int index) const;
  FloatTensor floats(const Node& node, int index) const;
  /// The same, made later where that is possible.
  Weights weights(const Node& node, int index) const;
  /// Whether weights() would leave the values for later.
  bool waits(const Node& node, int index) const;
  /// The initializer that is the node's input; nothing where that is no initializer.
  std::optional<StoredTensor> initializer(const Node& node, int index) const;
  /// The steps of a constant that a DequantizeLinear computed; null for another.
  const Steps* steps(const Node& node, int index) const;
  /// Whole numbers of a constant with at most one axis, such as a Reshape's target.
  Integers integers(const Node& node, int index) const;
  /// The same from an input where the node has it, else from the attribute of older operator sets.
  std::optional<Integers> list(const Node& node, int index, const std::string& attribute) const;

  /// The node's input, which must not be a constant.
  const Activation& activation(const Node& node, int index) const;

  /// What the input, a state, holds at first; nothing where the file does not say it.
  std::optional<FloatTensor> initial(const std::string& input) const;

  /// A graph's input. Throws where the name is taken.
  void define_input(const std::string& name, Activation value);
  /// What the node computes. Throws where the name is taken.
  void define(const Node& node, Activation value, int output = 0);
  void define_constant(const Node& node, HostTensor value, int output = 0);
  void define_weights(const Node& node, Weights value);

  /// The value of a name; null for a constant and for what does not exist.
  const Activation* find(const std::string& name) const;
  bool is_initializer(const std::string& name) const;
  /// Whether a node reads the value, or the graph gives it out.
  bool is_read(const std::string& name) const { return readers_.contains(name); }
  bool is_read_by_node(const std::string& name) const;
  /// Whether every node that reads the value is of this operator, and it is no output.
  bool is_read_by(const std::string& name, const std::string& op) const;

 private:
  struct Readers {
    std::set<std::string> operators;
    bool output = false;
  };
  using Computed = std::shared_ptr<const HostTensor>;
  using Waiting = std::shared_ptr<const Weights>;
  using Value = std::variant<const onnx::TensorProto*, Computed, Waiting, Activation>;

  const Value& value(const Node& node, int index) const;
  void insert(const Node& node, int output, Value value);
  void count_computed(const Node& node, std::size_t more);
  static std::string constant_place(const Node& node, int index);
  StoredTensor stored(const onnx::TensorProto& tensor) const;
  [[noreturn]] void fail_undefined(const Node& node, const std::string& name) const;

  const onnx::GraphProto& graph_;
  const std::string& file_;
  FileParts left_;
  std::map<std::string, Value> values_;
  std::map<std::string, const onnx::TensorProto*> initial_;  ///< of states
  std::map<std::string, Readers> readers_;
  std::size_t computed_ = 0;  ///< values of all constants that nodes computed
};

}  // namespace systol::onnx_import
