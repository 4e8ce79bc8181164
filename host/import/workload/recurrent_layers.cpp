// Recurrent layers over a sequence, unrolled: the nodes of every step. The first state is zero, so
// that the first step has no recurrent part; with `stateful` it is what the sample before left.
#include <fmt/format.h>

#include <optional>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 2> kReturns = {"sequence", "last"};
constexpr Binary kSum{BinaryFunction::Add};
constexpr Binary kDifference{BinaryFunction::Subtract};
constexpr Binary kProduct{BinaryFunction::Multiply};

/// The nodes of one step: their names begin with "step3.".
class RecurrentStep {
 public:
  RecurrentStep(Layer& layer, std::int64_t number, std::int64_t units)
      : layer_(layer), prefix_(fmt::format("step{}.", number)), units_(units) {}

  TensorId add(std::string_view name, const Operation& operation,
               const std::vector<TensorId>& inputs) {
    return layer_.add(prefix_ + std::string(name), operation, inputs);
  }
  /// `count` gates from `first` on, of one row.
  TensorId gates(std::string_view name, TensorId from, std::int64_t row, std::int64_t first,
                 std::int64_t count) {
    return layer_.slice(prefix_ + std::string(name), from, {row, first * units_},
                        {1, count * units_});
  }

 private:
  Layer& layer_;
  std::string prefix_;
  std::int64_t units_;
};

/// A state [1][units], where the layer keeps it from sample to sample.
std::optional<TensorId> kept_state(Layer& layer, std::string_view name, std::int64_t units) {
  return layer.flag("stateful", false) ? std::optional(layer.add_state(name, {1, units}))
                                       : std::nullopt;
}

/// Runs `step(step, row, hidden)` for each row; `hidden` is nothing in the first of a layer that
/// keeps none.
template <class NextStep>
void unroll(Layer& layer, std::int64_t units, NextStep next) {
  const auto returns = layer.map().optional("return");
  const bool last = returns && returns->choice(kReturns) == 1;
  std::vector<TensorId> rows;
  const std::optional<TensorId> kept = kept_state(layer, "hidden", units);
  std::optional<TensorId> hidden = kept;
  const std::int64_t length = layer.shape()[0];
  for (std::int64_t row = 0; row < length; ++row) {
    RecurrentStep step(layer, row + 1, units);
    hidden = next(step, row, hidden);
    rows.push_back(*hidden);
  }
  if (kept) {
    layer.set_next(*kept, *hidden);
  }
  layer.finish(last || length == 1 ? *hidden : layer.add(Concat{0}, rows));
}

std::int64_t read_units(const Layer& layer) {
  if (layer.sequence()[0] > kMaxSteps) {
    layer.fail(fmt::format("a sequence of {} steps; at most {} are supported", layer.shape()[0],
                           kMaxSteps));
  }
  return layer.map().required("units").integer(1, kMaxUnits);
}

}  // namespace

/// Gates in the order input, forget, output, candidate (Hochreiter and Schmidhuber, 1997; Gers et
/// al., 2000).
void read_lstm(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "lstm", {"units", "return", "stateful"});
  const std::int64_t units = read_units(layer);
  const TensorId inputs = layer.dense("input", layer.input(), 4 * units, true);
  std::optional<TensorId> recurrent;
  const std::optional<TensorId> kept = kept_state(layer, "cell", units);
  std::optional<TensorId> cell = kept;
  unroll(layer, units, [&](RecurrentStep& step, std::int64_t row, std::optional<TensorId> hidden) {
    TensorId sums = step.gates("input", inputs, row, 0, 4);
    if (hidden) {
      recurrent = recurrent ? recurrent : layer.constant("recurrent", {units, 4 * units});
      const TensorId state = step.add("recurrent", MatMul{}, {*hidden, *recurrent});
      sums = step.add("sums", kSum, {sums, state});
    }
    const TensorId sigmoid =
        step.add("sigmoid", Map{Function::Sigmoid}, {step.gates("gates", sums, 0, 0, 3)});
    const TensorId candidate =
        step.add("candidate", Map{Function::Tanh}, {step.gates("change", sums, 0, 3, 1)});
    TensorId next = step.add("new", kProduct, {step.gates("in", sigmoid, 0, 0, 1), candidate});
    if (cell) {
      const TensorId remembered =
          step.add("kept", kProduct, {step.gates("forget", sigmoid, 0, 1, 1), *cell});
      next = step.add("cell", kSum, {remembered, next});
    }
    cell = next;
    const TensorId squashed = step.add("tanh", Map{Function::Tanh}, {next});
    return step.add("hidden", kProduct, {step.gates("out", sigmoid, 0, 2, 1), squashed});
  });
  if (kept) {
    layer.set_next(*kept, *cell);
  }
}

/// Gates in the order update, reset, candidate; h' = z h + (1 - z) n with n = tanh(W x + U (r h))
/// (Cho et al., 2014).
void read_gru(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "gru", {"units", "return", "stateful"});
  const std::int64_t units = read_units(layer);
  const TensorId inputs = layer.dense("input", layer.input(), 3 * units, true);
  std::optional<TensorId> gates_weights;
  std::optional<TensorId> weights;
  unroll(layer, units, [&](RecurrentStep& step, std::int64_t row, std::optional<TensorId> hidden) {
    const TensorId change = step.gates("change", inputs, row, 2, 1);
    if (!hidden) {
      const TensorId update =
          step.add("update", Map{Function::Sigmoid}, {step.gates("gates", inputs, row, 0, 1)});
      const TensorId candidate = step.add("candidate", Map{Function::Tanh}, {change});
      const TensorId kept = step.add("kept", kProduct, {update, candidate});
      return step.add("hidden", kDifference, {candidate, kept});
    }
    if (!weights) {
      gates_weights = layer.constant("recurrent.gates", {units, 2 * units});
      weights = layer.constant("recurrent", {units, units});
    }
    const TensorId state = step.add("recurrent.gates", MatMul{}, {*hidden, *gates_weights});
    const TensorId sums = step.add("sums", kSum, {step.gates("gates", inputs, row, 0, 2), state});
    const TensorId sigmoid = step.add("sigmoid", Map{Function::Sigmoid}, {sums});
    const TensorId reset =
        step.add("reset", kProduct, {step.gates("forget", sigmoid, 0, 1, 1), *hidden});
    const TensorId again = step.add("recurrent", MatMul{}, {reset, *weights});
    const TensorId candidate = step.add("candidate", Map{Function::Tanh},
                                        {step.add("candidate.sums", kSum, {change, again})});
    const TensorId away = step.add("difference", kDifference, {*hidden, candidate});
    const TensorId kept =
        step.add("kept", kProduct, {step.gates("update", sigmoid, 0, 0, 1), away});
    return step.add("hidden", kSum, {candidate, kept});
  });
}

}  // namespace systol
