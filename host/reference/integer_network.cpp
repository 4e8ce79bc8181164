#include "host/reference/integer_network.h"

#include <algorithm>
#include <stdexcept>

#include "host/graph/connections.h"
#include "host/reference/integer_node.h"

namespace systol {
namespace {

class IntegerRun {
 public:
  IntegerRun(const QuantGraph& quantised, std::size_t rows, unsigned threads)
      : quantised_(quantised),
        graph_(*quantised.graph),
        connections_(graph_),
        rows_(rows),
        threads_(threads),
        values_(graph_.tensors.size()) {
    result_.tensors.resize(graph_.tensors.size());
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

}  // namespace

IntegerResult run_integer(const QuantGraph& quantised, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads) {
  if (inputs.size() != rows * quantised.graph->input_size()) {
    throw std::invalid_argument("run_integer: inputs are not [rows][input values]");
  }
  return IntegerRun(quantised, rows, threads).run(inputs);
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
