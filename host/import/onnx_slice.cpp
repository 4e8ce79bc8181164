// Nodes that take part of a value.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// The range, given for ONNX's axes, of a value that lies in its own order.
TensorId part_of(Lowering& lowering, const std::string& part, const Activation& value,
                 const Slice& range) {
  const TensorId tensor = lowering.arranged(value, value.order);
  const Slice slice{extents(range.starts, value.order), extents(range.sizes, value.order),
                    extents(range.steps, value.order)};
  return slice.sizes == lowering.graph().shape(tensor) &&
                 std::ranges::all_of(slice.steps, [](std::int64_t step) { return step == 1; })
             ? tensor
             : lowering.add(part, slice, {tensor});
}

Slice whole(const Shape& shape) {
  return {Integers(shape.size(), 0), shape, Integers(shape.size(), 1)};
}

/// The extents of a Split's outputs.
Integers split_sizes(Lowering& lowering, const Node& node, std::int64_t extent) {
  const auto outputs = static_cast<std::int64_t>(node.proto().output_size());
  if (outputs == 0) {
    node.fail("it has no output");
  }
  Integers sizes = lowering.values().list(node, 1, "split").value_or(Integers{});
  if (sizes.empty()) {
    const std::int64_t each = (extent + outputs - 1) / outputs;
    sizes.assign(static_cast<std::size_t>(outputs), each);
    sizes.back() = extent - each * (outputs - 1);
  }
  const bool positive =
      std::ranges::all_of(sizes, [&](std::int64_t size) { return size >= 1 && size <= extent; });
  if (!positive || static_cast<std::int64_t>(sizes.size()) != outputs ||
      std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) != extent) {
    node.fail(fmt::format("parts of {} do not make up {} outputs of an axis of extent {}",
                          to_string(sizes), outputs, extent));
  }
  return sizes;
}

/// Whether the indices are all the same step apart; a single one has step 1.
std::optional<std::int64_t> common_step(const Integers& indices) {
  const std::int64_t step = indices.size() > 1 ? indices[1] - indices[0] : 1;
  for (std::size_t i = 1; i < indices.size(); ++i) {
    if (indices[i] - indices[i - 1] != step) {
      return std::nullopt;
    }
  }
  return step;
}

/// The values at the indices along `axis`, in one slice where they are evenly apart.
TensorId gathered(Lowering& lowering, const Activation& value, std::size_t axis,
                  const Integers& indices) {
  Slice range = whole(value.shape);
  if (const auto step = common_step(indices)) {
    range.starts[axis] = indices.front();
    range.sizes[axis] = static_cast<std::int64_t>(indices.size());
    range.steps[axis] = *step;
    return part_of(lowering, "", value, range);
  }
  range.sizes[axis] = 1;
  std::vector<TensorId> parts;
  for (const std::int64_t index : indices) {
    range.starts[axis] = index;
    parts.push_back(part_of(lowering, fmt::format("part{}", parts.size()), value, range));
  }
  const auto place = std::ranges::find(value.order, axis) - value.order.begin();
  return lowering.add("", Concat{place}, parts);
}

}  // namespace

void lower_split(Lowering& lowering, const Node& node) {
  const Activation value = lowering.input(node, 0);
  const std::size_t axis = node.axis(node.integer_attribute("axis", 0), value.shape.size());
  Lowering::keep_batch(node, value, axis, "splits");
  Slice range = whole(value.shape);
  int output = 0;
  for (const std::int64_t size : split_sizes(lowering, node, value.shape[axis])) {
    range.sizes[axis] = size;
    if (node.has_output(output)) {
      const TensorId part = part_of(lowering, fmt::format("part{}", output), value, range);
      lowering.define(node, part, range.sizes, value.batch, value.order, output);
    }
    range.starts[axis] += size;
    ++output;
  }
}

void lower_slice(Lowering& lowering, const Node& node) {
  const Activation value = lowering.input(node, 0);
  const Values& values = lowering.values();
  const auto starts = values.list(node, 1, "starts");
  const auto ends = values.list(node, 2, "ends");
  if (!starts || !ends) {
    node.fail("its starts or ends are missing");
  }
  const Slice range = sliced(node, value.shape, *starts, *ends, values.list(node, 3, "axes"),
                             values.list(node, 4, "steps"));
  for (std::size_t axis = 0; axis < value.shape.size(); ++axis) {
    if (range.sizes[axis] == 0) {
      node.fail(fmt::format("nothing is left of axis {}", axis));
    }
  }
  lowering.define(node, part_of(lowering, "", value, range), range.sizes, value.batch, value.order);
}

namespace {

/// A table of rows, such as an embedding, of which the samples name some.
void lower_embedding(Lowering& lowering, const Node& node) {
  if (!lowering.values().is_constant(node, 0)) {
    node.fail("its indices are an input, and its first input is no constant table");
  }
  Weights table = lowering.values().weights(node, 0);
  if (table.shape.size() != 2 || node.axis(node.integer_attribute("axis", 0), 2) != 0) {
    node.fail(
        fmt::format("its indices are an input, and its table has shape {}; a table of two "
                    "axes, from whose first one chooses, is needed",
                    to_string(table.shape)));
  }
  lowering.define_lookup(node, std::move(table));
}

}  // namespace

void lower_gather(Lowering& lowering, const Node& node) {
  if (lowering.is_index(node.input(1))) {
    lower_embedding(lowering, node);
    return;
  }
  Activation value = lowering.input(node, 0);
  const std::size_t axis = node.axis(node.integer_attribute("axis", 0), value.shape.size());
  Lowering::keep_batch(node, value, axis, "chooses along");
  const HostTensor at = lowering.values().constant(node, 1);
  if (!at.integral() || at.size() == 0 || at.size() > 4096 || at.shape.size() > 1) {
    node.fail("its indices must be a list of 1 to 4096 whole numbers");
  }
  Integers indices = std::get<1>(at.values);
  for (std::int64_t& index : indices) {
    index += index < 0 ? value.shape[axis] : 0;
    if (index < 0 || index >= value.shape[axis]) {
      node.fail(fmt::format("an index is outside axis {} of {}", axis, to_string(value.shape)));
    }
  }
  value.tensor = gathered(lowering, value, axis, indices);
  value.shape[axis] = static_cast<std::int64_t>(indices.size());
  if (at.shape.empty()) {
    drop_unit_axes({axis}, value);
  }
  lowering.values().define(node, std::move(value));
}

}  // namespace systol::onnx_import
