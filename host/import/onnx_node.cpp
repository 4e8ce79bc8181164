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

const std::string& Node::output() const {
  if (proto_.output_size() == 0 || proto_.output(0).empty()) {
    fail("it has no output");
  }
  return proto_.output(0);
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

std::string Node::place() const {
  std::string name = proto_.name();
  if (name.empty() && proto_.output_size() > 0) {
    name = proto_.output(0);
  }
  return fmt::format("{}: node '{}' ({}{}{})", file_, name, proto_.domain(),
                     proto_.domain().empty() ? "" : "::", op());
}

void Node::fail(const std::string& what) const { throw InputError(place() + ": " + what); }

}  // namespace systol::onnx_import
