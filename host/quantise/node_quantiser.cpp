#include "host/quantise/node_quantiser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "host/graph/depthwise.h"
#include "host/graph/infer.h"
#include "host/graph/kernel_run.h"
#include "host/quantise/clamp.h"
#include "host/quantise/fixed_point.h"
#include "host/quantise/mask.h"
#include "host/quantise/quantise_matmul.h"
#include "host/quantise/rewriting.h"
#include "host/quantise/symmetric.h"
#include "host/quantise/tables.h"
#include "host/quantise/two_of_four.h"
#include "host/reference/float_network.h"
#include "sim/base/error.h"
#include "sim/base/spare_floats.h"

namespace systol {
namespace {

constexpr Quantisation kTanhOutput{1.0F / 128.0F, 0};
constexpr Quantisation kSignOutput{1.0F, 0};

/// More could overflow the int32 sums: products of two activations reach 2^14.
constexpr std::int64_t kMostProducts = (std::int64_t{1} << 17) - 1;
/// Values of an average; their sum stays far below 2^31.
constexpr std::uint64_t kMostAveraged = std::uint64_t{1} << 20;
/// More could overflow 64 bits: docs/numerics.md.
constexpr std::uint64_t kMostNormalised = std::uint64_t{1} << 15;
constexpr double kLargestEpsilon = 0x1p46 - 1;
constexpr double kNormalisedScale = 0x1p-11;

void check_finite(ValueRange range, const std::string& graph, const std::string& what) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
    throw InputError(
        fmt::format("{}: {} values that are not finite float32 numbers on the calibration inputs",
                    graph, what));
  }
}

}  // namespace

NodeQuantiser::NodeQuantiser(const Graph& graph, std::vector<ValueRange> ranges,
                             std::uint32_t weight_bits, bool two_of_four)
    : graph_(graph),
      ranges_(std::move(ranges)),
      connections_(graph),
      symmetric_(symmetric_tensors(graph, connections_)),
      weight_bits_(weight_bits),
      two_of_four_(two_of_four) {
  result_.tensors.resize(graph_.tensors.size());
}

NodeQuantiser::Result NodeQuantiser::run() {
  join_compared();
  for (const TensorId input : graph_.inputs) {
    check_finite(range(input), graph_.place(), "the inputs have");
    set(input, suited(input, range(input)));
  }
  join_states();
  for (const Node& node : graph_.nodes) {
    check_finite(range(node.output), graph_.place(), fmt::format("node '{}' computes", node.name));
    node_ = &node;
    result_.nodes.push_back(
        std::visit([this](const auto& operation) { return quantise(operation); }, node.operation));
  }
  return std::move(result_);
}

/// A state is read and written in one quantisation, which holds what it is in any sample.
void NodeQuantiser::join_states() {
  for (const State& state : graph_.states) {
    check_finite(range(state.value), graph_.place(),
                 fmt::format("state '{}' has", graph_.tensor(state.value).name));
    const std::vector<TensorId> written = unchanged_from(state.next, connections_);
    const ValueRange joined{std::min(range(state.value).low, range(written.back()).low),
                            std::max(range(state.value).high, range(written.back()).high)};
    for (const TensorId tensor : written) {
      ranges_[index_of(tensor)] = joined;
    }
    set(state.value, suited(state.value, joined));
  }
}

Quantisation NodeQuantiser::suited(TensorId id, ValueRange range) const {
  if (const auto fixed = graph_.fixed_quantisations.find(id);
      fixed != graph_.fixed_quantisations.end()) {
    return {fixed->second.scale, static_cast<std::int8_t>(fixed->second.zero_point)};
  }
  return symmetric_[index_of(id)] ? symmetric(range) : affine(range);
}

void NodeQuantiser::fail(std::string_view problem) const {
  throw InputError(fmt::format("{}: {}", place_of(graph_, *node_), problem));
}

/// The output of a node with a clamp: for the function that alone reads it, if one does.
void NodeQuantiser::set_clamped_output() {
  const TensorId id = node_->output;
  const Node* reader = connections_.only_reader(id);
  const Map* function = reader == nullptr ? nullptr : std::get_if<Map>(&reader->operation);
  if (function == nullptr || is_fixed(id)) {
    set_output();
  } else if (is_clamp(*reader, connections_)) {
    set(id, suited(id, range(reader->output)));
  } else {
    const bool exact = std::holds_alternative<MatMul>(node_->operation) ||
                       std::holds_alternative<Convolution>(node_->operation);
    set(id, suited(id, useful_range(*function, range(id), exact)));
  }
}

/// Its zero point and its clamp, in the output's quantisation.
template <class Clamped>
void NodeQuantiser::settle(Clamped& clamped) const {
  clamped.zero_point = output().zero_point;
  const Node* reader = connections_.only_reader(node_->output);
  if (reader != nullptr && is_clamp(*reader, connections_)) {
    const Clamp clamp = clamp_of(std::get<Map>(reader->operation), output());
    clamped.minimum = clamp.minimum;
    clamped.maximum = clamp.maximum;
  }
}

/// What is compared with weights is quantised over their range, too (joint.h).
void NodeQuantiser::join_compared() {
  for (const Node& node : graph_.nodes) {
    if (similarity_of(node.operation) != Similarity::L1) {
      continue;
    }
    const Constant& constant = *connections_.constant(node.inputs[1]);
    const ValueRange weights =
        range_of(constant.values.empty() ? constant.source() : constant.values);
    check_finite(weights, graph_.place(), fmt::format("node '{}' has weights with", node.name));
    for (const TensorId tensor : unchanged_from(node.inputs.front(), connections_)) {
      ValueRange& range = ranges_[index_of(tensor)];
      range = {std::min(range.low, weights.low), std::max(range.high, weights.high)};
    }
  }
}

/// What the node's sums of distances are multiplied by; empty for 1.
std::span<const float> NodeQuantiser::factors() const {
  return node_->inputs.size() > 3 ? std::span(connections_.constant(node_->inputs[3])->values)
                                  : std::span<const float>();
}

/// Whether a sign alone reads what the node computes.
bool NodeQuantiser::gives_signs() const {
  const Node* reader = connections_.only_reader(node_->output);
  const Map* function = reader == nullptr ? nullptr : std::get_if<Map>(&reader->operation);
  return function != nullptr && function->function == Function::Sign;
}

/// `run` is two_of_four.h's.
QuantMatMul NodeQuantiser::joined(MatMulShape shape, Similarity similarity,
                                  std::uint64_t run) const {
  static const std::vector<float> no_bias;
  const auto scales = graph_.weight_scales.find(node_->inputs[1]);
  const bool on_array = !is_depthwise(graph_, *node_);
  const Constant& weights = *connections_.constant(node_->inputs[1]);
  const std::uint32_t bits = on_array ? weight_bits_ : 8;
  const bool rows_alone = similarity == Similarity::Product && bits == 8 && !two_of_four_;
  const bool in_parts = weights.values.empty() && weights.parts && rows_alone;
  std::vector<float> made;  // or pruned
  if (weights.values.empty() && !in_parts) {
    made = weights.source();
  }
  if (two_of_four_ && on_array) {
    made = two_of_four(made.empty() ? weights.values : made, shape.outputs, run);
  }
  const DenseValues values{
      made.empty() ? weights.values : made,
      node_->inputs.size() > 2 ? connections_.constant(node_->inputs[2])->values : no_bias,
      shape,
      scales == graph_.weight_scales.end() ? nullptr : &scales->second,
      bits,
      gives_signs(),
      in_parts ? &weights.parts : nullptr};
  QuantMatMul result =
      similarity == Similarity::L1
          ? quantise_l1(values, factors(), input(), output(), place_of(graph_, *node_))
          : quantise_matmul(values, input(), output(), place_of(graph_, *node_));
  SpareFloats::shared().give(std::move(made));
  settle(result);
  return result;
}

QuantOperation NodeQuantiser::quantise(const MatMul& matmul) {
  set_clamped_output();
  if (!is_product(*node_, connections_)) {
    const MatMulShape shape = matmul_shape(graph_, *node_);
    return joined(shape, matmul.similarity, shape.inputs);
  }
  const std::int64_t depth = graph_.shape(node_->inputs[0]).back();
  if (depth > kMostProducts) {
    fail(fmt::format("{} products in a sum; int32 accumulators hold at most {}", depth,
                     kMostProducts));
  }
  const double factor = static_cast<double>(input().scale) *
                        static_cast<double>(of(node_->inputs[1]).scale) /
                        static_cast<double>(output().scale);
  QuantProduct product{fixed_point(factor)};
  settle(product);
  return product;
}

QuantOperation NodeQuantiser::quantise(const Convolution& convolution) {
  set_clamped_output();
  const Shape& weights = graph_.shape(node_->inputs[1]);
  const std::uint64_t depth = elements(weights) / static_cast<std::uint64_t>(weights[3]);
  if (depth > kMaxDepth) {
    fail(fmt::format("{} products in a sum; int32 accumulators hold at most {}", depth, kMaxDepth));
  }
  return QuantConvolution{
      joined({static_cast<std::uint32_t>(depth), static_cast<std::uint32_t>(weights[3])},
             convolution.similarity, kernel_run(convolution, weights))};
}

/// Constants that are joined with activations, each over its own range; a mask reaches as low as it
/// has to (masked.h).
void NodeQuantiser::quantise_constants() {
  for (const TensorId id : node_->inputs) {
    if (const Constant* constant = connections_.constant(id)) {
      ValueRange values = range_of(constant->values);
      values.low = range(id).low < 0.0F ? range(id).low : values.low;
      if (!std::isfinite(values.low) || !std::isfinite(values.high)) {
        fail(fmt::format("its constant '{}' has values that are not finite",
                         graph_.tensor(id).name));
      }
      set(id, is_fixed(id) ? suited(id, values) : affine(values));
    }
  }
}

/// Empty for an activation. What masks has the lowest code.
std::vector<std::int8_t> NodeQuantiser::constant_values(TensorId id) const {
  std::vector<std::int8_t> result;
  if (const Constant* constant = connections_.constant(id)) {
    const bool before_softmax = adds_before_softmax(*node_, connections_);
    const auto masked = before_softmax ? masked_up_to(constant->values) : std::nullopt;
    std::ranges::transform(constant->values, std::back_inserter(result), [&](float value) {
      return masked && value <= *masked ? std::int8_t{-128}
                                        : to_int8(static_cast<double>(value), of(id));
    });
  }
  return result;
}

QuantOperation NodeQuantiser::quantise(const Binary& binary) {
  quantise_constants();
  set_clamped_output();
  QuantBinary result = quantise_binary(binary.function, input(), of(node_->inputs[1]), output());
  settle(result);
  for (const TensorId id : node_->inputs) {
    if (connections_.constant(id) != nullptr) {
      result.constant = constant_values(id);
    }
  }
  return result;
}

/// What is the clamp of the node before it is that node's work; all else is a table.
QuantOperation NodeQuantiser::quantise(const Map& map) {
  if (is_clamp(*node_, connections_)) {
    set(node_->output, input());
    return QuantView{};
  }
  const bool free = !is_fixed(node_->output);
  if (free && map.function == Function::Tanh) {
    set(node_->output, kTanhOutput);
  } else if (free && map.function == Function::Sigmoid && !symmetric_[index_of(node_->output)]) {
    set(node_->output, kProbability);
  } else if (free && map.function == Function::Sign) {
    set(node_->output, kSignOutput);
  } else {
    set_output();
  }
  return QuantMap{function_table(map, input(), output())};
}

QuantOperation NodeQuantiser::quantise(const Softmax&) {
  set(node_->output, kProbability);
  return QuantSoftmax{softmax_table(input().scale)};
}

/// Of up to so many `values`.
QuantPool NodeQuantiser::average(std::uint64_t values) {
  if (values > kMostAveraged) {
    fail(fmt::format("an average of {} values; at most {} are supported", values, kMostAveraged));
  }
  set_output();
  QuantPool pool;
  pool.zero_point = output().zero_point;
  const double factor = static_cast<double>(input().scale) / static_cast<double>(output().scale);
  for (std::uint64_t count = 1; count <= values; ++count) {
    pool.rescales.push_back(fixed_point(factor / static_cast<double>(count)));
  }
  return pool;
}

QuantOperation NodeQuantiser::quantise(const Pool& pool) {
  if (pool.kind == PoolKind::Maximum) {
    set(node_->output, input());
    return QuantPool{{}, input().zero_point};
  }
  const Shape& image = graph_.shape(node_->inputs[0]);
  const auto taps = static_cast<std::uint64_t>(pool.extent[0] * pool.extent[1]);
  const auto values = static_cast<std::uint64_t>(image[0] * image[1]);
  return average(pool.count_borders ? taps : std::min(taps, values));
}

QuantOperation NodeQuantiser::quantise(const Mean&) {
  return average(static_cast<std::uint64_t>(graph_.shape(node_->inputs[0]).back()));
}

QuantOperation NodeQuantiser::quantise(const Normalise& normalise) {
  const Shape& shape = graph_.shape(node_->inputs[0]);
  const auto channels = static_cast<std::uint64_t>(shape.back());
  const std::uint64_t count = normalise.spatial ? elements(shape) / channels : channels;
  if (count > kMostNormalised) {
    fail(fmt::format("it normalises {} values together; at most {} are supported", count,
                     kMostNormalised));
  }
  set_output();
  const double per_step = static_cast<double>(count) / static_cast<double>(input().scale);
  const double epsilon = std::round(per_step * per_step * static_cast<double>(normalise.epsilon));
  return QuantNormalise{static_cast<std::uint64_t>(std::clamp(epsilon, 0.0, kLargestEpsilon)),
                        fixed_point(kNormalisedScale / static_cast<double>(output().scale)),
                        output().zero_point};
}

/// Inputs that are quantised alike stay as they are.
QuantOperation NodeQuantiser::quantise(const Concat&) {
  quantise_constants();
  const bool alike =
      std::ranges::all_of(node_->inputs, [this](TensorId id) { return of(id) == input(); });
  if (alike && !is_fixed(node_->output) &&
      (input().zero_point == 0 || !symmetric_[index_of(node_->output)])) {
    set(node_->output, input());
  } else {
    set_output();
  }
  QuantMove result;
  result.zero_point = output().zero_point;
  bool constants = false;
  for (const TensorId id : node_->inputs) {
    result.rescales.push_back(rescale_between(of(id), output()));
    result.constants.push_back(constant_values(id));
    constants = constants || connections_.constant(id) != nullptr;
  }
  if (!constants) {
    result.constants.clear();
  }
  return result;
}

/// The input's values as they are.
QuantMove NodeQuantiser::moved(std::int8_t padding) {
  set(node_->output, input());
  return {{Rescale{}}, input().zero_point, padding, {}};
}

QuantOperation NodeQuantiser::quantise(const Pad& pad) {
  if (!std::isfinite(pad.value)) {
    fail("it adds values that are not finite");
  }
  return moved(to_int8(static_cast<double>(pad.value), input()));
}
QuantOperation NodeQuantiser::quantise(const Slice&) { return moved(); }
QuantOperation NodeQuantiser::quantise(const Transpose&) { return moved(); }
QuantOperation NodeQuantiser::quantise(const Repeat&) { return moved(); }

QuantOperation NodeQuantiser::quantise(const Reshape&) {
  set(node_->output, input());
  return QuantView{};
}

}  // namespace systol
