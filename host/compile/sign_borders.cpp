#include "host/compile/sign_borders.h"

#include <algorithm>

namespace systol {

std::vector<BorderSpan> border_spans(const Window& window, std::size_t axis, std::int64_t image,
                                     std::int64_t kernel) {
  const std::int64_t dilation = window.dilation[axis];
  const std::int64_t reach = (kernel - 1) * dilation + 1;
  const std::int64_t places =
      (window.before[axis] + image + window.after[axis] - reach) / window.stride[axis] + 1;
  // Of the kernel's places, how many lie before `index` of the image.
  const auto before = [&](std::int64_t first, std::int64_t index) {
    return std::clamp<std::int64_t>((index - first + dilation - 1) / dilation, 0, kernel);
  };
  std::vector<BorderSpan> spans;
  for (std::int64_t place = 0; place < places; ++place) {
    const std::int64_t first = place * window.stride[axis] - window.before[axis];
    const std::int64_t begin = first < 0 ? before(first, 0) : 0;
    const std::int64_t end = first < image ? std::max(begin, before(first, image)) : begin;
    if (spans.empty() || spans.back().begin != begin || spans.back().end != end) {
      spans.push_back({static_cast<std::uint64_t>(place), 0, begin, end});
    }
    ++spans.back().count;
  }
  return spans;
}

std::vector<BorderPlaces> border_places(const Graph& graph, const Node& node) {
  const Window& window = std::get<Convolution>(node.operation).window;
  const Shape& image = graph.shape(node.inputs[0]);
  const Shape& weights = graph.shape(node.inputs[1]);
  std::vector<BorderPlaces> places;
  const std::vector<BorderSpan> columns = border_spans(window, 1, image[1], weights[1]);
  for (const BorderSpan& y : border_spans(window, 0, image[0], weights[0])) {
    for (const BorderSpan& x : columns) {
      places.push_back({y, x});
    }
  }
  return places;
}

}  // namespace systol
