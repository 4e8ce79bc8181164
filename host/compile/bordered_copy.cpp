#include "host/compile/bordered_copy.h"

namespace systol {
namespace {

void copy_with_borders(const Group& group, std::size_t step, std::size_t to, const Layout& layout) {
  const TensorId input = group.plan.steps[step].input();
  const std::size_t from = group.item(input);
  group.residence.begin(to);
  Commands after = group.residence.users(to);
  fill_borders(group, step, to, layout, group.quantisation(input).zero_point);
  const Commands writers = group.residence.writers(from);
  after.insert(after.end(), writers.begin(), writers.end());
  isa::Vector copy;
  copy.multiplier = isa::kUnitMultiplier;
  copy.shift = isa::kUnitShift;
  Box box;
  box.a = group.residence.address(from) + group.layout(input).first();
  box.destination = group.residence.address(to) + layout.first();
  box.b_bytes = 0;
  const std::uint64_t row = layout.columns * layout.channels;
  box.axes = {{group.samples, static_cast<std::int64_t>(layout.values()), 0,
               static_cast<std::int64_t>(layout.bytes())},
              {layout.rows, static_cast<std::int64_t>(row), 0,
               static_cast<std::int64_t>(layout.row_bytes())},
              {row, 1, 0, 1}};
  append_vector(group, step, copy, box, after, [&](CommandId id) {
    group.residence.read(from, id);
    group.residence.wrote(to, id);
  });
}

}  // namespace

BorderedImage bordered_image(const Group& group, std::size_t step, const Window& window) {
  const Node& node = group.plan.graph->nodes[group.plan.steps[step].node];
  const TensorId input = group.plan.steps[step].input();
  const Shape& shape = group.plan.graph->shape(node.inputs[0]);
  BorderedImage image;
  image.item = group.item(input);
  image.layout = group.layout(input);
  if (const auto area = group.plan.step_areas[step].bordered) {
    image.item = group.area(*area);
    image.layout = bordered_layout(shape, window);
    copy_with_borders(group, step, image.item, image.layout);
  } else if (!image.layout.bordered()) {
    image.layout = dense_layout(shape);
  }
  const std::uint64_t up = image.layout.before[0] - static_cast<std::uint64_t>(window.before[0]);
  const std::uint64_t left = image.layout.before[1] - static_cast<std::uint64_t>(window.before[1]);
  image.address = group.residence.address(image.item) + up * image.layout.row_bytes() +
                  left * image.layout.channels;
  return image;
}

}  // namespace systol
