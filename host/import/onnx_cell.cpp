#include "host/import/onnx_cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/graph/reordered.h"

namespace systol::onnx_import {
namespace {

constexpr Binary kAdd{BinaryFunction::Add};
constexpr Binary kMultiply{BinaryFunction::Multiply};

class Unrolling {
 public:
  Unrolling(Lowering& lowering, const Cell& cell, TensorId sequence)
      : lowering_(lowering),
        cell_(cell),
        rows_(cell.hidden * gates_of(cell.kind)),
        steps_(lowering.graph().shape(sequence).front()),
        hidden_(cell.initial_hidden),
        memory_(cell.initial_cell) {
    add_constants();
    projection_ = lowering.add(cell.prefix + "inputs", MatMul{}, {sequence, input_, bias_});
  }

  CellRun run() {
    CellRun result;
    for (std::int64_t i = 0; i < steps_; ++i) {
      const std::int64_t t = cell_.backward ? steps_ - 1 - i : i;
      step_ = fmt::format("{}t{}.", cell_.prefix, t);
      const TensorId x = slice("x", projection_, t, 0, rows_);
      hidden_ = {cell_.kind == CellKind::Lstm  ? lstm(x)
                 : cell_.kind == CellKind::Gru ? gru(x)
                                               : rnn(x),
                 {}};
      result.hidden.push_back(*hidden_.tensor);
    }
    result.last = *hidden_.tensor;
    result.cell = memory_.tensor.value_or(TensorId{});
    if (cell_.backward) {
      std::ranges::reverse(result.hidden);
    }
    return result;
  }

 private:
  TensorId constant(const std::string& part, const Shape& shape, std::vector<float> values,
                    ValueSource source = {}) {
    return lowering_.add_constant(cell_.prefix + part, shape, std::move(values), std::move(source));
  }
  TensorId add(const std::string& part, const Operation& operation, std::vector<TensorId> inputs) {
    return lowering_.add(step_ + part, operation, std::move(inputs));
  }

  /// The recurrent bias joins that of the inputs, but for a gate whose reset comes after it.
  void add_constants() {
    const CellWeights& weights = cell_.weights;
    const std::int64_t inputs = weights.input.shape[1];
    std::vector<float> bias(weights.bias.begin(), weights.bias.begin() + rows_);
    std::vector<float> recurrent_bias(static_cast<std::size_t>(rows_));
    for (std::int64_t i = 0; i < rows_; ++i) {
      const float second = weights.bias[static_cast<std::size_t>(rows_ + i)];
      const bool apart = cell_.kind == CellKind::Gru && cell_.reset_after && i >= 2 * cell_.hidden;
      (apart ? recurrent_bias : bias)[static_cast<std::size_t>(i)] += second;
    }
    Weights turned = part_of_rows(weights.input, 0, rows_);
    input_ =
        constant("weights", {inputs, rows_}, std::move(turned.values), std::move(turned.source));
    bias_ = constant("bias", {rows_}, std::move(bias));
    if (cell_.kind == CellKind::Gru && !cell_.reset_after) {
      add_recurrent("recurrent", {}, 0, 2 * cell_.hidden, gates_);
      add_recurrent("candidate", {}, 2 * cell_.hidden, rows_, candidate_);
    } else {
      add_recurrent("recurrent", recurrent_bias, 0, rows_, gates_);
    }
  }

  /// Rows of weights as columns, each row of which is one output's.
  static Weights part_of_rows(const Weights& weights, std::int64_t from, std::int64_t to) {
    const std::int64_t width = weights.shape[1];
    Weights part = weights;
    part.shape = {width, to - from};
    part.change([from, to, width](const std::vector<float>& values) {
      const std::vector<float> rows(values.begin() + from * width, values.begin() + to * width);
      return reordered(rows, {to - from, width}, {1, 0});
    });
    return part;
  }

  /// Columns of the recurrent weights, with a bias or with zeros.
  struct Product {
    TensorId weights{};
    TensorId bias{};
    std::int64_t columns = 0;
    Weights weight_values;  ///< [H][columns]
    std::vector<float> bias_values;
  };
  void add_recurrent(const std::string& part, const std::vector<float>& bias, std::int64_t from,
                     std::int64_t to, Product& product) {
    product.columns = to - from;
    product.weight_values = part_of_rows(cell_.weights.recurrent, from, to);
    product.bias_values = bias;
    product.bias_values.resize(static_cast<std::size_t>(to - from));
    product.weights = constant(part + ".weights", product.weight_values.shape,
                               product.weight_values.values, product.weight_values.source);
    product.bias = constant(part + ".bias", {to - from}, product.bias_values);
  }

  TensorId slice(const std::string& part, TensorId tensor, std::int64_t row, std::int64_t from,
                 std::int64_t size) {
    if (lowering_.graph().shape(tensor) == Shape{1, size}) {
      return tensor;
    }
    return add(part, Slice{{row, from}, {1, size}, {1, 1}}, {tensor});
  }
  TensorId part_of(const std::string& part, TensorId gates, std::int64_t gate) {
    return slice(part + ".sum", gates, 0, gate * cell_.hidden, cell_.hidden);
  }
  TensorId gate(const std::string& part, TensorId gates, std::int64_t index, std::size_t function) {
    return add(part, cell_.functions[function], {part_of(part, gates, index)});
  }

  /// The state times the product's weights, plus its bias: [1][columns]. Nothing for a zero state
  /// and bias; a constant where the state is one.
  std::optional<TensorId> product(const std::string& part, const CellState& state,
                                  const Product& product) {
    if (state.tensor) {
      return add(part, MatMul{}, {*state.tensor, product.weights, product.bias});
    }
    std::vector<float> sums = product.bias_values;
    if (!state.values.empty()) {
      add_products(state.values, product, sums);
    }
    if (std::ranges::all_of(sums, [](float sum) { return sum == 0.0F; })) {
      return std::nullopt;
    }
    return lowering_.add_constant(step_ + part, {1, product.columns}, std::move(sums));
  }

  static void add_products(const std::vector<float>& state, const Product& product,
                           std::vector<float>& sums) {
    const Weights& held = product.weight_values;
    const std::vector<float> made = held.source ? held.source() : std::vector<float>();
    const std::vector<float>& weights = held.source ? made : held.values;
    for (std::size_t h = 0; h < state.size(); ++h) {
      for (std::size_t n = 0; n < sums.size(); ++n) {
        sums[n] += state[h] * weights[h * sums.size() + n];
      }
    }
  }

  /// a + b, where nothing is zeros.
  TensorId sum(const std::string& part, TensorId a, std::optional<TensorId> b) {
    return b ? add(part, kAdd, {a, *b}) : a;
  }

  /// A state times a tensor; nothing for zeros.
  std::optional<TensorId> kept(const std::string& part, TensorId tensor, const CellState& state) {
    if (state.tensor) {
      return add(part, kMultiply, {tensor, *state.tensor});
    }
    if (state.values.empty()) {
      return std::nullopt;
    }
    const TensorId values =
        lowering_.add_constant(step_ + part + ".state", {1, cell_.hidden}, state.values);
    return add(part, kMultiply, {tensor, values});
  }

  TensorId rnn(TensorId x) {
    const TensorId total = sum("sum", x, product("product", hidden_, gates_));
    return add("hidden", cell_.functions[0], {total});
  }

  TensorId lstm(TensorId x) {
    const TensorId gates = sum("gates", x, product("product", hidden_, gates_));
    const TensorId i = gate("gate_i", gates, 0, 0);
    const TensorId o = gate("gate_o", gates, 1, 0);
    const TensorId candidate = gate("candidate", gates, 3, 1);
    const TensorId fresh = add("fresh", kMultiply, {i, candidate});
    if (memory_.tensor || !memory_.values.empty()) {
      const TensorId f = gate("gate_f", gates, 2, 0);
      memory_ = {sum("cell", fresh, kept("kept", f, memory_)), {}};
    } else {
      memory_ = {fresh, {}};
    }
    return add("hidden", kMultiply,
               {o, add("cell_function", cell_.functions[2], {*memory_.tensor})});
  }

  /// (1 - z) * candidate + z * state, as candidate + z * (state - candidate).
  TensorId gru(TensorId x) {
    const std::optional<TensorId> recurrent = product("product", hidden_, gates_);
    const std::int64_t two = 2 * cell_.hidden;
    std::optional<TensorId> gate_part = recurrent;
    if (recurrent && cell_.reset_after) {
      gate_part = slice_any("product.gates", *recurrent, 0, two);
    }
    const TensorId gates = sum("gates", slice("x.gates", x, 0, 0, two), gate_part);
    const TensorId z = gate("gate_z", gates, 0, 0);
    std::optional<TensorId> reset;
    if (cell_.reset_after && recurrent) {
      reset = add("reset", kMultiply,
                  {gate("gate_r", gates, 1, 0),
                   slice_any("product.candidate", *recurrent, two, cell_.hidden)});
    } else if (!cell_.reset_after && (hidden_.tensor || !hidden_.values.empty())) {
      const auto r = kept("reset", gate("gate_r", gates, 1, 0), hidden_);
      reset = product("candidate.product", {r, {}}, candidate_);
    }
    const TensorId total =
        sum("candidate.sum", slice("x.candidate", x, 0, two, cell_.hidden), reset);
    const TensorId candidate = add("candidate", cell_.functions[1], {total});
    const auto old = kept("kept", z, hidden_);
    const TensorId rest = add("gate_z.rest", Map{Function::Linear, -1.0F, 1.0F}, {z});
    const TensorId fresh = add(old ? "fresh" : "hidden", kMultiply, {rest, candidate});
    return old ? add("hidden", kAdd, {fresh, *old}) : fresh;
  }

  /// Part of a product, which is a constant where the state was one.
  TensorId slice_any(const std::string& part, TensorId tensor, std::int64_t from,
                     std::int64_t size) {
    const Constant* held = lowering_.graph().constant(tensor);
    if (held == nullptr) {
      return slice(part, tensor, 0, from, size);
    }
    std::vector<float> values(held->values.begin() + from, held->values.begin() + from + size);
    return lowering_.add_constant(step_ + part, {1, size}, std::move(values));
  }

  Lowering& lowering_;
  const Cell& cell_;
  std::int64_t rows_;
  std::int64_t steps_;
  CellState hidden_;
  CellState memory_;
  TensorId input_{};
  TensorId bias_{};
  TensorId projection_{};
  Product gates_;
  Product candidate_;  ///< of a GRU whose reset gate comes before it
  std::string step_;
};

}  // namespace

CellRun unroll(Lowering& lowering, const Cell& cell, TensorId sequence) {
  return Unrolling(lowering, cell, sequence).run();
}

}  // namespace systol::onnx_import
