#include "host/import/onnx_open_shapes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

using OpenDimension = onnx::TensorShapeProto::Dimension;

bool is_open(const OpenDimension& dimension) { return dimension.dim_value() < 1; }

onnx::TensorShapeProto& shape_of(onnx::ValueInfoProto& input) {
  return *input.mutable_type()->mutable_tensor_type()->mutable_shape();
}

/// Tensors that are no constants.
std::vector<onnx::ValueInfoProto*> inputs_of(onnx::GraphProto& graph) {
  std::vector<onnx::ValueInfoProto*> inputs;
  for (onnx::ValueInfoProto& input : *graph.mutable_input()) {
    const auto is_its = [&](const onnx::TensorProto& tensor) {
      return tensor.name() == input.name();
    };
    if (input.type().has_tensor_type() && std::ranges::none_of(graph.initializer(), is_its)) {
      inputs.push_back(&input);
    }
  }
  return inputs;
}

[[noreturn]] void refuse_name(const std::string& file, const char* what, const std::string& name,
                              const std::set<std::string>& allowed) {
  std::vector<std::string> quoted;
  quoted.reserve(allowed.size());
  for (const std::string& one : allowed) {
    quoted.push_back(in_quotes(one));
  }
  throw InputError(
      fmt::format("{}: a size is given for the {} {}; allowed: {}", file, what, in_quotes(name),
                  quoted.empty() ? "none" : fmt::format("{}", fmt::join(quoted, ", "))));
}

void give_extent(OpenDimension& dimension, std::int64_t extent, const std::string& place) {
  if (!is_open(dimension) && dimension.dim_value() != extent) {
    throw InputError(fmt::format("{}: found {}, but the file fixes it to {}", place, extent,
                                 dimension.dim_value()));
  }
  dimension.set_dim_value(extent);
}

void give_input(onnx::ValueInfoProto& input, const Shape& given, const std::string& place) {
  onnx::TensorShapeProto& shape = shape_of(input);
  const bool unknown = shape.dim_size() == 0;
  for (std::size_t i = 0; unknown && i < given.size(); ++i) {
    shape.add_dim();
  }
  if (static_cast<std::size_t>(shape.dim_size()) != given.size()) {
    throw InputError(fmt::format("{}: found the shape {} of {} dimensions, but it has {}", place,
                                 to_string(given), given.size(), shape.dim_size()));
  }
  for (int i = 0; i < shape.dim_size(); ++i) {
    give_extent(*shape.mutable_dim(i), given[static_cast<std::size_t>(i)],
                fmt::format("{}: dimension {}", place, i));
  }
}

void give_inputs(const std::vector<onnx::ValueInfoProto*>& inputs,
                 const std::map<std::string, Shape>& given, const std::string& file) {
  std::set<std::string> names;
  for (const onnx::ValueInfoProto* input : inputs) {
    names.insert(input->name());
  }
  for (const auto& [name, shape] : given) {
    if (!names.contains(name)) {
      refuse_name(file, "input", name, names);
    }
    const auto named = std::ranges::find(inputs, name, &onnx::ValueInfoProto::name);
    give_input(**named, shape, fmt::format("{}: input {}", file, in_quotes(name)));
  }
}

void give_dimensions(const std::vector<onnx::ValueInfoProto*>& inputs,
                     const std::map<std::string, std::int64_t>& given, const std::string& file) {
  std::set<std::string> names;
  for (onnx::ValueInfoProto* input : inputs) {
    for (OpenDimension& dimension : *shape_of(*input).mutable_dim()) {
      if (is_open(dimension) && !dimension.dim_param().empty()) {
        const std::string name = dimension.dim_param();
        names.insert(name);
        if (const auto found = given.find(name); found != given.end()) {
          dimension.set_dim_value(found->second);
        }
      }
    }
  }
  for (const auto& [name, extent] : given) {
    if (!names.contains(name)) {
      refuse_name(file, "open dimension", name, names);
    }
  }
}

}  // namespace

void give_shapes(onnx::GraphProto& graph, const GivenShapes& given, const std::string& file) {
  const std::vector<onnx::ValueInfoProto*> inputs = inputs_of(graph);
  give_dimensions(inputs, given.dimensions, file);
  give_inputs(inputs, given.inputs, file);
}

}  // namespace systol::onnx_import
