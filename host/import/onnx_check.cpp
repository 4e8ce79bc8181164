#include "host/import/onnx_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "host/import/limits.h"
#include "host/import/onnx_handlers.h"
#include "host/import/onnx_node.h"
#include "sim/base/error.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

std::vector<const std::string*> names_of(const onnx::NodeProto& node) {
  std::vector<const std::string*> names = {&node.name(), &node.op_type(), &node.domain()};
  for (const std::string& input : node.input()) {
    names.push_back(&input);
  }
  for (const std::string& output : node.output()) {
    names.push_back(&output);
  }
  return names;
}

/// Before any message may show them. A name that is empty means none at a node, and nothing here.
void check_ends(const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& ends,
                const std::string& of, const std::string& file) {
  for (const onnx::ValueInfoProto& end : ends) {
    if (end.name().empty() || !is_printable(end.name())) {
      throw InputError(fmt::format(
          "{}: found {} of the graph with the name {}, allowed: UTF-8 without control characters, "
          "and not empty",
          file, of, in_quotes(end.name())));
    }
  }
}

/// Likewise.
void check_names(const onnx::GraphProto& graph, const std::string& file) {
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string* name : names_of(graph.node(i))) {
      if (!is_printable(*name)) {
        throw InputError(
            fmt::format("{}: node {}: found the name {}, allowed: UTF-8 without control characters",
                        file, i, in_quotes(*name)));
      }
    }
  }
}

/// "Loop (2 nodes, the first is 'a')"
std::string counted(const std::string& op, const std::vector<std::string>& nodes) {
  return nodes.size() == 1
             ? fmt::format("{} (node '{}')", op, nodes.front())
             : fmt::format("{} ({} nodes, the first is '{}')", op, nodes.size(), nodes.front());
}

void check_supported(const onnx::GraphProto& graph, const std::string& file) {
  std::map<std::string, std::vector<std::string>> unsupported;
  const auto supported = supported_operators();
  for (const onnx::NodeProto& proto : graph.node()) {
    const Node node(proto, file);
    if (node.similarity() == Similarity::L1) {
      if (std::ranges::find(kL1Operators, node.op()) == kL1Operators.end()) {
        unsupported[proto.domain() + "::" + node.op()].push_back(node.name());
      }
    } else if (!node.standard()) {
      unsupported[proto.domain() + "::" + node.op()].push_back(node.name());
    } else if (!std::ranges::binary_search(supported, std::string_view(node.op()))) {
      unsupported[node.op()].push_back(node.name());
    }
  }
  if (unsupported.empty()) {
    return;
  }
  std::vector<std::string> parts;
  parts.reserve(unsupported.size());
  for (const auto& [op, nodes] : unsupported) {
    parts.push_back(counted(op, nodes));
  }
  throw InputError(fmt::format("{}: it has operators that are not supported: {}; supported are {}",
                               file, fmt::join(parts, ", "), fmt::join(supported, ", ")));
}

}  // namespace

void check_nodes(const onnx::GraphProto& graph, const std::string& file) {
  check_ends(graph.input(), "an input", file);
  check_ends(graph.output(), "an output", file);
  check_names(graph, file);
  check_supported(graph, file);
}

}  // namespace systol::onnx_import
