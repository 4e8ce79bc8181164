#include "host/import/workload/layer.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "host/import/limits.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

/// What `activation` may say, and the operation that it is; nothing for none.
struct Activation {
  std::string_view name;
  std::optional<Operation> operation;
};

const std::vector<Activation>& activations() {
  static const std::vector<Activation> all = {
      {"none", std::nullopt},
      {"relu", Map{Function::Relu}},
      {"relu6", Map(Function::Clip, 0.0F, 6.0F)},
      {"leaky_relu", Map{Function::LeakyRelu}},
      {"sigmoid", Map{Function::Sigmoid}},
      {"tanh", Map{Function::Tanh}},
      {"hard_sigmoid", Map(Function::HardSigmoid, 1.0F / 6.0F, 0.5F)},
      {"hard_swish", Map{Function::HardSwish}},
      {"elu", Map{Function::Elu}},
      {"gelu", Map{Function::Gelu}},
      {"silu", Map{Function::Silu}},
      {"softplus", Map{Function::Softplus}},
      {"sign", Map{Function::Sign}},
      {"softmax", Softmax{}},
  };
  return all;
}

/// A layer's own keys and those that all have.
std::vector<std::string_view> all_keys(std::initializer_list<std::string_view> keys) {
  std::vector<std::string_view> all(keys);
  all.insert(all.end(), {"name", "from"});
  return all;
}

}  // namespace

std::string read_name(const YamlNode& node) {
  const std::string name = node.text();
  if (!is_printable(name)) {
    node.fail(fmt::format("found the name {}, allowed: UTF-8 without control characters",
                          in_quotes(name)));
  }
  return name;
}

Layer::Layer(WorkloadNetwork& network, const YamlNode& node, std::string_view kind,
             std::initializer_list<std::string_view> keys)
    : network_(network), map_(node.map(all_keys(keys))), input_(network.current) {
  const int number = network.next_layer(node, kind);
  const auto named = map_.optional("name");
  given_name_ = named ? read_name(*named) : fmt::format("{}_{}", kind, number);
  if (const auto from = map_.optional("from")) {
    input_ = network.find(*from);
  }
  name_ = network.unique(given_name_);
}

Shape Layer::image() const {
  if (shape().size() != 3) {
    fail(fmt::format("its input has shape {}; it needs an image, [rows, columns, channels]",
                     to_string(shape())));
  }
  return shape();
}

Shape Layer::sequence() const {
  if (shape().size() != 2) {
    fail(fmt::format("its input has shape {}; it needs a sequence, [length, size]",
                     to_string(shape())));
  }
  return shape();
}

std::int64_t Layer::integer(std::string_view key, std::int64_t least, std::int64_t most,
                            std::int64_t usual) const {
  const auto node = map_.optional(key);
  return node ? node->integer(least, most) : usual;
}

bool Layer::flag(std::string_view key, bool usual) const {
  const auto node = map_.optional(key);
  return node ? node->boolean() : usual;
}

std::array<std::int64_t, 2> Layer::pair(std::string_view key, std::int64_t least,
                                        std::int64_t usual) const {
  const auto node = map_.optional(key);
  if (!node) {
    return {usual, usual};
  }
  if (!node->is_list()) {
    const std::int64_t both = node->integer(least, kMaxWindow);
    return {both, both};
  }
  const std::vector<YamlNode> ends = node->list(2, 2);
  return {ends[0].integer(least, kMaxWindow), ends[1].integer(least, kMaxWindow)};
}

TensorId Layer::add(const Operation& operation, const std::vector<TensorId>& inputs) {
  return network_.add(map_.node(), name_, operation, inputs);
}

TensorId Layer::add(std::string_view suffix, const Operation& operation,
                    const std::vector<TensorId>& inputs) {
  return network_.add(map_.node(), network_.unique(fmt::format("{}.{}", name_, suffix)), operation,
                      inputs);
}

TensorId Layer::constant(std::string_view suffix, Shape shape, std::vector<float> values) {
  return network_.add_constant(fmt::format("{}.{}", name_, suffix), std::move(shape),
                               std::move(values));
}

TensorId Layer::add_state(std::string_view suffix, const Shape& shape) {
  return network_.add_state(fmt::format("{}.{}", name_, suffix), shape);
}

TensorId Layer::add_input(std::string_view suffix, const Shape& shape) {
  return network_.add_input(map_.node(), fmt::format("{}.{}", name_, suffix), shape);
}

Similarity Layer::similarity() const {
  const auto node = map_.optional("similarity");
  return node ? static_cast<Similarity>(node->choice(kSimilarityNames)) : Similarity::Product;
}

WeightKind Layer::weight_kind() const {
  const auto node = map_.optional("weights_are");
  if (!node) {
    return WeightKind::Any;
  }
  const auto kind = static_cast<WeightKind>(node->choice(kWeightKindNames));
  if (kind != WeightKind::Any && similarity() == Similarity::L1) {
    node->fail_at_key(
        "only the weights of a layer that multiplies are rounded, not those of one "
        "with 'similarity: l1'");
  }
  return kind;
}

TensorId Layer::dense(std::string_view suffix, TensorId rows, std::int64_t units, bool bias,
                      Similarity similarity) {
  const std::string prefix = suffix.empty() ? "" : fmt::format("{}.", suffix);
  std::vector<TensorId> inputs = {
      rows, constant(prefix + "weights", {network_.shape(rows).back(), units})};
  if (bias) {
    inputs.push_back(constant(prefix + "bias", {units}));
  }
  const MatMul matmul{false, similarity};
  return suffix.empty() ? add(matmul, inputs) : add(suffix, matmul, inputs);
}

TensorId Layer::slice(std::string_view suffix, TensorId id, const Shape& starts,
                      const Shape& sizes) {
  return add(suffix, Slice{starts, sizes, Shape(starts.size(), 1)}, {id});
}

TensorId Layer::activated(TensorId id) {
  std::vector<std::string_view> names;
  for (const Activation& activation : activations()) {
    names.push_back(activation.name);
  }
  const auto node = map_.optional("activation");
  const Activation& chosen = activations()[node ? node->choice(names) : 0];
  std::optional<Operation> operation = chosen.operation;
  if (const auto slope = map_.optional("leaky_slope")) {
    if (chosen.name != "leaky_relu") {
      slope->fail_at_key("only a layer with 'activation: leaky_relu' has a slope");
    }
    operation = Map(Function::LeakyRelu, static_cast<float>(slope->number(-1.0, 1.0)));
  }
  return operation ? add(chosen.name, *operation, {id}) : id;
}

void Layer::finish(TensorId output) {
  network_.define(given_name_, output);
  network_.current = output;
}

}  // namespace systol
