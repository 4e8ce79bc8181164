// Large constants of an ONNX file, whose values wait in it until somebody needs them. For the ONNX
// importer only: this header brings in protobuf.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/onnx_tensor.h"

namespace systol::onnx_import {

/// float32 values of a constant, row-major: there already, or made by `source` when they are
/// needed.
struct Weights {
  Shape shape;
  std::vector<float> values;
  ValueSource source{};
  std::optional<Steps> steps = {};  ///< of a DequantizeLinear's values

  template <class Changed>
  void change(Changed changed) {
    change_values(values, source, std::move(changed));
  }
};

/// Whether the tensor's values are left in the file and are float32, float64 or float16.
bool floats_wait(const StoredTensor& tensor);
/// Whether they are left in the file and are int8 or uint8.
bool bytes_wait(const StoredTensor& tensor);

/// What such a tensor of floating point will be. `place` starts every InputError; a wrong length is
/// one at once, values that are not finite once they are made.
Weights waiting_floats(const StoredTensor& tensor, const std::string& place);

}  // namespace systol::onnx_import
