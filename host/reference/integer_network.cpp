#include "host/reference/integer_network.h"

#include <algorithm>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/graph/growth.h"
#include "host/reference/integer_node.h"

namespace systol {
namespace {

/// `rows` samples of a network whose tensors have the shapes of `graph`.
class IntegerRun {
 public:
  IntegerRun(const QuantGraph& quantised, const Graph& graph, std::size_t rows, unsigned threads)
      : quantised_(quantised),
        graph_(graph),
        connections_(graph_),
        rows_(rows),
        threads_(threads),
        values_(graph_.tensors.size()) {
    result_.tensors.resize(graph_.tensors.size());
  }

  /// The values outlive the run.
  void set_state(TensorId id, const std::vector<std::int8_t>& values) {
    values_[index_of(id)] = values.data();
  }

  IntegerResult run(std::span<const std::int8_t> inputs) {
    split(inputs);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      std::vector<std::int8_t>& output = result_.tensors[index_of(node.output)];
      output.resize(rows_ * size(node.output));
      std::visit(IntegerNode{graph_, node, operands(i), rows_, threads_, output.data()},
                 quantised_.nodes[i]);
      values_[index_of(node.output)] = output.data();
    }
    return std::move(result_);
  }

 private:
  std::size_t size(TensorId id) const { return elements(graph_.shape(id)); }

  /// A sample is the values of one input after those of the other.
  void split(std::span<const std::int8_t> inputs) {
    if (graph_.inputs.size() == 1) {
      values_[index_of(graph_.inputs.front())] = inputs.data();
      return;
    }
    const std::size_t width = graph_.input_size();
    std::size_t start = 0;
    for (const TensorId input : graph_.inputs) {
      std::vector<std::int8_t>& values = parts_.emplace_back(rows_ * size(input));
      for (std::size_t row = 0; row < rows_; ++row) {
        std::copy_n(&inputs[row * width + start], size(input), &values[row * size(input)]);
      }
      values_[index_of(input)] = values.data();
      start += size(input);
    }
  }

  std::vector<IntegerInput> operands(std::size_t number) const {
    const Node& node = graph_.nodes[number];
    std::vector<IntegerInput> result;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const TensorId id = node.inputs[i];
      const bool constant = connections_.constant(id) != nullptr;
      result.push_back(
          {constant ? constant_values(quantised_.nodes[number], i) : values_[index_of(id)],
           constant ? 0 : size(id), quantised_.tensors[index_of(id)].zero_point});
    }
    return result;
  }

  /// Those that the node keeps in its input's shape; other constants it knows itself.
  static const std::int8_t* constant_values(const QuantOperation& operation, std::size_t input) {
    if (const auto* binary = std::get_if<QuantBinary>(&operation)) {
      return binary->constant.data();
    }
    const auto* move = std::get_if<QuantMove>(&operation);
    return move == nullptr ? nullptr : move->constants[input].data();
  }

  const QuantGraph& quantised_;
  const Graph& graph_;
  Connections connections_;
  std::size_t rows_;
  unsigned threads_;
  std::vector<const std::int8_t*> values_;  ///< by TensorId
  std::vector<std::vector<std::int8_t>> parts_;
  IntegerResult result_;
};

/// `more` after each block of `values`, both of `outer` blocks.
std::vector<std::int8_t> appended(const std::vector<std::int8_t>& values,
                                  const std::vector<std::int8_t>& more, std::size_t outer) {
  const std::size_t old_block = values.size() / outer;
  const std::size_t new_block = more.size() / outer;
  std::vector<std::int8_t> result(values.size() + more.size());
  for (std::size_t i = 0; i < outer; ++i) {
    std::int8_t* to = &result[i * (old_block + new_block)];
    std::copy_n(&values[i * old_block], old_block, to);
    std::copy_n(&more[i * new_block], new_block, to + old_block);
  }
  return result;
}

/// One sample after another: what the nodes leave in next values is what the next sample reads.
IntegerResult run_steps(const QuantGraph& quantised, std::span<const std::int8_t> inputs,
                        std::size_t rows, unsigned threads) {
  const Graph& graph = *quantised.graph;
  std::vector<std::vector<std::int8_t>> held = quantised.states;
  IntegerResult all;
  all.tensors.resize(graph.tensors.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const Graph seen = at_sample(graph, row);
    IntegerRun run(quantised, seen, 1, threads);
    for (std::size_t i = 0; i < held.size(); ++i) {
      run.set_state(graph.states[i].value, held[i]);
    }
    const IntegerResult one =
        run.run(inputs.subspan(row * graph.input_size(), graph.input_size()));
    std::vector<std::vector<std::int8_t>> next;
    for (std::size_t i = 0; i < held.size(); ++i) {
      const State& state = graph.states[i];
      std::size_t outer = 1;
      for (std::size_t axis = 0; axis < state.axis.value_or(0); ++axis) {
        outer *= static_cast<std::size_t>(graph.shape(state.next)[axis]);
      }
      next.push_back(state.axis ? appended(held[i], one.of(state.next), outer)
                                : one.of(state.next));
    }
    held = std::move(next);
    for (std::size_t i = 0; i < all.tensors.size(); ++i) {
      all.tensors[i].insert(all.tensors[i].end(), one.tensors[i].begin(), one.tensors[i].end());
    }
  }
  return all;
}

}  // namespace

IntegerResult run_integer(const QuantGraph& quantised, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads) {
  if (inputs.size() != rows * quantised.graph->input_size()) {
    throw std::invalid_argument("run_integer: inputs are not [rows][input values]");
  }
  if (!quantised.graph->states.empty()) {
    return run_steps(quantised, inputs, rows, threads);
  }
  return IntegerRun(quantised, *quantised.graph, rows, threads).run(inputs);
}

std::vector<std::size_t> largest(std::span<const std::int8_t> values, std::size_t columns) {
  std::vector<std::size_t> result;
  for (std::size_t at = 0; at + columns <= values.size(); at += columns) {
    const auto row = values.subspan(at, columns);
    result.push_back(
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

}  // namespace systol
