#include "host/import/onnx_weights.h"

#include <memory>

namespace systol::onnx_import {

bool floats_wait(const StoredTensor& tensor) {
  const std::int32_t type = tensor.proto.data_type();
  return tensor.part != nullptr &&
         (type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE ||
          type == onnx::TensorProto::FLOAT16);
}

bool bytes_wait(const StoredTensor& tensor) {
  const std::int32_t type = tensor.proto.data_type();
  return tensor.part != nullptr &&
         (type == onnx::TensorProto::INT8 || type == onnx::TensorProto::UINT8);
}

Weights waiting_floats(const StoredTensor& tensor, const std::string& place) {
  // Copied: the model is gone when the values are made.
  const auto proto = std::make_shared<const onnx::TensorProto>(tensor.proto);
  return {checked_shape(tensor, place), {}, [proto, part = *tensor.part, place] {
            return read_floats({*proto, &part}, place).values;
          }};
}

}  // namespace systol::onnx_import
