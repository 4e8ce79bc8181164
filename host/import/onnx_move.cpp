// Nodes that move, repeat or join values, and those that do nothing with them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/graph/reordered.h"
#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// The scale of each axis that a Resize or Upsample names.
std::vector<float> scales_of(Lowering& lowering, const Node& node, const Activation& value) {
  const bool upsample = node.op() == "Upsample";
  const int scales_input = upsample || lowering.opset() < 11 ? 1 : 2;
  std::vector<float> scales;
  if (node.has_input(scales_input)) {
    scales = lowering.values().constant(node, scales_input).floats();
  } else if (const auto* given = node.attribute("scales"); given != nullptr) {
    scales.assign(given->floats().begin(), given->floats().end());
  }
  if (scales.empty() && node.has_input(3)) {
    const Integers sizes = lowering.values().integers(node, 3);
    for (std::size_t i = 0; i < sizes.size() && i < value.shape.size(); ++i) {
      const bool batch = value.batch == i;
      scales.push_back(batch ? 1.0F
                             : static_cast<float>(sizes[i]) / static_cast<float>(value.shape[i]));
    }
  }
  if (scales.size() != value.shape.size() || node.attribute("axes") != nullptr) {
    node.fail(fmt::format("it names {} scales for an input of {} axes; one for each is supported",
                          scales.size(), value.shape.size()));
  }
  return scales;
}

/// Whether each value of the output is the one over whose place it lies, so that whole factors
/// repeat values.
void check_nearest(const Lowering& lowering, const Node& node) {
  if (node.text_attribute("mode", "nearest") != "nearest") {
    node.fail("mode must be nearest; other modes are not supported");
  }
  const std::string place = node.text_attribute(
      "coordinate_transformation_mode", lowering.opset() < 11 ? "asymmetric" : "half_pixel");
  const std::string nearest =
      node.text_attribute("nearest_mode", lowering.opset() < 11 ? "floor" : "round_prefer_floor");
  const bool half = place == "half_pixel" || place == "pytorch_half_pixel";
  const bool repeats =
      (half && nearest.starts_with("round")) ||
      ((place == "asymmetric" || place == "tf_half_pixel_for_nn") && nearest == "floor");
  if (!repeats) {
    node.fail(fmt::format(
        "coordinate_transformation_mode={} with nearest_mode={} is not supported; supported are "
        "half_pixel with round_prefer_floor and asymmetric with floor",
        place, nearest));
  }
}

float pad_value(Lowering& lowering, const Node& node) {
  if (!node.has_input(2)) {
    return node.float_attribute("value", 0.0F);
  }
  const std::vector<float> value = lowering.values().constant(node, 2).floats();
  if (value.size() != 1) {
    node.fail("its value must be one number");
  }
  return value.front();
}

/// An input of a Concat in the order, and with the batch, of `like`.
TensorId concat_part(Lowering& lowering, const Node& node, int index, const Activation& like) {
  const auto refuse = [&] {
    node.fail("its inputs differ in the number of axes or in the axis of the batch");
  };
  if (!lowering.values().is_constant(node, index)) {
    Activation part = lowering.input(node, index);
    if (like.batch && part.shape.size() == like.shape.size()) {
      part = lowering.with_batch(node, std::move(part), *like.batch);
    }
    if (part.batch != like.batch || part.shape.size() != like.shape.size()) {
      refuse();
    }
    return lowering.arranged(part, like.order);
  }
  FloatTensor constant = lowering.values().floats(node, index);
  Order order = like.order;
  if (constant.shape.size() != like.shape.size()) {
    refuse();
  }
  if (like.batch) {
    auto sample = of_one_sample(constant, *like.batch);
    if (!sample) {
      node.fail("its constant differs from sample to sample");
    }
    constant = std::move(*sample);
    order.insert(order.begin(), *like.batch);
  }
  return lowering.add_constant(fmt::format("part{}", index), extents(constant.shape, like.order),
                               reordered(constant.values, constant.shape, order));
}

bool any_of_not(const std::vector<std::int64_t>& values, std::int64_t usual) {
  return std::ranges::any_of(values, [&](std::int64_t value) { return value != usual; });
}

}  // namespace

void lower_identity(Lowering& lowering, const Node& node) {
  lowering.values().define(node, lowering.values().activation(node, 0));
}

void lower_cast(Lowering& lowering, const Node& node) {
  const std::int64_t type = node.integer_attribute("to", onnx::TensorProto::FLOAT);
  const bool index = lowering.is_index(node.input(0)) || lowering.is_whole(node.input(0));
  if (index && (type == onnx::TensorProto::INT32 || type == onnx::TensorProto::INT64)) {
    lower_identity(lowering, node);
    return;
  }
  if (type == onnx::TensorProto::BOOL && !lowering.is_index(node.input(0))) {
    Activation value = lowering.input(node, 0);
    value.tensor = lowering.add("magnitude", Map{Function::Abs}, {value.tensor});
    value.tensor = lowering.add("", Map{Function::Step}, {value.tensor});
    lowering.define_whole(node, std::move(value));
    return;
  }
  if (type != onnx::TensorProto::FLOAT && type != onnx::TensorProto::DOUBLE &&
      type != onnx::TensorProto::FLOAT16 && type != onnx::TensorProto::BFLOAT16) {
    node.fail("it must be to a floating-point type");
  }
  lower_identity(lowering, node);
}

void lower_dropout(Lowering& lowering, const Node& node) {
  if (node.has_input(2)) {
    const Integers training = lowering.values().integers(node, 2);
    if (training.size() != 1 || training.front() != 0) {
      node.fail("it is in training mode; export the model for inference");
    }
  }
  lower_identity(lowering, node);
}

void lower_transpose(Lowering& lowering, const Node& node) {
  const Activation from = lowering.input(node, 0);
  const std::vector<std::size_t> axes = transposed_axes(node, from.shape.size());
  Activation value{from.tensor, extents(from.shape, axes), {}, {}, {}};
  const auto moved = [&](std::size_t axis) {
    return static_cast<std::size_t>(std::ranges::find(axes, axis) - axes.begin());
  };
  if (from.batch) {
    value.batch = moved(*from.batch);
  }
  std::ranges::transform(from.order, std::back_inserter(value.order), moved);
  lowering.values().define(node, std::move(value));
}

void lower_concat(Lowering& lowering, const Node& node) {
  int first = 0;  // the first input that depends on the sample: all take its order
  while (lowering.values().is_constant(node, first)) {
    ++first;
  }
  Activation value = lowering.input(node, first);
  if (node.attribute("axis") == nullptr) {
    node.fail("it has no attribute 'axis'");
  }
  const std::size_t axis = node.axis(node.integer_attribute("axis", 1), value.shape.size());
  Lowering::keep_batch(node, value, axis, "joins along");
  std::vector<TensorId> parts;
  value.shape[axis] = 0;
  const auto place = std::ranges::find(value.order, axis) - value.order.begin();
  for (int i = 0; i < node.inputs(); ++i) {
    parts.push_back(concat_part(lowering, node, i, value));
    value.shape[axis] += lowering.graph().shape(parts.back())[static_cast<std::size_t>(place)];
  }
  lowering.define_like(node, lowering.add("", Concat{place}, parts), value);
}

void lower_pad(Lowering& lowering, const Node& node) {
  if (node.text_attribute("mode", "constant") != "constant") {
    lower_pad_with_values(lowering, node);
    return;
  }
  Activation value = lowering.input(node, 0);
  const std::size_t rank = value.shape.size();
  const Integers ends = pad_ends(lowering, node, rank);
  Pad pad{{}, {}, Integers(value.order.size(), 0), pad_value(lowering, node)};
  Slice cut{{}, {}, Integers(value.order.size(), 1)};
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (std::abs(ends[axis]) > kMaxElements || std::abs(ends[axis + rank]) > kMaxElements) {
      node.fail(fmt::format("its borders must be at most {}", kMaxElements));
    }
    if (ends[axis] != 0 || ends[axis + rank] != 0) {
      Lowering::keep_batch(node, value, axis, "adds to");
    }
  }
  for (const std::size_t axis : value.order) {
    pad.before.push_back(std::max<std::int64_t>(ends[axis], 0));
    pad.after.push_back(std::max<std::int64_t>(ends[axis + rank], 0));
    cut.starts.push_back(std::max<std::int64_t>(-ends[axis], 0));
    cut.sizes.push_back(value.shape[axis] - cut.starts.back() -
                        std::max<std::int64_t>(-ends[axis + rank], 0));
    value.shape[axis] += ends[axis] + ends[axis + rank];
  }
  TensorId tensor = lowering.arranged(lowering.input(node, 0), value.order);
  const bool pads = any_of_not(pad.before, 0) || any_of_not(pad.after, 0);
  if (cut.sizes != lowering.graph().shape(tensor)) {
    tensor = lowering.add(pads ? "cut" : "", cut, {tensor});
  }
  if (pads) {
    tensor = lowering.add("", pad, {tensor});
  }
  lowering.define_like(node, tensor, value);
}

/// All of it, so many times along each axis: one after another, or each value where there is one.
void lower_tile(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const Integers times = lowering.values().integers(node, 1);
  if (times.size() != value.shape.size()) {
    node.fail(fmt::format("it names {} repeats for an input of {} axes", times.size(),
                          value.shape.size()));
  }
  for (std::size_t axis = 0; axis < times.size(); ++axis) {
    if (times[axis] == 1) {
      continue;
    }
    constexpr std::int64_t kMost = 4096;
    if (times[axis] < 1 || times[axis] > kMost) {
      node.fail(fmt::format("it repeats axis {} {} times; 1 to {} are supported", axis, times[axis],
                            kMost));
    }
    Lowering::keep_batch(node, value, axis, "repeats");
    const auto place = std::ranges::find(value.order, axis) - value.order.begin();
    const TensorId whole = lowering.arranged(value, value.order);
    const std::vector<TensorId> parts(static_cast<std::size_t>(times[axis]), whole);
    value.tensor = lowering.add("", Concat{place}, parts);
    value.shape[axis] *= times[axis];
  }
  lowering.values().define(node, std::move(value));
}

void lower_expand(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  Shape target = lowering.values().integers(node, 1);
  const std::size_t rank = std::max(target.size(), value.shape.size());
  target.insert(target.begin(), rank - target.size(), 1);
  Activation wide = std::move(value);
  insert_unit_axes(std::vector<std::size_t>(rank - wide.shape.size(), 0), wide);
  if (wide.batch) {
    target[*wide.batch] = 1;
  }
  const Shape shape = broadcast(node, wide.shape, target);
  element_count(shape, node.place());
  Repeat repeat;
  for (const std::size_t axis : wide.order) {
    repeat.factors.push_back(shape[axis] / wide.shape[axis]);
  }
  TensorId tensor = lowering.arranged(wide, wide.order);
  if (any_of_not(repeat.factors, 1)) {
    tensor = lowering.add("", repeat, {tensor});
  }
  wide.shape = shape;
  lowering.define_like(node, tensor, wide);
}

void lower_resize(Lowering& lowering, const Node& node) {
  check_nearest(lowering, node);
  Activation value = lowering.input(node, 0);
  const std::vector<float> scales = scales_of(lowering, node, value);
  Repeat repeat;
  for (std::size_t axis = 0; axis < scales.size(); ++axis) {
    const float scale = scales[axis];
    if (!(scale >= 1.0F && scale <= 0x1p20F) || scale != std::floor(scale)) {
      node.fail(
          fmt::format("scale {} of axis {} is not a whole number of at least 1", scale, axis));
    }
    if (scale != 1.0F) {
      Lowering::keep_batch(node, value, axis, "repeats along");
    }
  }
  const TensorId tensor = lowering.arranged(value, value.order);
  for (const std::size_t axis : value.order) {
    repeat.factors.push_back(static_cast<std::int64_t>(scales[axis]));
    value.shape[axis] *= repeat.factors.back();
  }
  lowering.define_like(
      node, any_of_not(repeat.factors, 1) ? lowering.add("", repeat, {tensor}) : tensor, value);
}

}  // namespace systol::onnx_import
