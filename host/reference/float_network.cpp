#include "host/reference/float_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "host/graph/infer.h"
#include "host/reference/float_function.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using Values = std::vector<float>;

/// The range of the values; a value that is not a number makes the range infinite.
ValueRange range_of(std::span<const float> values) {
  ValueRange range{INFINITY, -INFINITY};
  for (const float value : values) {
    if (std::isnan(value)) {
      return {-INFINITY, INFINITY};
    }
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

void softmax(std::span<float> row) {
  const float peak = *std::max_element(row.begin(), row.end());
  double total = 0.0;
  for (const float x : row) {
    total += std::exp(static_cast<double>(x) - static_cast<double>(peak));
  }
  for (float& x : row) {
    x = static_cast<float>(std::exp(static_cast<double>(x) - static_cast<double>(peak)) / total);
  }
}

/// Computes one node after another for all rows.
class FloatRun {
 public:
  FloatRun(const Graph& graph, std::span<const float> inputs, std::size_t rows)
      : graph_(graph), rows_(rows), tensors_(graph.tensors.size()), left_(graph.tensors.size()) {
    result_.ranges.resize(graph.tensors.size());
    for (std::size_t i = 0; i < left_.size(); ++i) {
      left_[i] = graph.uses(static_cast<TensorId>(i));
    }
    set(graph.inputs.front(), Values(inputs.begin(), inputs.end()));
  }

  FloatResult run() {
    for (const Node& node : graph_.nodes) {
      node_ = &node;
      set(node.output, std::visit([this](const auto& op) { return compute(op); }, node.operation));
    }
    for (const TensorId output : graph_.outputs) {
      result_.outputs.push_back(take(output));
    }
    return std::move(result_);
  }

 private:
  void set(TensorId id, Values values) {
    result_.ranges[index_of(id)] = range_of(values);
    tensors_[index_of(id)] = std::move(values);
  }

  /// The tensor's values; its last reader gets the only copy.
  Values take(TensorId id) {
    Values& values = tensors_[index_of(id)];
    return --left_[index_of(id)] == 0 ? std::move(values) : values;
  }

  const Values& constant(std::size_t input) const {
    return graph_.constant(node_->inputs[input])->values;
  }

  Values compute(const MatMul&) {
    const MatMulShape shape = matmul_shape(graph_, *node_);
    const Values x = take(node_->inputs[0]);
    const Values& weights = constant(1);
    const Values bias = node_->inputs.size() == 3 ? constant(2) : Values(shape.outputs);
    Values result(rows_ * shape.outputs);
    std::vector<double> sums(shape.outputs);
    for (std::size_t row = 0; row < rows_; ++row) {
      std::ranges::copy(bias, sums.begin());
      for (std::size_t k = 0; k < shape.inputs; ++k) {
        const double factor = x[row * shape.inputs + k];
        const float* w = &weights[k * shape.outputs];
        for (std::size_t n = 0; n < shape.outputs; ++n) {
          sums[n] += factor * static_cast<double>(w[n]);
        }
      }
      std::ranges::transform(sums, &result[row * shape.outputs],
                             [](double sum) { return static_cast<float>(sum); });
    }
    return result;
  }

  Values compute(const Map& map) {
    Values values = take(node_->inputs[0]);
    std::ranges::transform(values, values.begin(), [&map](float x) {
      return static_cast<float>(float_function(map, static_cast<double>(x)));
    });
    return values;
  }

  Values compute(const Softmax&) {
    Values values = take(node_->inputs[0]);
    const std::size_t width = elements(graph_.shape(node_->output));
    for (std::size_t at = 0; at < values.size(); at += width) {
      softmax(std::span(values).subspan(at, width));
    }
    return values;
  }

  template <class Other>
  [[noreturn]] Values compute(const Other&) {
    throw InputError(place_of(graph_, *node_) + ": it cannot be computed yet");
  }

  Values compute(const Reshape&) { return take(node_->inputs[0]); }

  const Graph& graph_;
  std::size_t rows_;
  std::vector<Values> tensors_;
  std::vector<std::size_t> left_;  ///< uses still to come
  const Node* node_ = nullptr;
  FloatResult result_;
};

}  // namespace

FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows) {
  if (rows == 0 || graph.inputs.size() != 1 || !graph.has_values() ||
      inputs.size() != rows * graph.input_size()) {
    throw std::invalid_argument("run_float: inputs are not [rows][graph.input_size()]");
  }
  return FloatRun(graph, inputs, rows).run();
}

std::vector<std::size_t> largest(std::span<const float> scores, std::size_t columns) {
  std::vector<std::size_t> result;
  for (std::size_t at = 0; at + columns <= scores.size(); at += columns) {
    const auto row = scores.subspan(at, columns);
    result.push_back(
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

}  // namespace systol
