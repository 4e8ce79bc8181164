// A node of a network in ONNX's operators. For host/export only: this header brings in
// protobuf.
#pragma once

#include "host/export/onnx_values.h"

namespace systol::onnx_export {

/// How a window moves.
std::vector<Attribute> window_attributes(const Window& window);

/// Throws InputError, naming the node, if ONNX has no form for it, in int8 or else in floats.
void check_node(const Graph& graph, const Node& node, bool quantised);

/// Writes one node after another, each by what it does, and defines its output.
class Operations {
 public:
  /// Without `quantised` in floating point.
  Operations(const QuantGraph* quantised, Values& values)
      : quantised_(quantised), values_(values) {}

  /// Node `number` of the graph; those before it are written. Throws InputError.
  void write(std::size_t number);

  void operator()(const MatMul& matmul);
  void operator()(const Convolution& convolution);
  void operator()(const Binary& binary);
  void operator()(const Map& map);
  void operator()(const Softmax& softmax);
  void operator()(const Pool& pool);
  void operator()(const Mean& mean);
  void operator()(const Normalise& normalise);
  void operator()(const Concat& concat);
  void operator()(const Pad& pad);
  void operator()(const Slice& slice);
  void operator()(const Transpose& transpose);
  void operator()(const Repeat& repeat);
  void operator()(const Reshape& reshape);

 private:
  TensorId input(std::size_t index = 0) const { return node_->inputs[index]; }
  const Shape& shape(TensorId id) const { return values_.graph().shape(id); }
  Form form() const { return values_.form(input()); }
  std::string value() { return values_.of(input(), form()); }
  Writer& writer() { return values_.writer(); }
  [[noreturn]] void fail(const std::string& problem) const;

  /// An ONNX node, called as ours is, with `part` after it.
  std::string add(const std::string& op, const std::vector<std::string>& inputs,
                  const std::vector<Attribute>& attributes = {}, const std::string& part = "");
  /// The same of a layer that multiplies, or adds up distances.
  std::string add_layer(const std::string& op, const std::vector<std::string>& inputs,
                        const std::vector<Attribute>& attributes = {});
  std::string list(const std::string& part, const Integers& values);
  std::string number(const std::string& part, float value);
  void define(std::string name, Form form) {
    values_.define(node_->output, std::move(name), form, stored());
  }
  /// Whether the machine rounds the output to int8 anew.
  bool stored() const;

  /// Of a layer in floating point, `matmul` is null.
  std::string weights(const QuantMatMul* matmul, const Shape& shape,
                      const std::vector<std::size_t>& order, std::int64_t axis);
  std::string bias(const QuantMatMul* matmul);
  std::string quantised_bias(const QuantMatMul& matmul);
  std::string dense(const QuantMatMul* matmul);
  std::string product(const MatMul& matmul);
  /// A tensor, or a constant, that a binary operation repeats over its output.
  std::string operand(std::size_t index, Form form);
  std::string function(const Map& map, const std::string& x);
  std::string linear(const Map& map, std::string x);
  std::string sign(const Map& map, const std::string& x);
  std::string part_along(const std::string& x, std::int64_t axis, std::int64_t start,
                         std::int64_t size, std::int64_t step, std::int64_t extent);
  std::string repeated(std::string x, const Integers& factors);
  std::string spread(std::string x, const Integers& between, const std::string& value);

  const QuantGraph* quantised_;
  Values& values_;
  const Node* node_ = nullptr;
  const QuantOperation* integers_ = nullptr;  ///< null in floating point
};

}  // namespace systol::onnx_export
