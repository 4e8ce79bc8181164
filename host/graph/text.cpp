#include "host/graph/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "host/graph/operation_text.h"
#include "host/graph/text_line.h"
#include "host/graph/verify.h"

namespace systol {
namespace {

std::string line_of(const Graph& graph, const Node& node) {
  std::vector<std::string_view> inputs;
  for (const TensorId input : node.inputs) {
    inputs.push_back(graph.tensor(input).name);
  }
  return fmt::format("node {} = {}({})\n", node.name, to_text(node.operation),
                     fmt::join(inputs, ", "));
}

class Parser {
 public:
  explicit Parser(std::string file) { graph_.file = std::move(file); }

  void read(std::string_view text) {
    ++number_;
    TextLine line(text, fmt::format("{}:{}", graph_.file, number_));
    if (!line.rest().empty()) {
      read_line(line);
    }
  }

  Graph finish() {
    for (const NextValue& state : next_values_) {
      graph_.states.push_back({state.value, find(state.next, state.line), {}, state.axis});
    }
    verify(graph_);
    return std::move(graph_);
  }

 private:
  /// A state, whose next value may stand on a later line.
  struct NextValue {
    TensorId value{};
    std::string next;
    TextLine line;
    std::optional<std::size_t> axis;
  };

  TensorId find(const std::string& tensor, const TextLine& line) const {
    const auto found = ids_.find(tensor);
    if (found == ids_.end()) {
      line.fail(fmt::format("there is no tensor '{}'", tensor));
    }
    return found->second;
  }

  void define(const std::string& tensor, TensorId id, const TextLine& line) {
    if (!ids_.emplace(tensor, id).second) {
      line.fail(fmt::format("there are two tensors '{}'", tensor));
    }
  }

  void read_line(TextLine& line) {
    const std::string kind = line.word();
    if (kind == "graph") {
      graph_.name = line.rest();
      std::erase(graph_.name, '"');
      return;
    }
    const std::string first = line.name();
    if (kind == "input") {
      define(first, graph_.add_input(first, line.shape()), line);
    } else if (kind == "constant") {
      define(first, graph_.add_constant(first, line.shape()), line);
    } else if (kind == "state") {
      read_state(first, line);
    } else if (kind == "node") {
      read_node(first, line);
    } else if (kind == "output") {
      graph_.outputs.push_back(find(first, line));
    } else {
      line.fail(
          fmt::format("expected graph, input, constant, state, node or output, found '{}'", kind));
    }
    if (!line.rest().empty()) {
      line.fail(fmt::format("expected the end of the line, found '{}'", line.rest()));
    }
  }

  void read_state(const std::string& state, TextLine& line) {
    graph_.tensors.push_back({state, line.shape()});
    const auto id = static_cast<TensorId>(graph_.tensors.size() - 1);
    define(state, id, line);
    line.expect("next");
    const std::string next = line.name();
    std::optional<std::size_t> axis;
    if (!line.rest().empty()) {
      line.expect("axis");
      axis = line.number_in<std::size_t>(line.word());
    }
    next_values_.push_back({id, next, line, axis});
  }

  void read_node(const std::string& node, TextLine& line) {
    line.expect("=");
    const Operation operation = read_operation(line);
    std::vector<TensorId> inputs;
    line.expect("(");
    std::string end = ",";
    while (end == ",") {
      inputs.push_back(find(line.name(), line));
      end = line.word();
    }
    if (end != ")") {
      line.fail(fmt::format("expected ')', found '{}'", end));
    }
    define(node, graph_.add_node(node, operation, inputs), line);
  }

  Graph graph_;
  std::map<std::string, TensorId> ids_;
  std::vector<NextValue> next_values_;
  int number_ = 0;
};

}  // namespace

std::string to_text(const Graph& graph) {
  std::string text = fmt::format("graph \"{}\"\n", graph.name);
  const auto add = [&](std::string_view kind, TensorId id) {
    const Tensor& tensor = graph.tensor(id);
    text += fmt::format("{} {} {}\n", kind, tensor.name, to_string(tensor.shape));
  };
  for (const TensorId input : graph.inputs) {
    add("input", input);
  }
  for (const Constant& constant : graph.constants) {
    add("constant", constant.tensor);
  }
  for (const State& state : graph.states) {
    const std::string axis = state.axis ? fmt::format(" axis {}", *state.axis) : "";
    text += fmt::format("state {} {} next {}{}\n", graph.tensor(state.value).name,
                        to_string(graph.shape(state.value)), graph.tensor(state.next).name, axis);
  }
  for (const Node& node : graph.nodes) {
    text += line_of(graph, node);
  }
  for (const TensorId output : graph.outputs) {
    text += fmt::format("output {}\n", graph.tensor(output).name);
  }
  return text;
}

Graph graph_from_text(std::string_view text, const std::string& file) {
  Parser parser(file);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.finish();
}

}  // namespace systol
