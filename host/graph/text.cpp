#include "host/graph/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <vector>

#include "host/graph/verify.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::string argument_of(const Operation& operation) {
  if (const auto* map = std::get_if<Map>(&operation); map && map->function == Function::LeakyRelu) {
    return fmt::format("[{}]", map->slope);
  }
  if (const auto* reshape = std::get_if<Reshape>(&operation)) {
    return to_string(reshape->shape);
  }
  return {};
}

std::string line_of(const Graph& graph, const Node& node) {
  std::vector<std::string_view> inputs;
  for (const TensorId input : node.inputs) {
    inputs.push_back(graph.tensor(input).name);
  }
  return fmt::format("node {} = {}{}({})\n", node.name, name_of(node.operation),
                     argument_of(node.operation), fmt::join(inputs, ", "));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class Parser {
 public:
  explicit Parser(std::string file) { graph_.file = std::move(file); }

  void read(std::string_view line) {
    ++number_;
    rest_ = trimmed(line.substr(0, line.find('#')));
    if (!rest_.empty()) {
      read_line(word());
    }
  }

  Graph finish() {
    for (const NextValue& state : next_values_) {
      number_ = state.line;
      graph_.states.push_back({state.value, find(state.next)});
    }
    verify(graph_);
    return std::move(graph_);
  }

 private:
  /// A state, whose next value may stand on a later line.
  struct NextValue {
    TensorId value{};
    std::string next;
    int line = 0;
  };

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}:{}: {}", graph_.file, number_, problem));
  }

  /// The next characters up to a blank or one of ",()[]=", which stands alone.
  std::string word() {
    rest_ = trimmed(rest_);
    constexpr std::string_view kEnds = " \t,()[]=";
    std::size_t length = std::min(rest_.find_first_of(kEnds), rest_.size());
    length = std::max<std::size_t>(length, rest_.empty() ? 0 : 1);
    std::string found(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return found;
  }

  void expect(std::string_view wanted) {
    const std::string found = word();
    if (found != wanted) {
      fail(fmt::format("expected '{}', found '{}'", wanted, found));
    }
  }

  std::string name() {
    std::string found = word();
    if (found.empty()) {
      fail("expected a name, found the end of the line");
    }
    return found;
  }

  template <class Number>
  Number number() {
    const std::string text = word();
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      fail(fmt::format("expected a number, found '{}'", text));
    }
    return value;
  }

  Shape shape() {
    expect("[");
    Shape extents;
    if (trimmed(rest_).starts_with(']')) {
      expect("]");
      return extents;
    }
    std::string end = ",";
    while (end == ",") {
      extents.push_back(number<std::int64_t>());
      end = word();
    }
    if (end != "]") {
      fail(fmt::format("expected ']', found '{}'", end));
    }
    return extents;
  }

  TensorId find(const std::string& tensor) const {
    const auto found = ids_.find(tensor);
    if (found == ids_.end()) {
      fail(fmt::format("there is no tensor '{}'", tensor));
    }
    return found->second;
  }

  void define(const std::string& tensor, TensorId id) {
    if (!ids_.emplace(tensor, id).second) {
      fail(fmt::format("there are two tensors '{}'", tensor));
    }
  }

  void read_line(const std::string& kind) {
    if (kind == "graph") {
      graph_.name = trimmed(rest_);
      std::erase(graph_.name, '"');
      return;
    }
    const std::string first = name();
    if (kind == "input") {
      define(first, graph_.add_input(first, shape()));
    } else if (kind == "constant") {
      define(first, graph_.add_constant(first, shape()));
    } else if (kind == "state") {
      read_state(first);
    } else if (kind == "node") {
      read_node(first);
    } else if (kind == "output") {
      graph_.outputs.push_back(find(first));
    } else {
      fail(fmt::format("expected graph, input, constant, state, node or output, found '{}'", kind));
    }
    if (!trimmed(rest_).empty()) {
      fail(fmt::format("expected the end of the line, found '{}'", trimmed(rest_)));
    }
  }

  void read_state(const std::string& state) {
    graph_.tensors.push_back({state, shape()});
    const auto id = static_cast<TensorId>(graph_.tensors.size() - 1);
    define(state, id);
    expect("next");
    next_values_.push_back({id, name(), number_});
  }

  void read_node(const std::string& node) {
    expect("=");
    const Operation operation = read_operation(word());
    std::vector<TensorId> inputs;
    expect("(");
    std::string end = ",";
    while (end == ",") {
      inputs.push_back(find(name()));
      end = word();
    }
    if (end != ")") {
      fail(fmt::format("expected ')', found '{}'", end));
    }
    define(node, graph_.add_node(node, operation, inputs));
  }

  Operation read_operation(const std::string& kind) {
    if (kind == "matmul") {
      return MatMul{};
    }
    if (kind == "softmax") {
      return Softmax{};
    }
    if (kind == "reshape") {
      return Reshape{shape()};
    }
    for (int i = 0; i < kFunctions; ++i) {
      Map map{static_cast<Function>(i)};
      if (kind == name_of(map.function)) {
        if (map.function == Function::LeakyRelu) {
          expect("[");
          map.slope = number<float>();
          expect("]");
        }
        return map;
      }
    }
    fail(fmt::format("there is no operation '{}'", kind));
  }

  Graph graph_;
  std::map<std::string, TensorId> ids_;
  std::vector<NextValue> next_values_;
  std::string_view rest_;
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
    text += fmt::format("state {} {} next {}\n", graph.tensor(state.value).name,
                        to_string(graph.shape(state.value)), graph.tensor(state.next).name);
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
