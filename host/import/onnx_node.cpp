#include "host/import/onnx_node.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/error.h"

namespace systol::onnx_import {

const std::string& Node::input(int index) const {
  if (!has_input(index)) {
    fail(fmt::format("it has no input {}", index + 1));
  }
  return proto_.input(index);
}

const std::string& Node::output(int index) const {
  if (!has_output(index)) {
    fail(index == 0 ? "it has no output" : fmt::format("it has no output {}", index + 1));
  }
  return proto_.output(index);
}

const onnx::AttributeProto* Node::attribute(const std::string& name) const {
  for (const onnx::AttributeProto& attribute : proto_.attribute()) {
    if (attribute.name() == name) {
      return &attribute;
    }
  }
  return nullptr;
}

float Node::float_attribute(const std::string& name, float otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  if (!found->has_f() || !std::isfinite(found->f())) {
    fail(fmt::format("its attribute '{}' is not a finite number", name));
  }
  return found->f();
}

std::int64_t Node::integer_attribute(const std::string& name, std::int64_t otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  if (!found->has_i()) {
    fail(fmt::format("its attribute '{}' is not a whole number", name));
  }
  return found->i();
}

std::string Node::text_attribute(const std::string& name, const std::string& otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  if (!found->has_s()) {
    fail(fmt::format("its attribute '{}' is not a text", name));
  }
  return found->s();
}

std::vector<std::int64_t> Node::integers_attribute(const std::string& name,
                                                   std::vector<std::int64_t> otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr) {
    return otherwise;
  }
  return {found->ints().begin(), found->ints().end()};
}

std::size_t Node::axis(std::int64_t axis, std::size_t rank) const {
  const auto axes = static_cast<std::int64_t>(rank);
  if (axis < -axes || axis >= axes) {
    fail(fmt::format("axis {} of a value with {} axes", axis, axes));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + axes : axis);
}

std::string Node::name() const {
  return proto_.name().empty() && proto_.output_size() > 0 ? proto_.output(0) : proto_.name();
}

std::string Node::place() const {
  return fmt::format("{}: node '{}' ({}{}{})", file_, name(), proto_.domain(),
                     proto_.domain().empty() ? "" : "::", op());
}

void Node::fail(const std::string& what) const { throw InputError(place() + ": " + what); }

}  // namespace systol::onnx_import
