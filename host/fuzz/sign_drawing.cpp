#include "host/fuzz/sign_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "host/fuzz/draw.h"
#include "hw/isa/pe_type.h"

namespace systol {
namespace {

constexpr std::uint32_t kMostOutputs = 40;
constexpr std::uint32_t kNodesOfLayer = 2;  ///< a layer, and the sign of its sums

class SignDrawing {
 public:
  SignDrawing(std::uint64_t seed, std::uint32_t columns)
      : random_(seed),
        whole_(columns % isa::kSignsInByte == 0 || columns == 1 ? isa::kSignsInByte : columns) {
    graph_.name = "drawn";
    graph_.seed = seed;
    graph_.input_range = ValueRange{-1.0F, 1.0F};
    current_ = graph_.add_input(
        "x", flip() ? Shape{extent(200)} : Shape{extent(7), extent(7), extent(20)});
  }

  Graph run(std::uint32_t nodes) {
    sign();
    for (std::uint32_t left = nodes; left > kNodesOfLayer; left -= kNodesOfLayer) {
      layer();
      sign();
    }
    if (draw(random_, 0, 3) == 0) {
      second_output();
    }
    layer();
    end();
    graph_.outputs.insert(graph_.outputs.begin(), current_);
    fill_constants(graph_);
    return std::move(graph_);
  }

 private:
  bool flip() { return draw(random_, 0, 1) == 0; }
  std::int64_t extent(std::uint32_t most) { return draw(random_, 1, most); }
  /// At most the axis, and at most `most`.
  std::int64_t extent_of(std::size_t axis, std::int64_t most) {
    return extent(static_cast<std::uint32_t>(std::min(shape()[axis], most)));
  }
  const Shape& shape() const { return graph_.shape(current_); }
  TensorId constant(const Shape& of) { return graph_.add_constant(graph_.unique_name("c"), of); }
  void apply(const Operation& operation, std::vector<TensorId> inputs) {
    current_ =
        graph_.add_node(fmt::format("n{}", graph_.nodes.size()), operation, std::move(inputs));
  }

  /// Of an input, or of a layer's sums; a function before it is of the same step.
  void sign() {
    if (draw(random_, 0, 2) == 0) {
      apply(Map{Function::Tanh}, {current_});
    }
    apply(Map{Function::Sign, flip() ? 1.0F : -1.0F}, {current_});
  }

  void layer() {
    if (shape().size() == kImageRank && draw(random_, 0, 2) > 0) {
      convolution();
      return;
    }
    if (shape().size() > 1 && flip()) {
      apply(Reshape{{static_cast<std::int64_t>(elements(shape()))}}, {current_});
    }
    matmul(extent(kMostOutputs));
  }

  void matmul(std::int64_t outputs) { multiply(MatMul{}, {shape().back(), outputs}); }

  void convolution() {
    Convolution convolution;
    std::int64_t outputs = extent(kMostOutputs);
    const std::int64_t groups = shape().back() / whole_;
    if (groups > 1 && shape().back() % whole_ == 0 && flip()) {
      convolution.groups = groups;
      outputs = groups * whole_ * extent(2);
    }
    std::array<std::int64_t, 2> kernel{};
    for (std::size_t axis = 0; axis < kernel.size(); ++axis) {
      kernel[axis] = extent_of(axis, 3);
      convolution.window.stride[axis] = extent(3);
      for (auto* const border : {&convolution.window.before, &convolution.window.after}) {
        (*border)[axis] = draw(random_, 0, 2) == 0 ? extent(3) : 0;
      }
      const std::int64_t room = shape()[axis] - 1;
      const bool dilated = kernel[axis] > 1 && draw(random_, 0, 2) == 0;
      convolution.window.dilation[axis] = dilated ? room / (kernel[axis] - 1) : 1;
    }
    multiply(convolution, {kernel[0], kernel[1], shape().back() / convolution.groups, outputs});
  }

  void multiply(const Operation& operation, const Shape& weights) {
    std::vector<TensorId> inputs = {current_, constant(weights)};
    if (flip()) {
      inputs.push_back(constant({weights.back()}));
    }
    apply(operation, std::move(inputs));
  }

  /// Another layer that reads the same signs.
  void second_output() {
    const TensorId signs = current_;
    matmul(extent(kMostOutputs));
    graph_.outputs.push_back(std::exchange(current_, signs));
  }

  /// What the vector unit does with the last layer's results, or nothing.
  void end() {
    const std::array<Operation, 4> ends = {Softmax{}, Normalise{1e-3F}, Map{Function::Sign, 1.0F},
                                           Map{Function::Relu}};
    const std::uint32_t drawn = draw(random_, 0, ends.size());
    if (drawn < ends.size()) {
      apply(ends[drawn], {current_});
    }
  }

  SplitMix64 random_;
  std::int64_t whole_ = 0;  ///< signs of a group, which must begin with a byte
  Graph graph_;
  TensorId current_{};
};

}  // namespace

Graph draw_sign_network(std::uint64_t seed, std::uint32_t nodes, std::uint32_t columns) {
  return SignDrawing(seed, columns).run(nodes);
}

}  // namespace systol
