#include "host/compile/windowed_image.h"

#include "host/compile/sign_tensors.h"

namespace systol {
namespace {

/// The input is seen in other shapes elsewhere, so that it lies without borders.
void copy_with_borders(const Frame& frame, std::size_t to, const Layout& layout) {
  const Group& group = frame.group;
  const Operand input =
      resident_operand(group, frame.step().input(), frame.graph().shape(frame.node().inputs[0]));
  group.residence.begin(to);
  Commands after = group.residence.users(to);
  fill_borders(frame.group, frame.index, to, layout, frame.step().input());
  const Commands writers = group.residence.writers(input.item);
  after.insert(after.end(), writers.begin(), writers.end());
  isa::Vector copy;
  copy.multiplier = isa::kUnitMultiplier;
  copy.shift = isa::kUnitShift;
  Box box;
  box.a = input.address;
  box.destination = group.residence.address(to) + layout.first();
  box.b_bytes = 0;
  const std::uint64_t row = layout.columns * layout.channels;
  box.axes = {{group.samples, input.strides[0], 0, static_cast<std::int64_t>(layout.bytes())},
              {layout.rows, input.strides[1], 0, static_cast<std::int64_t>(layout.row_bytes())},
              {row, 1, 0, 1}};
  append_vector(frame, copy, box, after, [&](CommandId id) {
    group.residence.read(input.item, id);
    group.residence.wrote(to, id);
  });
}

}  // namespace

Layout copied_layout(const Plan& plan, const Step& step) {
  const Node& node = plan.graph->nodes[step.node];
  const Layout layout = bordered_layout(plan.graph->shape(node.inputs[0]),
                                        std::get<Convolution>(node.operation).window);
  const PackedRows rows = plan.packed(step.input());
  return rows ? packed(layout, rows, plan.config) : layout;
}

WindowedImage windowed_image(const Frame& frame, const Window& window) {
  const Operand& input = frame.inputs[0];
  WindowedImage image{input.item, input.address, input.stride(0), input.stride(1), input.whole};
  std::uint64_t top = input.first(0);
  std::uint64_t left = input.first(1);
  if (const auto area = frame.group.plan.step_areas[frame.index].bordered) {
    const Layout layout = copied_layout(frame.group.plan, frame.step());
    image.item = frame.group.area(*area);
    copy_with_borders(frame, image.item, layout);
    image.address = frame.group.residence.address(image.item) + layout.first() + input.first(2);
    image.sample_bytes = layout.bytes();
    image.row_bytes = layout.row_bytes();
    top = 0;
    left = 0;
  }
  // Windows begin in the borders: addresses go down from the first value.
  const auto begin = [&](std::size_t axis) {
    return frame.part[axis].first * static_cast<std::uint64_t>(window.stride[axis]);
  };
  const std::uint64_t up = top + static_cast<std::uint64_t>(window.before[0]);
  const std::uint64_t before = left + static_cast<std::uint64_t>(window.before[1]);
  image.address += begin(0) * image.row_bytes + begin(1) * input.stride(2);
  image.address -= up * image.row_bytes + before * input.stride(2);
  return image;
}

}  // namespace systol
