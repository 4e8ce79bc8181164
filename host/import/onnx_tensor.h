// Constant tensors of an ONNX file, checked against their own dimensions. For the ONNX importer
// only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/shape.h"
#include "host/import/file_part.h"

namespace systol::onnx_import {

/// A tensor may have at most this many elements (2 GiB of float32).
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 29;

/// The product of the dimensions. `place` starts the InputError for a dimension below 1 or a
/// product above kMaxElements.
std::int64_t element_count(const Shape& shape, const std::string& place);

/// A tensor as a file holds it: with its bytes, or with where they were left in the file.
struct StoredTensor {
  // A tensor with its bytes is one as it is. NOLINTNEXTLINE(google-explicit-constructor)
  StoredTensor(const onnx::TensorProto& held, const FilePart* left = nullptr)
      : proto(held), part(left) {}

  const onnx::TensorProto& proto;
  const FilePart* part;
};

struct FloatTensor {
  Shape shape;
  std::vector<float> values;  ///< row-major
};

/// The tensor with an extent of 1 along `axis`, where all its parts along it are the same; nothing
/// where they differ. An exporter for a fixed batch may have repeated a constant so.
std::optional<FloatTensor> of_one_sample(const FloatTensor& tensor, std::size_t axis);

/// The steps of a constant that DequantizeLinear made of whole numbers: one, or one for each extent
/// of an axis.
struct Steps {
  std::vector<float> scale;
  std::size_t axis = 0;
  std::optional<std::int32_t> zero = {};  ///< of one step, as int8 has it: uint8 is moved by 128
  bool narrow = false;  ///< no value can be more steps than int8 holds, as its type says
};

/// A constant of the model while it is imported: float32 or whole numbers, row-major. Extents of 0
/// are allowed, as in the shape of a single value.
struct HostTensor {
  using Values = std::variant<std::vector<float>, std::vector<std::int64_t>>;

  Shape shape;
  Values values;
  std::int32_t type = 0;            ///< ONNX's, where it was read; else 0
  std::optional<Steps> steps = {};  ///< of a DequantizeLinear's values

  bool integral() const { return values.index() == 1; }
  std::size_t size() const;
  /// The values as float32, whatever they are held as.
  std::vector<float> floats() const;
};

/// float32, float64 or float16 values, all finite. `place` starts every InputError.
FloatTensor read_floats(const StoredTensor& tensor, const std::string& place);

/// Any of those, or whole numbers of up to 64 bits and bool. Throws as read_floats does; of a
/// tensor that holds nothing but -infinity and 0, which masks, the former is the lowest float32.
HostTensor read_tensor(const StoredTensor& tensor, const std::string& place);

/// The shape of a tensor of floating point, int8 or uint8 whose data were left in the file. They
/// must have the length that the shape asks for.
Shape checked_shape(const StoredTensor& tensor, const std::string& place);

}  // namespace systol::onnx_import
