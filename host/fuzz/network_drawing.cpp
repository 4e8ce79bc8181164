#include "host/fuzz/network_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <vector>

namespace systol {
namespace {

constexpr std::uint64_t kMostValues = 600;  ///< of a tensor
/// Products of a tensor with itself: more of them leave float32.
constexpr int kMostSquares = 3;

class NetworkDrawing {
 public:
  NetworkDrawing(std::uint64_t seed, bool products) : random_(seed), products_(products) {
    graph_.name = "drawn";
    graph_.seed = seed;
    graph_.input_range = ValueRange{-1.0F, 1.0F};
    current_ = graph_.add_input("x", draw_shape());
    tensors_ = {current_};
  }

  Graph run(std::uint32_t nodes) {
    while (graph_.nodes.size() < nodes) {
      add_one();
      tensors_.push_back(current_);
    }
    graph_.outputs = {current_};
    const TensorId other = tensors_[draw(1, tensors_.size() - 1)];
    if (draw(0, 3) == 0 && other != current_ && !is_input(other)) {
      graph_.outputs.push_back(other);
    }
    fill_constants(graph_);
    return std::move(graph_);
  }

 private:
  std::uint64_t draw(std::uint64_t low, std::uint64_t high) {
    return low + random_.next() % (high - low + 1);
  }
  std::int64_t extent(std::uint64_t most) { return static_cast<std::int64_t>(draw(1, most)); }
  const Shape& shape() const { return graph_.shape(current_); }
  std::size_t rank() const { return shape().size(); }

  Shape draw_shape() {
    switch (draw(0, 4)) {
      case 0:
        return {extent(40)};
      case 1:
        return {extent(9), extent(20)};
      default:
        return {extent(9), extent(9), extent(7)};
    }
  }

  TensorId constant(const Shape& of) { return graph_.add_constant(graph_.unique_name("c"), of); }
  void apply(const Operation& operation, std::vector<TensorId> inputs) {
    current_ =
        graph_.add_node(fmt::format("n{}", graph_.nodes.size()), operation, std::move(inputs));
  }
  void apply(const Operation& operation) { apply(operation, {current_}); }

  /// Whether its bytes are the input's: no node computes them.
  bool is_input(TensorId tensor) const {
    const Node* by = graph_.producer(tensor);
    return by == nullptr ||
           (std::holds_alternative<Reshape>(by->operation) && is_input(by->inputs.front()));
  }

  void add_one() {
    if (elements(shape()) > kMostValues) {
      slice();
      return;
    }
    switch (draw(0, 14)) {
      case 14:
        return products_ && rank() > 1 && draw(0, 1) == 0 ? attention() : state();
      case 0:
        return binary();
      case 1:
        return move();
      case 2:
        return apply(Softmax{});
      case 3:
        return apply(Normalise{1e-3F, rank() == kImageRank && draw(0, 1) == 0});
      case 4:
        return is_input(current_) ? function() : reshape();
      case 5:
      case 6:
        return function();
      case 7:
        return apply(Mean{});
      default:
        return rank() == kImageRank ? on_image() : matmul();
    }
  }

  void function() {
    constexpr std::array kSafe = {Function::Relu,        Function::Relu,      Function::LeakyRelu,
                                  Function::Sigmoid,     Function::Tanh,      Function::Clip,
                                  Function::HardSigmoid, Function::HardSwish, Function::Elu,
                                  Function::Gelu,        Function::Silu,      Function::Erf,
                                  Function::Abs,         Function::Softplus,  Function::Sign};
    apply(Map(kSafe[draw(0, kSafe.size() - 1)]));
  }

  TensorId add_state(Shape of) {
    graph_.tensors.push_back({graph_.unique_name("s"), std::move(of)});
    return static_cast<TensorId>(graph_.tensors.size() - 1);
  }

  /// Joins the current tensor with what it, or a tensor like it, was in the sample before.
  void state() {
    const TensorId value = add_state(shape());
    const TensorId before = current_;
    apply(Binary{draw(0, 1) == 0 ? BinaryFunction::Subtract : BinaryFunction::Maximum},
          {current_, value});
    const TensorId next = draw(0, 1) == 0 ? current_ : before;
    graph_.states.push_back({value, next});
  }

  /// Its rows ask those of all samples before, which are states that grow.
  void attention() {
    Shape kept = shape();
    const std::size_t axis = rank() - 2;
    kept[axis] = extent(3);
    const TensorId keys = add_state(kept);
    const TensorId values = draw(0, 1) == 0 ? keys : add_state(kept);
    const TensorId rows = current_;
    for (const TensorId value : std::set{keys, values}) {
      graph_.states.push_back({value, rows, {}, axis});
    }
    apply(MatMul{true}, {rows, keys});
    apply(Softmax{});
    apply(MatMul{}, {current_, values});
  }

  void matmul() {
    if (products_ && rank() > 1 && draw(0, 2) == 0 && squares_++ < kMostSquares) {
      apply(MatMul{true}, {current_, current_});
      return;
    }
    const std::int64_t outputs = extent(24);
    std::vector<TensorId> inputs = {current_, constant({shape().back(), outputs})};
    if (draw(0, 1) == 0) {
      inputs.push_back(constant({outputs}));
    }
    apply(MatMul{}, std::move(inputs));
  }

  /// A window whose places are at least one, of these extents.
  Window window(const std::array<std::int64_t, 2>& kernel, bool borders) {
    Window result;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      result.stride[axis] = extent(3);
      if (borders && kernel[axis] > 1) {
        result.before[axis] =
            static_cast<std::int64_t>(draw(0, static_cast<std::uint64_t>(kernel[axis] - 1)));
        result.after[axis] =
            static_cast<std::int64_t>(draw(0, static_cast<std::uint64_t>(kernel[axis] - 1)));
      }
      const std::int64_t room = shape()[axis] + result.before[axis] + result.after[axis];
      result.dilation[axis] =
          kernel[axis] > 1 && draw(0, 2) == 0 ? (room - 1) / (kernel[axis] - 1) : 1;
    }
    return result;
  }
  std::array<std::int64_t, 2> kernel() {
    return {extent(static_cast<std::uint64_t>(std::min<std::int64_t>(3, shape()[0]))),
            extent(static_cast<std::uint64_t>(std::min<std::int64_t>(3, shape()[1])))};
  }

  void on_image() {
    const std::array<std::int64_t, 2> extents = kernel();
    if (draw(0, 3) == 0) {
      Pool pool;
      pool.kind = draw(0, 1) == 0 ? PoolKind::Maximum : PoolKind::Average;
      pool.extent = extents;
      pool.window = window(extents, true);
      pool.window.dilation = {1, 1};
      pool.count_borders = pool.kind == PoolKind::Average && draw(0, 1) == 0;
      apply(pool);
      return;
    }
    Convolution convolution{window(extents, true), groups()};
    const std::int64_t each = shape()[2] / convolution.groups;
    const std::int64_t outputs =
        convolution.groups * (draw(0, 1) == 0 && each == 1 ? 1 : extent(9));
    std::vector<TensorId> inputs = {current_, constant({extents[0], extents[1], each, outputs})};
    if (draw(0, 1) == 0) {
      inputs.push_back(constant({outputs}));
    }
    apply(convolution, std::move(inputs));
  }
  std::int64_t groups() {
    const std::int64_t channels = shape()[2];
    const auto drawn = extent(static_cast<std::uint64_t>(channels));
    return draw(0, 2) == 0 ? channels : std::gcd(drawn, channels);
  }

  void binary() {
    const auto operation = Binary{static_cast<BinaryFunction>(draw(0, kBinaryNames.size() - 1))};
    for (std::size_t attempt = 0; attempt < 4; ++attempt) {
      const TensorId other = tensors_[draw(0, tensors_.size() - 1)];
      if (graph_.shape(other) == shape()) {
        apply(operation, {current_, other});
        return;
      }
    }
    Shape of = shape();
    for (std::int64_t& axis : of) {
      axis = draw(0, 2) == 0 ? 1 : axis;
    }
    of.erase(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(draw(0, of.size() - 1)));
    const TensorId values = constant(of);
    if (draw(0, 1) == 0) {
      apply(operation, {values, current_});
    } else {
      apply(operation, {current_, values});
    }
  }

  void move() {
    switch (draw(0, 4)) {
      case 0:
        return transpose();
      case 1:
        return pad();
      case 2:
        return slice();
      case 3: {
        Repeat repeat;
        for (std::size_t i = 0; i < rank(); ++i) {
          repeat.factors.push_back(extent(2));
        }
        return apply(repeat);
      }
      default:
        return concat();
    }
  }
  void transpose() {
    Transpose transpose;
    transpose.permutation.resize(rank());
    std::iota(transpose.permutation.begin(), transpose.permutation.end(), 0);
    for (std::size_t i = rank(); i > 1; --i) {
      std::swap(transpose.permutation[i - 1], transpose.permutation[draw(0, i - 1)]);
    }
    apply(transpose);
  }
  void pad() {
    Pad pad;
    for (std::size_t i = 0; i < rank(); ++i) {
      pad.before.push_back(extent(3) - 1);
      pad.after.push_back(extent(3) - 1);
      pad.between.push_back(draw(0, 2) == 0 ? 1 : 0);
    }
    pad.value = draw(0, 1) == 0 ? 0.0F : 0.25F;
    apply(pad);
  }
  void slice() {
    Slice slice;
    for (const std::int64_t axis : shape()) {
      const std::int64_t step = axis > 1 ? extent(2) : 1;
      const std::int64_t size = extent(static_cast<std::uint64_t>((axis - 1) / step + 1));
      const std::int64_t spread = (size - 1) * step;
      const std::int64_t start = extent(static_cast<std::uint64_t>(axis - spread)) - 1;
      const bool down = draw(0, 3) == 0;
      slice.starts.push_back(down ? start + spread : start);
      slice.sizes.push_back(size);
      slice.steps.push_back(down ? -step : step);
    }
    apply(slice);
  }
  void concat() {
    Concat concat{static_cast<std::int64_t>(draw(0, rank() - 1))};
    Shape other = shape();
    other[static_cast<std::size_t>(concat.axis)] = extent(3);
    const TensorId values = constant(other);
    apply(concat, draw(0, 1) == 0 ? std::vector{current_, values, current_}
                                  : std::vector{values, current_});
  }

  /// Into two dimensions, or one.
  void reshape() {
    const auto all = static_cast<std::int64_t>(elements(shape()));
    if (draw(0, 2) == 0) {
      apply(Reshape{{all}});
    } else {
      apply(Reshape{{all / shape().back(), shape().back()}});
    }
  }

  SplitMix64 random_;
  bool products_;
  int squares_ = 0;
  Graph graph_;
  TensorId current_{};
  std::vector<TensorId> tensors_;
};

}  // namespace

Graph draw_network(std::uint64_t seed, std::uint32_t nodes, bool products) {
  return NetworkDrawing(seed, products).run(nodes);
}

}  // namespace systol
