#include "host/export/onnx_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "host/report/version.h"
#include "sim/base/error.h"

namespace systol::onnx_export {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX keeps the least byte first");

constexpr std::int64_t kOperatorSet = 17;
constexpr std::int64_t kFormat = 8;  ///< of the file: the one of that operator set

template <class Value>
std::string raw(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

void set_type(onnx::ValueInfoProto& info, const Shape& shape, std::int64_t batch,
              std::int32_t number = onnx::TensorProto::FLOAT) {
  auto& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(number);
  auto& first = *type.mutable_shape()->add_dim();
  if (batch > 0) {
    first.set_dim_value(batch);
  } else {
    first.set_dim_param("batch");
  }
  for (const std::int64_t extent : shape) {
    type.mutable_shape()->add_dim()->set_dim_value(extent);
  }
}

/// What an attribute's kind sets.
struct Set {
  onnx::AttributeProto& attribute;

  void operator()(std::int64_t value) const {
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  void operator()(float value) const {
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }
  void operator()(const Integers& values) const {
    attribute.set_type(onnx::AttributeProto::INTS);
    attribute.mutable_ints()->Assign(values.begin(), values.end());
  }
  void operator()(const std::string& text) const {
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(text);
  }
};

}  // namespace

Writer::Writer(const std::string& network) {
  model_.set_ir_version(kFormat);
  model_.set_producer_name("systol");
  model_.set_producer_version(kVersion);
  model_.add_opset_import()->set_version(kOperatorSet);
  model_.mutable_graph()->set_name(network);
}

std::string Writer::unique(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; !names_.insert(name).second; ++number) {
    name = fmt::format("{}_{}", wanted, number);
  }
  return name;
}

std::string Writer::node(const std::string& op, const std::vector<std::string>& inputs,
                         const std::string& name, const std::vector<Attribute>& attributes,
                         const std::string& domain) {
  std::string output = unique(name);
  onnx::NodeProto& added = *model_.mutable_graph()->add_node();
  added.set_op_type(op);
  if (!domain.empty()) {
    added.set_domain(domain);
    if (domains_.insert(domain).second) {
      onnx::OperatorSetIdProto& set = *model_.add_opset_import();
      set.set_domain(domain);
      set.set_version(1);
    }
  }
  added.set_name(output);
  added.add_output(output);
  for (const std::string& input : inputs) {
    added.add_input(input);
  }
  for (const Attribute& attribute : attributes) {
    onnx::AttributeProto& given = *added.add_attribute();
    given.set_name(attribute.name);
    std::visit(Set{given}, attribute.value);
  }
  return output;
}

onnx::TensorProto& Writer::tensor(const std::string& name, const Shape& shape, std::int32_t type,
                                  std::string raw) {
  onnx::TensorProto& added = *model_.mutable_graph()->add_initializer();
  added.set_name(unique(name));
  added.set_data_type(type);
  for (const std::int64_t extent : shape) {
    added.add_dims(extent);
  }
  added.set_raw_data(std::move(raw));
  return added;
}

std::string Writer::floats(const std::string& name, const Shape& shape,
                           const std::vector<float>& values) {
  const auto [written, first] = floats_.try_emplace(name);
  std::string bytes = raw(values);
  if (!first) {
    const onnx::TensorProto& other = model_.graph().initializer(written->second);
    if (std::ranges::equal(other.dims(), shape) && other.raw_data() == bytes) {
      return other.name();
    }
  }
  written->second = model_.graph().initializer_size();
  return tensor(name, shape, onnx::TensorProto::FLOAT, std::move(bytes)).name();
}

std::string Writer::integers(const std::string& name, const Shape& shape, const Integers& values) {
  return tensor(name, shape, onnx::TensorProto::INT64, raw(values)).name();
}

std::string Writer::int8(const std::string& name, const Shape& shape,
                         const std::vector<std::int8_t>& values) {
  return tensor(name, shape, onnx::TensorProto::INT8, raw(values)).name();
}

std::string Writer::int32(const std::string& name, const Shape& shape,
                          const std::vector<std::int32_t>& values) {
  return tensor(name, shape, onnx::TensorProto::INT32, raw(values)).name();
}

std::string Writer::input(const std::string& name, const Shape& shape, std::int64_t batch) {
  onnx::ValueInfoProto& added = *model_.mutable_graph()->add_input();
  added.set_name(unique(name));
  set_type(added, shape, batch);
  return added.name();
}

std::string Writer::state(const std::string& name, const Shape& shape,
                          const std::vector<float>& initial) {
  std::string given = input(name, shape, 1);
  if (!initial.empty()) {
    onnx::TensorProto& held = *model_.mutable_graph()->add_initializer();
    held.set_name(given);
    held.set_data_type(onnx::TensorProto::FLOAT);
    held.add_dims(1);
    held.mutable_dims()->Add(shape.begin(), shape.end());
    held.set_raw_data(raw(initial));
  }
  return given;
}

std::string Writer::indices(const std::string& name, const Shape& shape, std::int64_t batch) {
  onnx::ValueInfoProto& added = *model_.mutable_graph()->add_input();
  added.set_name(unique(name));
  set_type(added, shape, batch, onnx::TensorProto::INT64);
  return added.name();
}

std::string Writer::output(const std::string& name, const std::string& value, const Shape& shape,
                           std::int64_t batch) {
  std::string named = node("Identity", {value}, name);
  onnx::ValueInfoProto& added = *model_.mutable_graph()->add_output();
  added.set_name(named);
  set_type(added, shape, batch);
  return named;
}

void Writer::note(const std::string& key, const std::string& text) {
  onnx::StringStringEntryProto& entry = *model_.add_metadata_props();
  entry.set_key(key);
  entry.set_value(text);
}

std::string Writer::bytes(const std::string& place) const {
  if (model_.ByteSizeLong() > kMostBytes) {
    throw InputError(fmt::format("{}: as ONNX it has {} bytes; a file holds at most {}", place,
                                 model_.ByteSizeLong(), kMostBytes));
  }
  return model_.SerializeAsString();
}

}  // namespace systol::onnx_export
