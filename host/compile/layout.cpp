#include "host/compile/layout.h"

#include <algorithm>
#include <optional>

namespace systol {
namespace {

/// Every shape in which a stored tensor is seen, and the borders that its readers need.
struct Seen {
  std::optional<Shape> shape;
  bool differs = false;
  Layout borders;

  void as(const Shape& other) {
    differs = differs || (shape && *shape != other);
    shape = other;
  }
  void need(const Window& window) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      borders.before[axis] =
          std::max(borders.before[axis], static_cast<std::uint64_t>(window.before[axis]));
      borders.after[axis] =
          std::max(borders.after[axis], static_cast<std::uint64_t>(window.after[axis]));
    }
  }
};

/// Whether the step takes rows of values one after another, so that an image with borders is not
/// for it.
bool needs_rows_together(const Graph& graph, const Step& step) {
  return step.kind == StepKind::Product || step.kind == StepKind::Softmax ||
         std::holds_alternative<Normalise>(graph.nodes[step.node].operation);
}

void see_inputs(const Graph& graph, const Step& step, std::vector<Seen>& seen) {
  const Node& node = graph.nodes[step.node];
  std::size_t source = 0;
  for (const TensorId input : node.inputs) {
    if (graph.constant(input) != nullptr) {
      continue;
    }
    Seen& tensor = seen[index_of(step.sources[source++])];
    tensor.as(graph.shape(input));
    tensor.differs = tensor.differs || needs_rows_together(graph, step);
    if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
      tensor.need(convolution->window);
    }
  }
  if (step.added) {
    seen[index_of(step.sources.back())].as(graph.shape(node.output));
  }
}

}  // namespace

std::vector<std::uint64_t> Layout::strides(const Shape& shape) const {
  if (bordered()) {
    return {row_bytes(), channels, 1};
  }
  std::vector<std::uint64_t> result(shape.size());
  std::uint64_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    result[i] = stride;
    stride *= static_cast<std::uint64_t>(shape[i]);
  }
  return result;
}

Layout dense_layout(const Shape& shape) {
  Layout layout;
  layout.channels = shape.empty() ? 1 : static_cast<std::uint64_t>(shape.back());
  layout.columns = elements(shape) / layout.channels;
  if (shape.size() == kImageRank) {
    layout.rows = static_cast<std::uint64_t>(shape[0]);
    layout.columns = static_cast<std::uint64_t>(shape[1]);
  }
  return layout;
}

Layout bordered_layout(const Shape& image, const Window& window) {
  Seen seen;
  seen.need(window);
  Layout layout = dense_layout(image);
  layout.before = seen.borders.before;
  layout.after = seen.borders.after;
  return layout;
}

Layout read_layout(const Layout& tensor, const Shape& image, const Window& window) {
  return tensor.bordered() ? tensor : bordered_layout(image, window);
}

std::vector<Layout> layouts_of(const Graph& graph, const Steps& steps) {
  std::vector<Seen> seen(graph.tensors.size());
  for (const Step& step : steps.steps) {
    see_inputs(graph, step, seen);
    Seen& output = seen[index_of(step.output)];
    output.as(graph.shape(graph.nodes[step.node].output));
    output.differs = output.differs || needs_rows_together(graph, step);
  }
  std::vector<Layout> layouts;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    layouts.push_back(dense_layout(seen[i].shape ? *seen[i].shape : graph.tensors[i].shape));
    if (seen[i].shape && seen[i].shape->size() == kImageRank && !seen[i].differs) {
      layouts.back().before = seen[i].borders.before;
      layouts.back().after = seen[i].borders.after;
    }
  }
  return layouts;
}

}  // namespace systol
