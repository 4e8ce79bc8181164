// Small ONNX models for tests, written node by node and saved to a temporary file.
#pragma once

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/import/onnx_model.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::testing {

class OnnxBuilder {
 public:
  /// A model with input "x" of shape [batch, sample...].
  explicit OnnxBuilder(std::initializer_list<std::int64_t> sample) {
    model.set_ir_version(7);
    model.add_opset_import()->set_version(13);
    auto* input = model.mutable_graph()->add_input();
    input->set_name("x");
    auto* type = input->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    type->mutable_shape()->add_dim()->set_dim_param("batch");
    for (const std::int64_t extent : sample) {
      type->mutable_shape()->add_dim()->set_dim_value(extent);
    }
  }

  /// A node named after its output.
  onnx::NodeProto& node(const std::string& op, std::initializer_list<std::string> inputs,
                        const std::string& output) {
    auto& added = *model.mutable_graph()->add_node();
    added.set_op_type(op);
    added.set_name(output);
    added.add_output(output);
    for (const std::string& input : inputs) {
      added.add_input(input);
    }
    return added;
  }

  /// A float32 initializer in the typed field.
  onnx::TensorProto& floats(const std::string& name, std::initializer_list<std::int64_t> shape,
                            const std::vector<float>& values) {
    auto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t extent : shape) {
      tensor.add_dims(extent);
    }
    tensor.mutable_float_data()->Assign(values.begin(), values.end());
    return tensor;
  }

  /// A list of int64.
  onnx::TensorProto& integers(const std::string& name, const std::vector<std::int64_t>& values) {
    auto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    tensor.mutable_int64_data()->Assign(values.begin(), values.end());
    return tensor;
  }

  void output(const std::string& name) { model.mutable_graph()->add_output()->set_name(name); }

  Graph import() const {
    const std::string path = save("model.onnx", model.SerializeAsString());
    return import_onnx(path);
  }

  /// The message of the error that importing gives, without the file's name.
  std::string error() const { return error_of(model.SerializeAsString()); }

  static std::string error_of(const std::string& bytes) {
    const std::string path = save("model.onnx", bytes);
    try {
      import_onnx(path);
    } catch (const InputError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.rfind(path + ": ", 0), 0U) << message;
      return message.substr(std::min(message.size(), path.size() + 2));
    }
    return "no error";
  }

  /// In a folder that goes with the process.
  static std::string save(const std::string& name, const std::string& bytes) {
    static const TempFiles folder;
    return folder.write(name, bytes).string();
  }

  onnx::ModelProto model;
};

inline void set_attribute(onnx::NodeProto& node, const std::string& name, float value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::FLOAT);
  attribute->set_f(value);
}

inline void set_attribute(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

inline void set_attribute(onnx::NodeProto& node, const std::string& name,
                          const std::vector<std::int64_t>& values) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INTS);
  attribute->mutable_ints()->Assign(values.begin(), values.end());
}

inline void set_attribute(onnx::NodeProto& node, const std::string& name,
                          const std::string& value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::STRING);
  attribute->set_s(value);
}

/// The nodes of the imported graph as text, whose output is `output`.
inline std::string nodes_of(OnnxBuilder builder, const std::string& output) {
  builder.output(output);
  const Graph graph = builder.import();
  verify(graph);
  const std::string text = to_text(graph);
  return text.substr(text.find("node "));
}

}  // namespace systol::testing
