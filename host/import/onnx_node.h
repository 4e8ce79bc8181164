// One node of an ONNX graph: its attributes and the words that name it in errors. For the ONNX
// importer only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/operation.h"

namespace systol::onnx_import {

/// A domain of our own: its operators are those of ONNX with sums of -|x - w| instead of x w.
inline constexpr std::string_view kL1Domain = "systol.l1";
inline constexpr std::array<std::string_view, 2> kL1Operators = {"Conv", "Gemm"};

class Node {
 public:
  /// `file` is the model's path. The node must outlive this object.
  Node(const onnx::NodeProto& proto, const std::string& file) : proto_(proto), file_(file) {}

  const onnx::NodeProto& proto() const { return proto_; }
  const std::string& op() const { return proto_.op_type(); }
  /// The operators of the domain "systol.l1" are ONNX's of the same names with the similarity l1.
  Similarity similarity() const {
    return proto_.domain() == kL1Domain ? Similarity::L1 : Similarity::Product;
  }
  /// Whether the operator is one of ONNX itself, not of another domain.
  bool standard() const { return proto_.domain().empty() || proto_.domain() == "ai.onnx"; }
  /// The node's name; that of its output where it has none.
  std::string name() const;

  int inputs() const { return proto_.input_size(); }
  bool has_input(int index) const {
    return index < proto_.input_size() && !proto_.input(index).empty();
  }
  bool has_output(int index) const {
    return index < proto_.output_size() && !proto_.output(index).empty();
  }
  /// The name of a value; a missing one is an InputError.
  const std::string& input(int index) const;
  const std::string& output(int index = 0) const;

  /// The attribute's value, or `otherwise` where the node does not have it.
  float float_attribute(const std::string& name, float otherwise) const;
  std::int64_t integer_attribute(const std::string& name, std::int64_t otherwise) const;
  std::string text_attribute(const std::string& name, const std::string& otherwise) const;
  std::vector<std::int64_t> integers_attribute(const std::string& name,
                                               std::vector<std::int64_t> otherwise) const;
  const onnx::AttributeProto* attribute(const std::string& name) const;

  /// `axis` of a value with `rank` axes, counted from the end where it is negative.
  std::size_t axis(std::int64_t axis, std::size_t rank) const;

  /// "model.onnx: node '/0/Gemm' (Gemm)"
  std::string place() const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  const onnx::NodeProto& proto_;
  const std::string& file_;
};

}  // namespace systol::onnx_import
