#include "host/graph/infer.h"

#include <fmt/format.h>

#include "sim/base/error.h"

namespace systol {
namespace {

struct Inference {
  std::span<const Shape> inputs;
  const std::string& place;

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place, problem));
  }

  void count(std::size_t least, std::size_t most) const {
    if (inputs.size() < least || inputs.size() > most) {
      fail(fmt::format(
          "it has {} inputs and takes {}", inputs.size(),
          least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most)));
    }
  }

  void row() const {
    if (inputs[0].size() != 1) {
      fail(
          fmt::format("a sample of its input has shape {}; one dimension is supported (reshape "
                      "it first)",
                      to_string(inputs[0])));
    }
  }

  Shape operator()(const MatMul&) const {
    count(2, 3);
    row();
    const Shape& weights = inputs[1];
    if (weights.size() != 2 || weights[0] != inputs[0][0]) {
      fail(fmt::format("its input has {} values a sample, but its weights have shape {}",
                       inputs[0][0], to_string(weights)));
    }
    if (inputs.size() == 3 && inputs[2] != Shape{weights[1]}) {
      fail(fmt::format("its bias has shape {}, expected [{}]", to_string(inputs[2]), weights[1]));
    }
    return {weights[1]};
  }

  Shape operator()(const Map&) const {
    count(1, 1);
    return inputs[0];
  }

  Shape operator()(const Softmax&) const {
    count(1, 1);
    row();
    return inputs[0];
  }

  Shape operator()(const Reshape& reshape) const {
    count(1, 1);
    if (elements(reshape.shape) != elements(inputs[0])) {
      fail(fmt::format("it cannot make {} of {}: the number of values differs",
                       to_string(reshape.shape), to_string(inputs[0])));
    }
    return reshape.shape;
  }
};

}  // namespace

Shape infer_shape(const Operation& operation, std::span<const Shape> inputs,
                  const std::string& place) {
  return std::visit(Inference{inputs, place}, operation);
}

std::string place_of(const Graph& graph, const std::string& node, const Operation& operation) {
  return fmt::format("{}: node '{}' ({})", graph.place(), node, name_of(operation));
}

}  // namespace systol
