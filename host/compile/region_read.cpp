// What of an input each operation needs for a part of its output.
#include <algorithm>
#include <optional>

#include "host/compile/regions.h"

namespace systol {
namespace {

/// How a window moves along an axis of an image.
struct AxisWindow {
  std::int64_t extent = 1;
  std::int64_t stride = 1;
  std::int64_t before = 0;
};

/// Nothing where the step has none.
std::optional<AxisWindow> window_along(const Graph& graph, const Node& node, std::size_t axis) {
  if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
    const Window& window = convolution->window;
    const std::int64_t kernel = graph.shape(node.inputs[1])[axis];
    return AxisWindow{(kernel - 1) * window.dilation[axis] + 1, window.stride[axis],
                      window.before[axis]};
  }
  if (const auto* pool = std::get_if<Pool>(&node.operation)) {
    const Window& window = pool->window;
    return AxisWindow{(pool->extent[axis] - 1) * window.dilation[axis] + 1, window.stride[axis],
                      window.before[axis]};
  }
  return std::nullopt;
}

std::uint64_t unsigned_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

/// What the windows of some places reach of an axis of `extent` indices.
Reach reach_of(const AxisWindow& window, std::int64_t extent, const Span& places, bool borders) {
  const std::int64_t from = static_cast<std::int64_t>(places.first) * window.stride - window.before;
  const std::int64_t to =
      static_cast<std::int64_t>(places.end - 1) * window.stride - window.before + window.extent;
  const std::int64_t begin = std::clamp<std::int64_t>(from, 0, extent);
  const std::int64_t stop = std::clamp<std::int64_t>(to, begin, extent);
  Reach reach{{unsigned_of(begin), unsigned_of(stop)}};
  if (borders) {
    reach.before = unsigned_of(begin - from);
    reach.after = unsigned_of(std::max<std::int64_t>(to - stop, 0));
  }
  return reach;
}

/// Where input `input` of a concat begins along its axis.
std::uint64_t concat_offset(const Graph& graph, const Node& node, std::size_t input) {
  const auto axis = static_cast<std::size_t>(std::get<Concat>(node.operation).axis);
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < input; ++i) {
    offset += unsigned_of(graph.shape(node.inputs[i])[axis]);
  }
  return offset;
}

/// The part of one input that a part of the output is made from.
class RegionReader {
 public:
  RegionReader(const Graph& graph, const Step& step, std::size_t input, const TensorPart& output)
      : graph_(graph),
        step_(step),
        node_(graph.nodes[step.node]),
        input_(input),
        output_(output),
        shape_(seen_shape(graph, step, node_.inputs[input])) {
    for (const Span& span : whole_part(shape_)) {
      region_.push_back({span});
    }
  }

  Region read() && {
    std::visit([this](const auto& operation) { of(operation); }, node_.operation);
    return std::move(region_);
  }

 private:
  void same(std::size_t axis) { region_[axis] = {output_[axis]}; }

  /// All but the last axis are those of the output.
  void rows() {
    for (std::size_t axis = 0; axis + 1 < shape_.size(); ++axis) {
      same(axis);
    }
  }

  void of(const Softmax&) {
    rows();
    same(shape_.size() - 1);
  }
  void of(const Mean&) { rows(); }
  void of(const Reshape&) {}
  void of(const Normalise& normalise) {
    if (!normalise.spatial) {
      rows();
    }
  }
  void of(const Map&) {
    rows();
    same(shape_.size() - 1);
  }

  /// Of a product's second operand the matrices of the rows, and of these the output's columns.
  void of(const MatMul&) {
    if (input_ == 0) {
      rows();
    } else if (step_.kind == StepKind::Product) {
      for (std::size_t axis = 0; axis + 2 < shape_.size(); ++axis) {
        same(axis);
      }
      region_[columns_axis(node_, shape_)] = {output_.back()};
    }
  }

  void of(const Convolution&) {
    if (input_ == 0) {
      windowed(true);
    }
    if (input_ == 0 && step_.kind == StepKind::Depthwise) {
      same(2);
    }
  }
  void of(const Pool&) {
    windowed(false);
    same(2);
  }
  void windowed(bool borders) {
    for (const std::size_t axis : {0U, 1U}) {
      region_[axis] =
          reach_of(*window_along(graph_, node_, axis), shape_[axis], output_[axis], borders);
    }
  }

  /// Extents of 1 are repeated, and leading ones that the input lacks.
  void of(const Binary&) {
    const std::size_t lacks = output_.size() - shape_.size();
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      if (shape_[axis] != 1) {
        region_[axis] = {output_[lacks + axis]};
      }
    }
  }

  void of(const Concat& concat) {
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      same(axis);
    }
    const auto axis = static_cast<std::size_t>(concat.axis);
    const std::uint64_t offset = concat_offset(graph_, node_, input_);
    const auto inside = [&](std::uint64_t index) {
      return std::min(index - std::min(index, offset), unsigned_of(shape_[axis]));
    };
    region_[axis] = {{inside(output_[axis].first), inside(output_[axis].end)}};
  }

  void of(const Slice& slice) {
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      const auto at = [&](std::uint64_t index) {
        return slice.starts[axis] + static_cast<std::int64_t>(index) * slice.steps[axis];
      };
      const auto [low, high] = std::minmax({at(output_[axis].first), at(output_[axis].end - 1)});
      region_[axis] = {{unsigned_of(low), unsigned_of(high) + 1}};
    }
  }

  void of(const Transpose& transpose) {
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      region_[static_cast<std::size_t>(transpose.permutation[axis])] = {output_[axis]};
    }
  }

  void of(const Repeat& repeat) {
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      const std::uint64_t factor = unsigned_of(repeat.factors[axis]);
      region_[axis] = {{output_[axis].first / factor, (output_[axis].end - 1) / factor + 1}};
    }
  }

  /// A band of borders alone reads one index, too.
  void of(const Pad& pad) {
    for (std::size_t axis = 0; axis < pad.before.size(); ++axis) {
      const auto extent = unsigned_of(shape_[axis]);
      Span span = placed(pad, axis, extent, output_[axis]);
      span.first = std::min(span.first, extent - 1);
      span.end = std::max(span.end, span.first + 1);
      region_[axis] = {span};
    }
  }

  const Graph& graph_;
  const Step& step_;
  const Node& node_;
  std::size_t input_;
  const TensorPart& output_;
  Shape shape_;
  Region region_;
};

}  // namespace

Span placed(const Pad& pad, std::size_t axis, std::uint64_t extent, const Span& output) {
  const auto before = unsigned_of(pad.before[axis]);
  const auto step = unsigned_of(pad.between[axis]) + 1;
  // How many of the tensor's lie before an index of the output.
  const auto placed_before = [&](std::uint64_t index) {
    return index <= before ? 0 : std::min(extent, (index - before + step - 1) / step);
  };
  return {placed_before(output.first), placed_before(output.end)};
}

std::size_t columns_axis(const Node& product, const Shape& second) {
  return second.size() - (std::get<MatMul>(product.operation).transposed ? 2 : 1);
}

Region region_read(const Graph& graph, const Step& step, std::size_t input,
                   const TensorPart& output) {
  return RegionReader(graph, step, input, output).read();
}

}  // namespace systol
