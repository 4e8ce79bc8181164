#include "host/graph/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "host/graph/growth.h"
#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

class Verifier {
 public:
  explicit Verifier(const Graph& graph) : graph_(graph), defined_(graph.tensors.size(), false) {}

  void run() {
    check_ends();
    for (const Tensor& tensor : graph_.tensors) {
      check_tensor(tensor);
    }
    check_tensor_names();
    for (const TensorId input : graph_.inputs) {
      define(input, "an input");
    }
    for (const Constant& constant : graph_.constants) {
      check_constant(constant);
    }
    if (!std::ranges::is_sorted(graph_.constants, {}, &Constant::tensor)) {
      fail("its constants are not in the order of their tensors");
    }
    for (const State& state : graph_.states) {
      define(state.value, "a state");
    }
    for (const Node& node : graph_.nodes) {
      check_node(node);
    }
    for (const TensorId output : graph_.outputs) {
      check_defined(output, "the graph");
    }
    for (const State& state : graph_.states) {
      check_state(state);
    }
    check_all_defined();
    check_growth();
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", graph_.place(), problem));
  }

  void check_ends() const {
    if (graph_.inputs.empty() || graph_.outputs.empty()) {
      fail("a graph needs an input and an output");
    }
  }

  void check_tensor(const Tensor& tensor) const {
    check_name(tensor.name, "a tensor");
    if (std::ranges::any_of(tensor.shape, [](std::int64_t extent) { return extent < 1; })) {
      fail(fmt::format("tensor '{}' has shape {}; extents are at least 1", tensor.name,
                       to_string(tensor.shape)));
    }
  }

  void check_name(const std::string& name, const std::string& of) const {
    const auto control = [](unsigned char letter) { return letter < 0x20 || letter == 0x7f; };
    if (name.empty() || std::ranges::any_of(name, control)) {
      fail(fmt::format("the name of {} is empty or has control characters", of));
    }
  }

  void check_exists(TensorId id, const std::string& user) const {
    if (index_of(id) >= graph_.tensors.size()) {
      fail(fmt::format("{} names tensor {}; there are {}", user, index_of(id),
                       graph_.tensors.size()));
    }
  }

  void check_defined(TensorId id, const std::string& user) const {
    check_exists(id, user);
    if (!defined_[index_of(id)]) {
      fail(fmt::format("{} reads tensor '{}', which nothing before it computes", user,
                       graph_.tensor(id).name));
    }
  }

  void define(TensorId id, const std::string& source) {
    check_exists(id, source);
    if (defined_[index_of(id)]) {
      fail(fmt::format("tensor '{}' comes from two places; the second is {}",
                       graph_.tensor(id).name, source));
    }
    defined_[index_of(id)] = true;
  }

  void check_tensor_names() const {
    std::set<std::string> names;
    for (const Tensor& tensor : graph_.tensors) {
      if (!names.insert(tensor.name).second) {
        fail(fmt::format("two tensors are called '{}'", tensor.name));
      }
    }
  }

  void check_constant(const Constant& constant) {
    define(constant.tensor, "a constant");
    const Tensor& tensor = graph_.tensor(constant.tensor);
    if (graph_.uses(constant.tensor) == 0) {
      fail(fmt::format("nothing reads constant '{}'", tensor.name));
    }
    if (!constant.values.empty() && constant.values.size() != elements(tensor.shape)) {
      fail(fmt::format("constant '{}' has {} values; its shape {} has {}", tensor.name,
                       constant.values.size(), to_string(tensor.shape), elements(tensor.shape)));
    }
  }

  void check_node(const Node& node) {
    check_name(node.name, "a node");
    const std::string place = fmt::format("node '{}'", node.name);
    if (!names_.insert(node.name).second) {
      fail(fmt::format("two nodes are called '{}'", node.name));
    }
    std::vector<Shape> shapes;
    for (const TensorId input : node.inputs) {
      check_defined(input, place);
      shapes.push_back(graph_.shape(input));
    }
    check_exists(node.output, place);
    const Shape shape = infer_shape(node.operation, shapes, place_of(graph_, node));
    if (shape != graph_.shape(node.output)) {
      fail(fmt::format("{} computes {}, but its output '{}' has shape {}", place, to_string(shape),
                       graph_.tensor(node.output).name, to_string(graph_.shape(node.output))));
    }
    check_constants(node);
    define(node.output, place);
  }

  bool is_constant(TensorId id) const { return graph_.constant(id) != nullptr; }

  void check_constants(const Node& node) const {
    const std::string place = place_of(graph_, node);
    const auto fail_at = [&](std::size_t input, std::string_view problem) {
      throw InputError(fmt::format("{}: its input '{}' {}", place,
                                   graph_.tensor(node.inputs[input]).name, problem));
    };
    if (std::ranges::all_of(node.inputs, [&](TensorId id) { return is_constant(id); })) {
      throw InputError(place + ": it reads constants only");
    }
    const auto* matmul = std::get_if<MatMul>(&node.operation);
    const bool convolution = std::holds_alternative<Convolution>(node.operation);
    if (matmul == nullptr && !convolution) {
      return;
    }
    if (is_constant(node.inputs[0])) {
      fail_at(0, "must not be a constant");
    }
    if (convolution && !is_constant(node.inputs[1])) {
      fail_at(1, "must be a constant");
    }
    if (matmul != nullptr && is_constant(node.inputs[1]) &&
        (matmul->transposed || graph_.shape(node.inputs[1]).size() != 2)) {
      fail_at(1, "is a constant, which must be a matrix and not transposed");
    }
    if (similarity_of(node.operation) == Similarity::L1 && !is_constant(node.inputs[1])) {
      fail_at(1, "must be a constant for the similarity l1");
    }
    for (std::size_t i = 2; i < node.inputs.size(); ++i) {
      if (!is_constant(node.inputs[i])) {
        fail_at(i, "must be a constant");
      }
    }
  }

  void check_all_defined() const {
    const auto lost = std::ranges::find(defined_, false);
    if (lost != defined_.end()) {
      const auto at = static_cast<std::size_t>(lost - defined_.begin());
      fail(fmt::format("tensor '{}' comes from nowhere", graph_.tensors[at].name));
    }
  }

  /// States grow by what is the same in every sample, and so are inputs and outputs.
  void check_growth() const {
    const auto growth = growth_of(graph_);
    for (const TensorId output : graph_.outputs) {
      if (growth[index_of(output)]) {
        fail(fmt::format("output '{}' grows from sample to sample; outputs have one shape",
                         graph_.tensor(output).name));
      }
    }
    for (const State& state : graph_.states) {
      if (growth[index_of(state.next)]) {
        fail(fmt::format("state '{}': its next value '{}' grows from sample to sample itself",
                         graph_.tensor(state.value).name, graph_.tensor(state.next).name));
      }
    }
  }

  void check_state(const State& state) const {
    const std::string place = fmt::format("state '{}'", graph_.tensor(state.value).name);
    check_defined(state.next, place);
    Shape next = graph_.shape(state.next);
    if (state.axis && *state.axis < next.size() &&
        next.size() == graph_.shape(state.value).size()) {
      next[*state.axis] = graph_.shape(state.value)[*state.axis];
    }
    if (next != graph_.shape(state.value) || (state.axis && *state.axis >= next.size())) {
      fail(fmt::format("{} has shape {}, but its next value '{}' has shape {}", place,
                       to_string(graph_.shape(state.value)), graph_.tensor(state.next).name,
                       to_string(graph_.shape(state.next))));
    }
    if (is_constant(state.next)) {
      fail(fmt::format("{} has a constant as its next value; a node computes it", place));
    }
    if (!state.initial.empty() && state.initial.size() != elements(graph_.shape(state.value))) {
      fail(fmt::format("{} begins with {} values; its shape {} has {}", place, state.initial.size(),
                       to_string(graph_.shape(state.value)), elements(graph_.shape(state.value))));
    }
  }

  const Graph& graph_;
  std::vector<bool> defined_;
  std::set<std::string> names_;
};

}  // namespace

void verify(const Graph& graph) { Verifier(graph).run(); }

}  // namespace systol
