#include "host/graph/infer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kMostInputs = 4096;  ///< of a concat
/// Of each parameter, so that no shape's arithmetic overflows.
constexpr std::int64_t kLargest = std::int64_t{1} << 20;

bool within(std::int64_t value, std::int64_t least) { return value >= least && value <= kLargest; }

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

  void rank(const Shape& shape, std::size_t wanted, std::string_view what) const {
    if (shape.size() != wanted) {
      fail(fmt::format("{} has shape {}; {} dimensions are supported", what, to_string(shape),
                       wanted));
    }
  }
  void per_axis(std::size_t values, std::string_view what) const {
    if (values != inputs[0].size()) {
      fail(fmt::format("it has {} {} for an input of shape {}; one for each axis is needed", values,
                       what, to_string(inputs[0])));
    }
  }
  /// Weights, a bias, and of sums of distances a scale.
  void count_constants(Similarity similarity) const {
    count(2, similarity == Similarity::L1 ? 4 : 3);
  }
  void bias(std::int64_t outputs) const {
    for (std::size_t i = 2; i < inputs.size(); ++i) {
      if (inputs[i] != Shape{outputs}) {
        fail(fmt::format("its {} has shape {}, expected [{}]", i == 2 ? "bias" : "scale",
                         to_string(inputs[i]), outputs));
      }
    }
  }
  /// The input's last extent; fails where it has none.
  std::int64_t row() const {
    if (inputs[0].empty()) {
      fail("its input is a single value; at least one dimension is needed");
    }
    return inputs[0].back();
  }

  Shape operator()(const MatMul& matmul) const {
    count_constants(matmul.similarity);
    const Shape& weights = inputs[1];
    if (weights.size() < 2) {
      fail(fmt::format("its weights have shape {}; at least two dimensions are needed",
                       to_string(weights)));
    }
    const std::int64_t depth = weights[weights.size() - (matmul.transposed ? 1 : 2)];
    const std::int64_t outputs = weights[weights.size() - (matmul.transposed ? 2 : 1)];
    if (depth != row()) {
      fail(fmt::format("its input has {} values {}, but its weights have shape {}", row(),
                       inputs[0].size() == 1 ? "a sample" : "a row", to_string(weights)));
    }
    if (weights.size() > 2 &&
        (weights.size() != inputs[0].size() ||
         !std::equal(weights.begin(), weights.end() - 2, inputs[0].begin()))) {
      fail(fmt::format("{} cannot be multiplied by {}: the leading extents differ",
                       to_string(inputs[0]), to_string(weights)));
    }
    bias(outputs);
    Shape result = inputs[0];
    result.back() = outputs;
    return result;
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

  Shape operator()(const Normalise& normalise) const {
    count(1, 1);
    row();
    if (normalise.spatial) {
      rank(inputs[0], 3, "its input");
    }
    return inputs[0];
  }

  Shape operator()(const Mean&) const {
    count(1, 1);
    row();
    Shape result = inputs[0];
    result.back() = 1;
    return result;
  }

  Shape operator()(const Reshape& reshape) const {
    count(1, 1);
    if (elements(reshape.shape) != elements(inputs[0])) {
      fail(fmt::format("it cannot make {} of {}: the number of values differs",
                       to_string(reshape.shape), to_string(inputs[0])));
    }
    return reshape.shape;
  }

  /// How many places a window of `extent` has along an image's axis.
  std::int64_t places(const Window& window, std::size_t axis, std::int64_t extent) const {
    if (!within(extent, 1) || !within(window.stride[axis], 1) ||
        !within(window.dilation[axis], 1) || !within(window.before[axis], 0) ||
        !within(window.after[axis], 0)) {
      fail(
          fmt::format("its window's extents, strides and dilations must be 1 to {0}, its borders "
                      "0 to {0}",
                      kLargest));
    }
    const std::int64_t image = inputs[0][axis] + window.before[axis] + window.after[axis];
    const std::int64_t spread = window.dilation[axis] * (extent - 1) + 1;
    if (spread > image) {
      fail(fmt::format("its window spans {} values, the image with its borders has {}", spread,
                       image));
    }
    return (image - spread) / window.stride[axis] + 1;
  }

  Shape operator()(const Convolution& convolution) const {
    count_constants(convolution.similarity);
    rank(inputs[0], 3, "its input");
    rank(inputs[1], 4, "its weights tensor");
    const Shape& weights = inputs[1];
    const std::int64_t groups = convolution.groups;
    if (groups < 1 || weights[2] * groups != inputs[0][2] || weights[3] % groups != 0) {
      fail(fmt::format("weights of shape {} in {} groups do not fit an image of {} channels",
                       to_string(weights), groups, inputs[0][2]));
    }
    bias(weights[3]);
    return {places(convolution.window, 0, weights[0]), places(convolution.window, 1, weights[1]),
            weights[3]};
  }

  /// Whether each place of the window has a value of the image's axis, which has that many
  /// `places`.
  bool windows_have_values(const Pool& pool, std::size_t axis, std::int64_t places) const {
    const Window& window = pool.window;
    const std::int64_t last = (places - 1) * window.stride[axis] - window.before[axis];
    if (last >= inputs[0][axis]) {
      return false;
    }
    for (std::int64_t at = -window.before[axis]; at < 0 && at <= last; at += window.stride[axis]) {
      const std::int64_t skipped = (-at + window.dilation[axis] - 1) / window.dilation[axis];
      if (skipped >= pool.extent[axis] || at + skipped * window.dilation[axis] >= inputs[0][axis]) {
        return false;
      }
    }
    return true;
  }

  Shape operator()(const Pool& pool) const {
    count(1, 1);
    rank(inputs[0], 3, "its input");
    Shape result = inputs[0];
    for (std::size_t axis = 0; axis < 2; ++axis) {
      result[axis] = places(pool.window, axis, pool.extent[axis]);
      if (!windows_have_values(pool, axis, result[axis])) {
        fail("its borders are so wide that some of its windows lie in them alone");
      }
    }
    return result;
  }

  Shape operator()(const Binary&) const {
    count(2, 2);
    Shape result(std::max(inputs[0].size(), inputs[1].size()), 1);
    for (std::size_t i = 0; i < result.size(); ++i) {  // from the last axis on
      const auto extent = [&](const Shape& shape) {
        return i < shape.size() ? shape[shape.size() - 1 - i] : 1;
      };
      const std::int64_t a = extent(inputs[0]);
      const std::int64_t b = extent(inputs[1]);
      if (a != b && a != 1 && b != 1) {
        fail(fmt::format("shapes {} and {} do not fit each other", to_string(inputs[0]),
                         to_string(inputs[1])));
      }
      result[result.size() - 1 - i] = std::max(a, b);
    }
    return result;
  }

  Shape operator()(const Concat& concat) const {
    count(1, kMostInputs);
    const auto axis = static_cast<std::size_t>(concat.axis);
    if (concat.axis < 0 || axis >= inputs[0].size()) {
      fail(fmt::format("axis {} of an input of shape {}", concat.axis, to_string(inputs[0])));
    }
    Shape result = inputs[0];
    for (const Shape& other : inputs.subspan(1)) {
      Shape same = other;
      if (other.size() == result.size()) {
        same[axis] = result[axis];
      }
      if (same != result) {
        fail(fmt::format("shapes {} and {} differ in more than axis {}", to_string(inputs[0]),
                         to_string(other), axis));
      }
      result[axis] += other[axis];
    }
    return result;
  }

  static bool within_axis(std::int64_t start, std::int64_t size, std::int64_t step,
                          std::int64_t extent) {
    if (start < 0 || start >= extent || size < 1) {
      return false;
    }
    const std::int64_t room = step < 0 ? -start : extent - 1 - start;
    return size == 1 || (step == 0 ? within(size, 1) : room / step >= size - 1);
  }

  Shape operator()(const Slice& slice) const {
    count(1, 1);
    per_axis(slice.starts.size(), "starts");
    per_axis(slice.sizes.size(), "sizes");
    per_axis(slice.steps.size(), "steps");
    for (std::size_t i = 0; i < inputs[0].size(); ++i) {
      if (!within_axis(slice.starts[i], slice.sizes[i], slice.steps[i], inputs[0][i])) {
        fail(fmt::format("{} values from {} on, {} apart, are not within axis {} of {}",
                         slice.sizes[i], slice.starts[i], slice.steps[i], i, to_string(inputs[0])));
      }
    }
    return slice.sizes;
  }

  Shape operator()(const Transpose& transpose) const {
    count(1, 1);
    per_axis(transpose.permutation.size(), "axes in its permutation");
    Shape result;
    std::vector<bool> used(inputs[0].size());
    for (const std::int64_t axis : transpose.permutation) {
      const auto at = static_cast<std::size_t>(axis);
      if (axis < 0 || at >= used.size() || used[at]) {
        fail("its permutation does not name each axis once");
      }
      used[at] = true;
      result.push_back(inputs[0][at]);
    }
    return result;
  }

  Shape operator()(const Pad& pad) const {
    count(1, 1);
    per_axis(pad.before.size(), "borders before");
    per_axis(pad.after.size(), "borders after");
    per_axis(pad.between.size(), "borders between");
    Shape result = inputs[0];
    for (std::size_t i = 0; i < result.size(); ++i) {
      if (!within(pad.before[i], 0) || !within(pad.after[i], 0) || !within(pad.between[i], 0)) {
        fail(fmt::format("its borders must be 0 to {}", kLargest));
      }
      result[i] += pad.before[i] + pad.after[i] + pad.between[i] * (result[i] - 1);
    }
    return result;
  }

  Shape operator()(const Repeat& repeat) const {
    count(1, 1);
    per_axis(repeat.factors.size(), "factors");
    Shape result = inputs[0];
    for (std::size_t i = 0; i < result.size(); ++i) {
      if (!within(repeat.factors[i], 1)) {
        fail(fmt::format("its factors must be 1 to {}", kLargest));
      }
      result[i] *= repeat.factors[i];
    }
    return result;
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
