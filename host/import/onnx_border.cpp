// Pad with values of the input itself.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// Where the values of a border lie along its axis: the first, and how far apart they are.
struct Line {
  std::int64_t start;
  std::int64_t step;
};

/// Of the border of `size` values before the axis, or after it.
Line line_of(const std::string& mode, std::int64_t extent, std::int64_t size, bool before) {
  if (mode == "edge") {
    return {before ? 0 : extent - 1, 0};
  }
  return mode == "wrap" ? Line{before ? extent - size : 0, 1}
                        : Line{before ? size : extent - 2, -1};
}

/// The most values that a border can have.
std::int64_t most_of(const std::string& mode, std::int64_t extent) {
  return mode == "edge" ? kMaxElements : mode == "wrap" ? extent : extent - 1;
}

}  // namespace

Integers pad_ends(Lowering& lowering, const Node& node, std::size_t rank) {
  const Integers ends = lowering.values().list(node, 1, "pads").value_or(Integers{});
  Integers axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (node.has_input(3)) {
    axes = lowering.values().integers(node, 3);
  }
  if (ends.size() != 2 * axes.size()) {
    node.fail(fmt::format("it names {} borders for {} axes", ends.size(), axes.size()));
  }
  Integers all(2 * rank, 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    all[node.axis(axes[i], rank)] = ends[i];
    all[node.axis(axes[i], rank) + rank] = ends[i + axes.size()];
  }
  return all;
}

void lower_pad_with_values(Lowering& lowering, const Node& node) {
  const std::string mode = node.text_attribute("mode", "constant");
  if (mode != "edge" && mode != "reflect" && mode != "wrap") {
    node.fail(fmt::format("mode={} is not known", mode));
  }
  Activation value = lowering.input(node, 0);
  const std::size_t rank = value.shape.size();
  const Integers ends = pad_ends(lowering, node, rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t extent = value.shape[axis];
    if (ends[axis] == 0 && ends[axis + rank] == 0) {
      continue;
    }
    Lowering::keep_batch(node, value, axis, "adds to");
    const auto place = std::ranges::find(value.order, axis) - value.order.begin();
    const TensorId whole = lowering.arranged(value, value.order);
    const auto border = [&](std::int64_t size, bool before) {
      const std::int64_t most = most_of(mode, extent);
      if (size < 0 || size > most) {
        node.fail(fmt::format("its border of {} at axis {} of extent {} must be from 0 to {}", size,
                              axis, extent, most));
      }
      const Shape& shape = lowering.graph().shape(whole);
      Slice slice{Integers(shape.size(), 0), shape, Integers(shape.size(), 1)};
      const auto at = static_cast<std::size_t>(place);
      const Line line = line_of(mode, extent, size, before);
      slice.starts[at] = line.start;
      slice.sizes[at] = size;
      slice.steps[at] = line.step;
      return lowering.add(before ? "before" : "after", slice, {whole});
    };
    std::vector<TensorId> parts = {whole};
    if (ends[axis] != 0) {
      parts.insert(parts.begin(), border(ends[axis], true));
    }
    if (ends[axis + rank] != 0) {
      parts.push_back(border(ends[axis + rank], false));
    }
    value.tensor = lowering.add("", Concat{place}, parts);
    value.shape[axis] += ends[axis] + ends[axis + rank];
  }
  lowering.values().define(node, std::move(value));
}

}  // namespace systol::onnx_import
