#include "host/quantise/quantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "host/graph/infer.h"
#include "host/quantise/quantise_matmul.h"
#include "host/quantise/tables.h"
#include "host/reference/float_network.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// What saturates is cut off, so that the table's 256 steps lie where the function still moves.
constexpr float kSigmoidEnd = 8.0F;
constexpr float kTanhEnd = 4.0F;

constexpr Quantisation kProbability{1.0F / 256.0F, -128};
constexpr Quantisation kTanhOutput{1.0F / 128.0F, 0};

void check_finite(ValueRange range, const std::string& graph, const std::string& what) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
    throw InputError(
        fmt::format("{}: {} values that are not finite float32 numbers on the calibration inputs",
                    graph, what));
  }
}

/// Gives each node's output its scale, and the node its integers, in the nodes' order.
class Quantiser {
 public:
  Quantiser(std::shared_ptr<const Graph> graph, const std::vector<ValueRange>& ranges)
      : graph_(*graph), ranges_(ranges) {
    result_.graph = std::move(graph);
    result_.tensors.resize(graph_.tensors.size());
  }

  QuantGraph run() {
    const TensorId input = graph_.inputs.front();
    check_finite(range(input), graph_.place(), "the inputs have");
    result_.tensors[index_of(input)] = affine(range(input));
    for (const Node& node : graph_.nodes) {
      check_finite(range(node.output), graph_.place(),
                   fmt::format("node '{}' computes", node.name));
      node_ = &node;
      result_.nodes.push_back(std::visit(
          [this](const auto& operation) { return quantise(operation); }, node.operation));
    }
    return std::move(result_);
  }

 private:
  ValueRange range(TensorId id) const { return ranges_[index_of(id)]; }
  Quantisation input() const { return result_.of(node_->inputs.front()); }
  void set_output(Quantisation quantisation) {
    result_.tensors[index_of(node_->output)] = quantisation;
  }

  /// The function that alone reads the sums of the current matmul; null where there is none.
  const Node* only_function() const {
    const auto reads = [this](const Node& node) { return node.inputs.front() == node_->output; };
    const auto reader = std::ranges::find_if(graph_.nodes, reads);
    return reader != graph_.nodes.end() && graph_.uses(node_->output) == 1 &&
                   std::holds_alternative<Map>(reader->operation)
               ? &*reader
               : nullptr;
  }

  QuantOperation quantise(const MatMul&) {
    const Node* function = only_function();
    const bool relu =
        function != nullptr && std::get<Map>(function->operation).function == Function::Relu;
    set_output(relu ? affine({0.0F, range(function->output).high})
                    : sums_of(function, range(node_->output)));
    static const std::vector<float> no_bias;
    const DenseValues values{
        graph_.constant(node_->inputs[1])->values,
        node_->inputs.size() == 3 ? graph_.constant(node_->inputs[2])->values : no_bias,
        matmul_shape(graph_, *node_)};
    QuantMatMul matmul = quantise_matmul(values, input(), result_.of(node_->output));
    if (relu) {
      matmul.minimum = matmul.zero_point;
    }
    return matmul;
  }

  /// The sums' own range, or what of it the function that follows can use.
  static Quantisation sums_of(const Node* function, ValueRange sums) {
    const auto within = [&sums](float end) {
      return affine({std::max(sums.low, -end), std::min(sums.high, end)});
    };
    const Function kind =
        function == nullptr ? Function::Relu : std::get<Map>(function->operation).function;
    return kind == Function::Sigmoid ? within(kSigmoidEnd)
           : kind == Function::Tanh  ? within(kTanhEnd)
                                     : affine(sums);
  }

  /// A ReLU alone after a matmul is that matmul's clamp; all else is a table.
  QuantOperation quantise(const Map& map) {
    const Node* producer = graph_.producer(node_->inputs.front());
    const bool clamped = map.function == Function::Relu && producer != nullptr &&
                         std::holds_alternative<MatMul>(producer->operation) &&
                         graph_.uses(producer->output) == 1;
    if (clamped) {
      set_output(input());
      return QuantView{};
    }
    set_output(map.function == Function::Sigmoid ? kProbability
               : map.function == Function::Tanh  ? kTanhOutput
                                                 : affine(range(node_->output)));
    return QuantMap{function_table(map, input(), result_.of(node_->output))};
  }

  QuantOperation quantise(const Softmax&) {
    set_output(kProbability);
    return QuantSoftmax{softmax_table(input().scale)};
  }

  QuantOperation quantise(const Reshape&) {
    set_output(input());
    return QuantView{};
  }

  template <class Other>
  [[noreturn]] QuantOperation quantise(const Other&) {
    throw InputError(place_of(graph_, *node_) + ": it cannot be quantised yet");
  }

  const Graph& graph_;
  const std::vector<ValueRange>& ranges_;
  const Node* node_ = nullptr;
  QuantGraph result_;
};

}  // namespace

QuantGraph quantise(std::shared_ptr<const Graph> graph, std::span<const float> calibration,
                    std::size_t rows) {
  if (rows == 0 || calibration.size() != rows * graph->input_size()) {
    throw std::invalid_argument("quantise: calibration is not [rows][graph.input_size()]");
  }
  const FloatResult measured = run_float(*graph, calibration, rows);
  return Quantiser(std::move(graph), measured.ranges).run();
}

std::vector<std::int8_t> quantise_input(std::span<const float> values, Quantisation quantisation) {
  std::vector<std::int8_t> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [&](float value) {
    return std::isnan(value) ? quantisation.zero_point
                             : to_int8(static_cast<double>(value), quantisation);
  });
  return result;
}

std::vector<float> dequantise(std::span<const std::int8_t> values, Quantisation quantisation) {
  std::vector<float> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [&](std::int8_t value) {
    return quantisation.scale * static_cast<float>(value - quantisation.zero_point);
  });
  return result;
}

}  // namespace systol
