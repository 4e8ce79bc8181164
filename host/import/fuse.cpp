#include "host/import/fuse.h"

#include <cmath>
#include <optional>

namespace systol {
namespace {

class Fusion {
 public:
  explicit Fusion(Graph& graph) : graph_(graph), producers_(graph.tensors.size(), nullptr) {
    for (const Node& node : graph.nodes) {
      producers_[index_of(node.output)] = &node;
    }
  }

  void run() {
    for (Node& node : graph_.nodes) {
      try_activation(node);
      try_sign(node);
      try_gelu(node);
      try_normalise(node);
    }
  }

 private:
  /// The node that computes the tensor, where it is this function of one value.
  const Node* map_of(TensorId tensor, Function function) const {
    const Node* node = producers_[index_of(tensor)];
    const auto* map = node == nullptr ? nullptr : std::get_if<Map>(&node->operation);
    return map != nullptr && map->function == function ? node : nullptr;
  }
  const Node* binary_of(TensorId tensor, BinaryFunction function) const {
    const Node* node = producers_[index_of(tensor)];
    const auto* binary = node == nullptr ? nullptr : std::get_if<Binary>(&node->operation);
    return binary != nullptr && binary->function == function ? node : nullptr;
  }
  /// The x of a x + b.
  std::optional<TensorId> linear_of(TensorId tensor, float a, float b) const {
    const Node* node = map_of(tensor, Function::Linear);
    const auto close = [](float found, float wanted) { return std::abs(found - wanted) < 1e-4F; };
    if (node == nullptr || !close(std::get<Map>(node->operation).a, a) ||
        !close(std::get<Map>(node->operation).b, b)) {
      return std::nullopt;
    }
    return node->inputs[0];
  }
  static void replace(Node& node, const Operation& operation, TensorId input) {
    node.operation = operation;
    node.inputs = {input};
  }

  static bool multiplies(const Node& node) {
    const auto* binary = std::get_if<Binary>(&node.operation);
    return binary != nullptr && binary->function == BinaryFunction::Multiply;
  }

  /// sign(sign(x) + c), 0 < c < 1, which is 1 at 0.
  void try_sign(Node& node) const {
    const Node* outer = map_of(node.output, Function::Sign);
    const Node* raised = outer == nullptr ? nullptr : map_of(outer->inputs[0], Function::Linear);
    const Node* inner = raised == nullptr ? nullptr : map_of(raised->inputs[0], Function::Sign);
    if (inner == nullptr || std::get<Map>(inner->operation).a != 0.0F) {
      return;
    }
    const auto& linear = std::get<Map>(raised->operation);
    if (linear.a == 1.0F && linear.b > 0.0F && linear.b < 1.0F) {
      replace(node, Map{Function::Sign}, inner->inputs[0]);
    }
  }
  /// x * sigmoid(x) and x * hard_sigmoid(x).
  void try_activation(Node& node) const {
    for (std::size_t i = 0; multiplies(node) && i < 2; ++i) {
      const TensorId x = node.inputs[i];
      const TensorId factor = node.inputs[1 - i];
      if (const Node* sigmoid = map_of(factor, Function::Sigmoid);
          sigmoid != nullptr && sigmoid->inputs[0] == x) {
        replace(node, Map{Function::Silu}, x);
      } else if (const Node* hard = map_of(factor, Function::HardSigmoid);
                 hard != nullptr && hard->inputs[0] == x && is_swish(*hard)) {
        replace(node, Map{Function::HardSwish}, x);
      }
    }
  }
  static bool is_swish(const Node& hard) {
    const auto& map = std::get<Map>(hard.operation);
    return std::abs(map.a - 1.0F / 6.0F) < 1e-5F && map.b == 0.5F;
  }

  /// The x of erf(x / sqrt(2)).
  std::optional<TensorId> scaled_erf(TensorId tensor) const {
    const Node* erf = map_of(tensor, Function::Erf);
    return erf == nullptr ? std::nullopt
                          : linear_of(erf->inputs[0], static_cast<float>(std::sqrt(0.5)), 0.0F);
  }
  /// The x of 1 + erf(x / sqrt(2)), times `factor`.
  std::optional<TensorId> gelu_factor(TensorId tensor, float factor) const {
    const auto erf = linear_of(tensor, factor, factor);
    return erf ? scaled_erf(*erf) : std::nullopt;
  }
  /// The x of x * (1 + erf(x / sqrt(2))), times `factor`.
  std::optional<TensorId> gelu_product(const Node& product, float factor) const {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto x = gelu_factor(product.inputs[1 - i], factor);
      if (x && *x == product.inputs[i]) {
        return x;
      }
    }
    return std::nullopt;
  }

  /// The half may come last, with x, or with the other factor.
  void try_gelu(Node& node) const {
    std::optional<TensorId> x;
    if (const auto product = linear_of(node.output, 0.5F, 0.0F)) {
      if (const Node* whole = binary_of(*product, BinaryFunction::Multiply)) {
        x = gelu_product(*whole, 1.0F);
      }
    } else if (multiplies(node)) {
      x = gelu_product(node, 0.5F);
      for (std::size_t i = 0; !x && i < 2; ++i) {
        const auto factor = gelu_factor(node.inputs[1 - i], 1.0F);
        x = factor && linear_of(node.inputs[i], 0.5F, 0.0F) == factor ? factor : std::nullopt;
      }
    }
    if (x) {
      replace(node, Map{Function::Gelu}, *x);
    }
  }

  /// The x of x - mean(x).
  std::optional<TensorId> centred(TensorId tensor) const {
    const Node* difference = binary_of(tensor, BinaryFunction::Subtract);
    if (difference == nullptr) {
      return std::nullopt;
    }
    const auto mean = mean_of(difference->inputs[1]);
    return mean == difference->inputs[0] ? mean : std::nullopt;
  }
  std::optional<TensorId> mean_of(TensorId tensor) const {
    const Node* node = producers_[index_of(tensor)];
    return node != nullptr && std::holds_alternative<Mean>(node->operation)
               ? std::optional(node->inputs[0])
               : std::nullopt;
  }
  /// The x of x^2 or x * x.
  std::optional<TensorId> square_of(TensorId tensor) const {
    if (const Node* power = map_of(tensor, Function::Power)) {
      return std::get<Map>(power->operation).a == 2.0F ? std::optional(power->inputs[0])
                                                       : std::nullopt;
    }
    const Node* product = binary_of(tensor, BinaryFunction::Multiply);
    return product != nullptr && product->inputs[0] == product->inputs[1]
               ? std::optional(product->inputs[0])
               : std::nullopt;
  }

  void try_normalise(Node& node) const {
    for (std::size_t i = 0; multiplies(node) && i < 2; ++i) {
      const auto x = centred(node.inputs[i]);
      const Node* reciprocal = map_of(node.inputs[1 - i], Function::Reciprocal);
      const Node* root =
          reciprocal == nullptr ? nullptr : map_of(reciprocal->inputs[0], Function::Sqrt);
      const Node* sum = root == nullptr ? nullptr : map_of(root->inputs[0], Function::Linear);
      if (!x || sum == nullptr || std::get<Map>(sum->operation).a != 1.0F) {
        continue;
      }
      const auto squares = mean_of(sum->inputs[0]);
      const auto difference = squares ? square_of(*squares) : std::nullopt;
      if (difference && centred(*difference) == x) {
        replace(node, Normalise{std::get<Map>(sum->operation).b}, *x);
      }
    }
  }

  Graph& graph_;
  std::vector<const Node*> producers_;
};

}  // namespace

void fuse(Graph& graph) { Fusion(graph).run(); }

}  // namespace systol
