#include "host/reference/integer_network.h"

#include <algorithm>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/reference/integer_node.h"
#include "host/reference/sample_shapes.h"

namespace systol {
namespace {

using Bytes8 = std::vector<std::int8_t>;

/// Some samples; `states` is what they begin with, and then what they leave.
class IntegerRun {
 public:
  IntegerRun(const QuantGraph& quantised, const SampleShapes& shapes, std::vector<Bytes8>& states,
             unsigned threads)
      : quantised_(quantised),
        graph_(*quantised.graph),
        connections_(graph_),
        shapes_(shapes),
        rows_(shapes.rows()),
        threads_(threads),
        states_(states),
        values_(graph_.tensors.size()),
        held_(graph_.tensors.size()) {
    result_.tensors.resize(graph_.tensors.size());
    for (std::size_t i = 0; i < graph_.states.size(); ++i) {
      held_[index_of(graph_.states[i].value)] = i + 1;
    }
  }

  IntegerResult run(std::span<const std::int8_t> inputs, const IntegerObserver& seen) {
    split(inputs);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      Bytes8& output = result_.tensors[index_of(node.output)];
      output.resize(shapes_.start(node.output, rows_));
      if (is_same_in_all(node)) {
        std::visit(IntegerNode{graph_, node, operands(i, 0, {}), rows_, threads_, output.data()},
                   quantised_.nodes[i]);
      } else {
        run_rows(i, output);
      }
      values_[index_of(node.output)] = output.data();
      if (seen) {
        seen(node.output, rows_);
      }
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const State& state = graph_.states[i];
      pass_samples(graph_, state, values_[index_of(state.next)], rows_, states_[i]);
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

  /// Whether its tensors have one shape in all samples, and none is a state.
  bool is_same_in_all(const Node& node) const {
    return !shapes_.differs(node.output) &&
           std::ranges::none_of(node.inputs, [this](TensorId input) {
             return shapes_.differs(input) || held_[index_of(input)] > 0;
           });
  }

  /// Sample by sample.
  void run_rows(std::size_t number, Bytes8& output) const {
    std::vector<Bytes8> held(states_.size());
    for (const TensorId input : graph_.nodes[number].inputs) {
      if (const std::size_t state = held_[index_of(input)]; state > 0) {
        held[state - 1] = states_[state - 1];
      }
    }
    for (std::size_t row = 0; row < rows_; ++row) {
      const Graph& seen = shapes_.graph(row);
      const Node& node = seen.nodes[number];
      std::visit(IntegerNode{seen, node, operands(number, row, held), 1, threads_,
                             output.data() + shapes_.start(node.output, row)},
                 quantised_.nodes[number]);
      if (row + 1 < rows_) {
        take_up(held, row);
      }
    }
  }

  /// What the sample after `row` reads of the states that are not empty.
  void take_up(std::vector<Bytes8>& held, std::size_t row) const {
    for (std::size_t i = 0; i < held.size(); ++i) {
      const State& state = graph_.states[i];
      if (!held[i].empty()) {
        pass_samples(graph_, state, values_[index_of(state.next)] + shapes_.start(state.next, row),
                     1, held[i]);
      }
    }
  }

  /// From `row` on; `held` are the states then.
  std::vector<IntegerInput> operands(std::size_t number, std::size_t row,
                                     const std::vector<Bytes8>& held) const {
    const Node& node = graph_.nodes[number];
    std::vector<IntegerInput> result;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const TensorId id = node.inputs[i];
      const std::int8_t zero_point = quantised_.tensors[index_of(id)].zero_point;
      if (connections_.constant(id) != nullptr) {
        result.push_back({constant_values(quantised_.nodes[number], i), 0, zero_point});
      } else if (const std::size_t state = held_[index_of(id)]; state > 0) {
        result.push_back({held[state - 1].data(), 0, zero_point});
      } else {
        result.push_back(
            {values_[index_of(id)] + shapes_.start(id, row), shapes_.size(id, row), zero_point});
      }
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
  const SampleShapes& shapes_;
  std::size_t rows_;
  unsigned threads_;
  std::vector<Bytes8>& states_;
  std::vector<const std::int8_t*> values_;  ///< by TensorId
  std::vector<std::size_t> held_;           ///< by TensorId: 0, or one more than a state's number
  std::vector<std::vector<std::int8_t>> parts_;
  IntegerResult result_;
};

}  // namespace

IntegerResult run_integer(const QuantGraph& quantised, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads, const IntegerObserver& seen) {
  if (inputs.size() != rows * quantised.graph->input_size()) {
    throw std::invalid_argument("run_integer: inputs are not [rows][input values]");
  }
  const Graph& graph = *quantised.graph;
  const std::size_t most = reads_what_is_computed(graph) ? rows : 1;
  std::vector<Bytes8> states = quantised.states;
  IntegerResult all;
  all.tensors.resize(graph.tensors.size());
  for (std::size_t row = 0; row < rows; row += most) {
    const SampleShapes shapes(graph, row, most);
    IntegerResult part =
        IntegerRun(quantised, shapes, states, threads)
            .run(inputs.subspan(row * graph.input_size(), most * graph.input_size()), seen);
    for (std::size_t i = 0; i < part.tensors.size(); ++i) {
      Bytes8& tensor = all.tensors[i];
      if (tensor.empty()) {
        tensor = std::move(part.tensors[i]);
      } else {
        tensor.insert(tensor.end(), part.tensors[i].begin(), part.tensors[i].end());
      }
    }
  }
  return all;
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
