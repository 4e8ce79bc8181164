// The tensors of a network as values of an ONNX model. For host/export only: this header
// brings in protobuf.
#pragma once

#include <string>
#include <vector>

#include "host/export/onnx_writer.h"
#include "host/graph/connections.h"
#include "host/graph/quant_graph.h"

namespace systol::onnx_export {

/// How a sample of three axes [H][W][C] lies in ONNX: [N, H, W, C], as any other does, or as the
/// image [N, C, H, W] that ONNX's convolutions and pools take.
enum class Form : std::uint8_t { Rows, Image };

/// ONNX's axis of a sample's.
std::int64_t axis_in(Form form, std::int64_t axis);
/// A list for each of a sample's axes in ONNX's order, without the batch.
Shape in_form(Form form, const Shape& of_axes);

class Values {
 public:
  /// Without `quantised` in floating point.
  Values(const Graph& graph, const QuantGraph* quantised, Writer& writer);

  const Graph& graph() const { return graph_; }
  const Connections& connections() const { return connections_; }
  Writer& writer() { return writer_; }

  /// The form in which the tensor was computed.
  Form form(TensorId id) const { return values_[index_of(id)].form; }
  /// Its value in a form, turned where it was computed in the other.
  std::string of(TensorId id, Form form);
  /// A tensor's value, between a quantisation and its reverse where `stored` says that the machine
  /// rounds it there.
  void define(TensorId id, std::string value, Form form, bool stored);
  /// int8 constants in their own scale, and the constant's own values.
  std::string constant(TensorId id, const std::vector<std::int8_t>& levels, Form form);
  std::string constant(TensorId id, Form form);
  /// int8 values, row-major, and what they stand for.
  std::string levels(const std::string& name, const Shape& shape,
                     const std::vector<std::int8_t>& values, Quantisation quantisation);

 private:
  struct Value {
    std::string rows;
    std::string image;
    Form form = Form::Rows;
  };
  std::string pair(const std::string& value, const std::string& name, Quantisation quantisation);

  const QuantGraph* quantised_;
  const Graph& graph_;
  Connections connections_;
  Writer& writer_;
  std::vector<Value> values_;  ///< by TensorId
};

}  // namespace systol::onnx_export
