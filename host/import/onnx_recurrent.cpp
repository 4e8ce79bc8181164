// RNN, GRU and LSTM, unrolled over their sequences.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/import/onnx_cell.h"
#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// What the node's attributes and inputs say of all directions.
struct Recurrent {
  CellKind kind = CellKind::Rnn;
  std::int64_t hidden = 0;
  std::int64_t directions = 1;
  bool reverse = false;  ///< the first direction
  bool batch_first = false;
  std::vector<Map> functions;  ///< of all directions, those of each cell in ONNX's order
};

Map recurrent_function(const Node& node, const std::string& name, std::optional<float> alpha,
                       std::optional<float> beta) {
  if (name == "LeakyRelu") {
    return Map{Function::LeakyRelu, alpha.value_or(0.01F)};
  }
  if (name == "HardSigmoid") {
    return Map{Function::HardSigmoid, alpha.value_or(0.2F), beta.value_or(0.5F)};
  }
  if (name == "Elu") {
    return Map{Function::Elu, alpha.value_or(1.0F)};
  }
  if (name == "Relu" || name == "Sigmoid" || name == "Tanh" || name == "Softplus") {
    return Map{name == "Relu"      ? Function::Relu
               : name == "Sigmoid" ? Function::Sigmoid
               : name == "Tanh"    ? Function::Tanh
                                   : Function::Softplus};
  }
  node.fail(
      fmt::format("the activation {} is not supported; supported are Relu, LeakyRelu, "
                  "Sigmoid, HardSigmoid, Tanh, Elu and Softplus",
                  name));
}

std::vector<Map> recurrent_functions(const Node& node, CellKind kind, std::int64_t directions) {
  const std::size_t each = kind == CellKind::Lstm ? 3 : kind == CellKind::Gru ? 2 : 1;
  const std::size_t count = each * static_cast<std::size_t>(directions);
  std::vector<Map> functions;
  const auto* names = node.attribute("activations");
  if (names == nullptr) {
    for (std::size_t i = 0; i < count; ++i) {
      functions.emplace_back(each > 1 && i % each == 0 ? Function::Sigmoid : Function::Tanh);
    }
    return functions;
  }
  if (static_cast<std::size_t>(names->strings_size()) != count) {
    node.fail(fmt::format("it names {} activations; {} are needed", names->strings_size(), count));
  }
  const auto number = [&](const char* attribute, int at) -> std::optional<float> {
    const auto* numbers = node.attribute(attribute);
    return numbers != nullptr && at < numbers->floats_size() ? std::optional(numbers->floats(at))
                                                             : std::nullopt;
  };
  for (int i = 0; i < names->strings_size(); ++i) {
    functions.push_back(recurrent_function(node, names->strings(i), number("activation_alpha", i),
                                           number("activation_beta", i)));
  }
  return functions;
}

Recurrent recurrent_of(Lowering& lowering, const Node& node) {
  Recurrent result;
  result.kind = node.op() == "LSTM"  ? CellKind::Lstm
                : node.op() == "GRU" ? CellKind::Gru
                                     : CellKind::Rnn;
  const std::string direction = node.text_attribute("direction", "forward");
  result.directions = direction == "bidirectional" ? 2 : 1;
  result.reverse = direction == "reverse";
  if (result.directions == 1 && !result.reverse && direction != "forward") {
    node.fail(fmt::format("direction={} is not known", direction));
  }
  result.batch_first = node.integer_attribute("layout", 0) != 0;
  result.functions = recurrent_functions(node, result.kind, result.directions);
  const Weights recurrence = lowering.values().weights(node, 2);
  if (recurrence.shape.size() != 3 || recurrence.shape[0] != result.directions ||
      recurrence.shape[1] != recurrence.shape[2] * gates_of(result.kind)) {
    node.fail(
        fmt::format("its recurrent weights have shape {}; expected are {} directions of {} "
                    "gates",
                    to_string(recurrence.shape), result.directions, gates_of(result.kind)));
  }
  result.hidden = recurrence.shape[2];
  if (node.integer_attribute("hidden_size", result.hidden) != result.hidden) {
    node.fail("its attribute 'hidden_size' is not that of its weights");
  }
  return result;
}

/// Lengths that are constants, and that of the whole sequence, say nothing.
void check_lengths(Lowering& lowering, const Node& node, std::int64_t length) {
  if (!node.has_input(4)) {
    return;
  }
  if (!lowering.values().is_constant(node, 4)) {
    node.fail("its sequence lengths depend on the sample; supported is the whole length");
  }
  for (const std::int64_t given : lowering.values().integers(node, 4)) {
    if (given != length) {
      node.fail(fmt::format("its sequence length is {}; supported is the whole length, {}", given,
                            length));
    }
  }
}

void refuse_the_rest(const Node& node) {
  if (node.op() == "LSTM" && node.has_input(7)) {
    node.fail("peepholes are not supported");
  }
  if (node.attribute("clip") != nullptr || node.integer_attribute("input_forget", 0) != 0) {
    node.fail("its attributes 'clip' and 'input_forget' are not supported");
  }
}

/// One direction's part of an input [directions, ...], without that axis.
Weights direction_of(Weights all, std::int64_t direction) {
  const std::int64_t directions = all.shape.front();
  all.shape.erase(all.shape.begin());
  all.change([directions, direction](const std::vector<float>& values) {
    const auto size = static_cast<std::ptrdiff_t>(values.size()) / directions;
    const auto begin = values.begin() + direction * size;
    return std::vector<float>(begin, begin + size);
  });
  return all;
}

CellWeights weights_of(Lowering& lowering, const Node& node, const Recurrent& recurrent,
                       std::int64_t direction, std::int64_t inputs) {
  const std::int64_t rows = recurrent.hidden * gates_of(recurrent.kind);
  const Weights all = lowering.values().weights(node, 1);
  if (all.shape != Shape{recurrent.directions, rows, inputs}) {
    node.fail(fmt::format("its weights have shape {}, expected [{}, {}, {}]", to_string(all.shape),
                          recurrent.directions, rows, inputs));
  }
  CellWeights weights;
  weights.input = direction_of(all, direction);
  weights.recurrent = direction_of(lowering.values().weights(node, 2), direction);
  weights.bias.assign(static_cast<std::size_t>(2 * rows), 0.0F);
  if (node.has_input(3)) {
    const FloatTensor held = lowering.values().floats(node, 3);
    const Weights bias{held.shape, held.values};
    if (bias.shape != Shape{recurrent.directions, 2 * rows}) {
      node.fail(fmt::format("its bias has shape {}, expected [{}, {}]", to_string(bias.shape),
                            recurrent.directions, 2 * rows));
    }
    weights.bias = direction_of(bias, direction).values;
  }
  return weights;
}

/// The state that one direction begins with: an input [directions, N, H], or none, which is zeros.
CellState initial_state(Lowering& lowering, const Node& node, const Recurrent& recurrent, int index,
                        std::int64_t direction) {
  if (!node.has_input(index)) {
    return {};
  }
  const std::size_t batch = recurrent.batch_first ? 0 : 1;
  if (!lowering.values().is_constant(node, index)) {
    Activation value = lowering.with_batch(node, lowering.input(node, index), batch);
    if (extents(value.shape, row_major(value)) != Shape{recurrent.directions, recurrent.hidden}) {
      node.fail(fmt::format("its initial state has shape {}", to_string(value.shape)));
    }
    const TensorId all = lowering.in_order(value);
    if (recurrent.directions == 1) {
      return {all, {}};
    }
    return {lowering.add(fmt::format("initial{}", direction),
                         Slice{{direction, 0}, {1, recurrent.hidden}, {1, 1}}, {all}),
            {}};
  }
  const FloatTensor all = lowering.values().floats(node, index);
  if (all.shape.size() != 3 || all.shape[1 - batch] != recurrent.directions ||
      all.shape[2] != recurrent.hidden) {
    node.fail(fmt::format("its initial state has shape {}", to_string(all.shape)));
  }
  const auto sample = of_one_sample(all, batch);
  if (!sample) {
    node.fail("its initial state differs from sample to sample");
  }
  const auto from = sample->values.begin() + direction * recurrent.hidden;
  const std::vector<float> state(from, from + recurrent.hidden);
  const bool zero = std::ranges::all_of(state, [](float value) { return value == 0.0F; });
  return zero ? CellState{} : CellState{{}, state};
}

/// Tensors [1][H] of both directions as [directions][H]; one as it is.
TensorId joined(Lowering& lowering, const std::string& part, const std::vector<TensorId>& each,
                std::int64_t axis) {
  return each.size() == 1 ? each.front() : lowering.add(part, Concat{axis}, each);
}

void define_outputs(Lowering& lowering, const Node& node, const Recurrent& recurrent,
                    const std::vector<CellRun>& runs) {
  const auto wanted = [&](int output) {
    return node.has_output(output) && lowering.values().is_read(node.output(output));
  };
  const auto steps = static_cast<std::int64_t>(runs.front().hidden.size());
  const Shape end_shape = recurrent.batch_first ? Shape{1, recurrent.directions, recurrent.hidden}
                                                : Shape{recurrent.directions, 1, recurrent.hidden};
  const std::size_t end_batch = recurrent.batch_first ? 0 : 1;
  const Order end_order = row_major(3, end_batch);
  std::vector<TensorId> sequences;
  std::vector<TensorId> ends;
  std::vector<TensorId> cells;
  for (std::size_t d = 0; d < runs.size(); ++d) {
    if (wanted(0)) {
      sequences.push_back(joined(lowering, fmt::format("sequence{}", d), runs[d].hidden, 0));
    }
    ends.push_back(runs[d].last);
    cells.push_back(runs[d].cell);
  }
  if (wanted(0)) {  // [S][directions * H]
    const TensorId all = joined(lowering, "sequence", sequences, 1);
    const Shape shape = recurrent.batch_first
                            ? Shape{1, steps, recurrent.directions, recurrent.hidden}
                            : Shape{steps, recurrent.directions, 1, recurrent.hidden};
    const std::size_t batch = recurrent.batch_first ? 0 : 2;
    lowering.define(node, all, shape, batch, row_major(4, batch), 0);
  }
  if (wanted(1)) {
    lowering.define(node, joined(lowering, "last", ends, 0), end_shape, end_batch, end_order, 1);
  }
  if (recurrent.kind == CellKind::Lstm && wanted(2)) {
    lowering.define(node, joined(lowering, "cell", cells, 0), end_shape, end_batch, end_order, 2);
  }
}

}  // namespace

void lower_recurrent(Lowering& lowering, const Node& node) {
  refuse_the_rest(node);
  const Recurrent recurrent = recurrent_of(lowering, node);
  const std::size_t batch = recurrent.batch_first ? 0 : 1;
  Activation value = lowering.input(node, 0);
  if (value.shape.size() != 3) {
    node.fail(fmt::format("its input has shape {}; three axes are needed", to_string(value.shape)));
  }
  value = lowering.with_batch(node, std::move(value), batch);
  check_lengths(lowering, node, value.shape[1 - batch]);
  const TensorId sequence = lowering.in_order(value);  // [S][I]
  std::vector<CellRun> runs;
  for (std::int64_t direction = 0; direction < recurrent.directions; ++direction) {
    Cell cell;
    cell.kind = recurrent.kind;
    cell.hidden = recurrent.hidden;
    cell.backward = direction == 1 || recurrent.reverse;
    cell.reset_after = node.integer_attribute("linear_before_reset", 0) != 0;
    const auto each =
        static_cast<std::ptrdiff_t>(recurrent.functions.size()) / recurrent.directions;
    const auto first = recurrent.functions.begin() + direction * each;
    cell.functions.assign(first, first + each);
    cell.prefix = recurrent.directions == 1 ? "" : direction == 0 ? "forward." : "backward.";
    cell.weights = weights_of(lowering, node, recurrent, direction, value.shape[2]);
    cell.initial_hidden = initial_state(lowering, node, recurrent, 5, direction);
    if (recurrent.kind == CellKind::Lstm) {
      cell.initial_cell = initial_state(lowering, node, recurrent, 6, direction);
    }
    runs.push_back(unroll(lowering, cell, sequence));
  }
  define_outputs(lowering, node, recurrent, runs);
}

}  // namespace systol::onnx_import
