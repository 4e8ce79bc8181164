#include "host/import/onnx_tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "sim/base/error.h"

namespace systol::onnx_import {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

std::string type_name(std::int32_t type) {
  return onnx::TensorProto::DataType_IsValid(type)
             ? onnx::TensorProto::DataType_Name(static_cast<onnx::TensorProto::DataType>(type))
             : fmt::format("number {}", type);
}

/// IEEE 754 binary16 to binary32, exactly.
float from_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const int fraction = bits & 0x3FF;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1F) {
    return fraction == 0 ? sign * INFINITY : NAN;
  }
  return exponent == 0 ? sign * std::ldexp(static_cast<float>(fraction), -24)
                       : sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

/// Throws unless the tensor's data is in the file and its `size` entries are `expected` ones.
void check_size(std::int64_t size, std::int64_t expected, const char* what,
                const std::string& place) {
  if (size != expected) {
    throw InputError(fmt::format("{}: its dimensions ask for {} {}, but the file holds {}", place,
                                 expected, what, size));
  }
}

template <class Stored>
std::vector<Stored> elements_of(const FilePart& part, std::int64_t count,
                                const std::string& place) {
  check_size(static_cast<std::int64_t>(part.size),
             count * static_cast<std::int64_t>(sizeof(Stored)), "bytes", place);
  std::vector<Stored> elements;
  elements.reserve(static_cast<std::size_t>(count));
  part.read([&](std::span<const std::byte> piece) {
    const auto* first = reinterpret_cast<const Stored*>(piece.data());
    elements.insert(elements.end(), first, first + piece.size() / sizeof(Stored));
  });
  return elements;
}

/// `count` elements of type Stored from raw_data, or from the typed field where that is used.
template <class Stored, class Typed>
std::vector<Stored> stored_elements(const StoredTensor& stored, const Typed& typed,
                                    std::int64_t count, const std::string& place) {
  if (stored.part != nullptr) {
    return elements_of<Stored>(*stored.part, count, place);
  }
  const onnx::TensorProto& tensor = stored.proto;
  std::vector<Stored> elements;
  if (tensor.has_raw_data()) {
    const std::string& raw = tensor.raw_data();
    check_size(static_cast<std::int64_t>(raw.size()),
               count * static_cast<std::int64_t>(sizeof(Stored)), "bytes", place);
    elements.resize(static_cast<std::size_t>(count));
    std::memcpy(elements.data(), raw.data(), raw.size());
  } else {
    check_size(typed.size(), count, "values", place);
    elements.reserve(static_cast<std::size_t>(count));
    for (const auto value : typed) {
      elements.push_back(static_cast<Stored>(value));
    }
  }
  return elements;
}

Shape shape_of(const onnx::TensorProto& tensor, const std::string& place) {
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
    throw InputError(place +
                     ": its data is in another file (external data); save the model as one file");
  }
  if (tensor.has_segment()) {
    throw InputError(place + ": it is stored in segments, which is not supported");
  }
  return {tensor.dims().begin(), tensor.dims().end()};
}

/// Whether every value is finite, looked at without leaving early: that can be done many at a time.
bool all_finite(const std::vector<float>& values) {
  std::uint32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU);
  }
  return largest < 0x7F800000U;
}

void check_finite(const std::vector<float>& values, const std::string& place) {
  if (all_finite(values)) {
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw InputError(fmt::format("{}: element {} is {}; weights must be finite float32 numbers",
                                   place, i, values[i]));
    }
  }
}

bool is_float(const onnx::TensorProto& tensor) {
  return tensor.data_type() == onnx::TensorProto::FLOAT ||
         tensor.data_type() == onnx::TensorProto::DOUBLE ||
         tensor.data_type() == onnx::TensorProto::FLOAT16;
}

/// Of a number of floating point or of eight bits.
std::int64_t bytes_of(std::int32_t type) {
  switch (type) {
    case onnx::TensorProto::DOUBLE:
      return 8;
    case onnx::TensorProto::FLOAT:
      return 4;
    case onnx::TensorProto::FLOAT16:
      return 2;
    default:
      return 1;
  }
}

bool holds_nothing(const StoredTensor& stored) {
  const onnx::TensorProto& tensor = stored.proto;
  return stored.part == nullptr && tensor.raw_data().empty() && tensor.float_data().empty() &&
         tensor.int32_data().empty() && tensor.int64_data().empty() &&
         tensor.double_data().empty() && tensor.uint64_data().empty();
}

std::vector<std::int64_t> read_whole(const StoredTensor& stored, std::int64_t count,
                                     const std::string& place) {
  const onnx::TensorProto& tensor = stored.proto;
  const auto read = [&]<class Stored>(Stored, const auto& typed) {
    const auto elements = stored_elements<Stored>(stored, typed, count, place);
    return std::vector<std::int64_t>(elements.begin(), elements.end());
  };
  switch (tensor.data_type()) {
    case onnx::TensorProto::INT64:
      return stored_elements<std::int64_t>(stored, tensor.int64_data(), count, place);
    case onnx::TensorProto::INT32:
      return read(std::int32_t{}, tensor.int32_data());
    case onnx::TensorProto::INT16:
      return read(std::int16_t{}, tensor.int32_data());
    case onnx::TensorProto::INT8:
      return read(std::int8_t{}, tensor.int32_data());
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::BOOL:
      return read(std::uint8_t{}, tensor.int32_data());
    default:
      throw InputError(
          fmt::format("{}: its type is {}; supported are FLOAT, DOUBLE, FLOAT16, INT64, INT32, "
                      "INT16, INT8, UINT8 and BOOL",
                      place, type_name(tensor.data_type())));
  }
}

}  // namespace

std::int64_t element_count(const Shape& shape, const std::string& place) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 1) {
      throw InputError(fmt::format("{}: its shape is {}; every dimension must be at least 1", place,
                                   to_string(shape)));
    }
    if (extent > kMaxElements / count) {
      throw InputError(fmt::format("{}: its shape is {}; at most {} elements are supported", place,
                                   to_string(shape), kMaxElements));
    }
    count *= extent;
  }
  return count;
}

Shape checked_shape(const StoredTensor& tensor, const std::string& place) {
  Shape shape = shape_of(tensor.proto, place);
  const std::int64_t count = element_count(shape, place);
  check_size(static_cast<std::int64_t>(tensor.part->size),
             count * bytes_of(tensor.proto.data_type()), "bytes", place);
  return shape;
}

namespace {

/// As the file has them, finite or not.
FloatTensor stored_floats(const StoredTensor& stored, const std::string& place) {
  const onnx::TensorProto& tensor = stored.proto;
  FloatTensor result{shape_of(tensor, place), {}};
  const std::int64_t count = element_count(result.shape, place);
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
      result.values = stored_elements<float>(stored, tensor.float_data(), count, place);
      break;
    case onnx::TensorProto::DOUBLE:
      for (const double value :
           stored_elements<double>(stored, tensor.double_data(), count, place)) {
        const bool fits = std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
        result.values.push_back(fits ? static_cast<float>(value) : INFINITY);
      }
      break;
    case onnx::TensorProto::FLOAT16:
      for (const std::uint16_t bits :
           stored_elements<std::uint16_t>(stored, tensor.int32_data(), count, place)) {
        result.values.push_back(from_half(bits));
      }
      break;
    default:
      throw InputError(fmt::format("{}: its type is {}; supported are FLOAT, DOUBLE and FLOAT16",
                                   place, type_name(tensor.data_type())));
  }
  return result;
}

/// What holds nothing but -infinity and 0 is a mask, and the lowest number does the same.
void make_mask_finite(std::vector<float>& values) {
  if (std::ranges::all_of(values, [](float value) { return value == 0 || value == -INFINITY; })) {
    std::ranges::replace(values, -INFINITY, std::numeric_limits<float>::lowest());
  }
}

}  // namespace

FloatTensor read_floats(const StoredTensor& stored, const std::string& place) {
  FloatTensor result = stored_floats(stored, place);
  check_finite(result.values, place);
  return result;
}

HostTensor read_tensor(const StoredTensor& stored, const std::string& place) {
  const onnx::TensorProto& tensor = stored.proto;
  const Shape shape = shape_of(tensor, place);
  if (std::ranges::find(shape, 0) != shape.end() && holds_nothing(stored)) {
    return {shape,
            is_float(tensor) ? HostTensor::Values(std::vector<float>())
                             : HostTensor::Values(std::vector<std::int64_t>()),
            tensor.data_type()};
  }
  if (is_float(tensor)) {
    FloatTensor floats = stored_floats(stored, place);
    make_mask_finite(floats.values);
    check_finite(floats.values, place);
    return {std::move(floats.shape), std::move(floats.values), tensor.data_type()};
  }
  return {shape, read_whole(stored, element_count(shape, place), place), tensor.data_type()};
}

std::optional<FloatTensor> of_one_sample(const FloatTensor& tensor, std::size_t axis) {
  FloatTensor result{tensor.shape, {}};
  result.shape[axis] = 1;
  std::size_t inner = 1;
  for (std::size_t i = axis + 1; i < tensor.shape.size(); ++i) {
    inner *= static_cast<std::size_t>(tensor.shape[i]);
  }
  const std::size_t block = inner * static_cast<std::size_t>(tensor.shape[axis]);
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    const float first = tensor.values[i / block * block + i % inner];
    if (tensor.values[i] != first) {
      return std::nullopt;
    }
    if (i % block < inner) {
      result.values.push_back(first);
    }
  }
  return result;
}

std::size_t HostTensor::size() const {
  return std::visit([](const auto& held) { return held.size(); }, values);
}

std::vector<float> HostTensor::floats() const {
  return std::visit([](const auto& held) { return std::vector<float>(held.begin(), held.end()); },
                    values);
}

}  // namespace systol::onnx_import
