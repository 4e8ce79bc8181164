// Constant tensors of an ONNX file, checked against their own dimensions. For the ONNX importer
// only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/graph/shape.h"

namespace systol::onnx_import {

/// A tensor may have at most this many elements (2 GiB of float32).
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 29;

/// The product of the dimensions. `place` starts the InputError for a dimension below 1 or a
/// product above kMaxElements.
std::int64_t element_count(const Shape& shape, const std::string& place);

struct FloatTensor {
  Shape shape;
  std::vector<float> values;  ///< row-major
};

/// float32, float64 or float16 values, all finite. `place` starts every InputError.
FloatTensor read_floats(const onnx::TensorProto& tensor, const std::string& place);

/// int64, int32 or bool values of a tensor of at most one dimension, such as a Reshape's target.
std::vector<std::int64_t> read_integers(const onnx::TensorProto& tensor, const std::string& place);

}  // namespace systol::onnx_import
