#include "host/reference/place_pairs.h"

#include <stdexcept>

namespace systol {
namespace {

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) {
    strides[i - 1] = strides[i] * shape[i];
  }
  return strides;
}

/// The strides that repeat a tensor over a `wider` one: 0 where its extent is 1 or missing.
std::vector<std::int64_t> repeated(const Shape& shape, const Shape& wider) {
  const std::vector<std::int64_t> strides = strides_of(shape);
  std::vector<std::int64_t> result(wider.size(), 0);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    result[wider.size() - shape.size() + i] = shape[i] == 1 ? 0 : strides[i];
  }
  return result;
}

/// From the first input of a node to its output.
struct Move {
  const Shape& input;
  const Shape& output;

  PlacePairs operator()(const Slice& slice) const {
    PlacePairs pairs{output, strides_of(input), strides_of(output)};
    for (std::size_t i = 0; i < input.size(); ++i) {
      pairs.a_base += slice.starts[i] * pairs.a[i];
      pairs.a[i] *= slice.steps[i];
    }
    return pairs;
  }

  PlacePairs operator()(const Transpose& transpose) const {
    const std::vector<std::int64_t> strides = strides_of(input);
    PlacePairs pairs{output, {}, strides_of(output)};
    for (const std::int64_t axis : transpose.permutation) {
      pairs.a.push_back(strides[static_cast<std::size_t>(axis)]);
    }
    return pairs;
  }

  PlacePairs operator()(const Pad& pad) const {
    PlacePairs pairs{input, strides_of(input), strides_of(output)};
    for (std::size_t i = 0; i < input.size(); ++i) {
      pairs.b_base += pad.before[i] * pairs.b[i];
      pairs.b[i] *= 1 + pad.between[i];
    }
    return pairs;
  }

  /// Each axis is two: its values, and the times that each is there.
  PlacePairs operator()(const Repeat& repeat) const {
    const std::vector<std::int64_t> from = strides_of(input);
    const std::vector<std::int64_t> to = strides_of(output);
    PlacePairs pairs;
    for (std::size_t i = 0; i < input.size(); ++i) {
      pairs.extents.insert(pairs.extents.end(), {input[i], repeat.factors[i]});
      pairs.a.insert(pairs.a.end(), {from[i], 0});
      pairs.b.insert(pairs.b.end(), {to[i] * repeat.factors[i], to[i]});
    }
    return pairs;
  }

  template <class Other>
  PlacePairs operator()(const Other&) const {
    throw std::invalid_argument("moves_of: the node moves nothing");
  }
};

std::vector<PlacePairs> moves_of(const Graph& graph, const Node& node, const Concat& concat) {
  const auto axis = static_cast<std::size_t>(concat.axis);
  const std::vector<std::int64_t> to = strides_of(graph.shape(node.output));
  std::vector<PlacePairs> result;
  std::int64_t start = 0;
  for (const TensorId input : node.inputs) {
    const Shape& shape = graph.shape(input);
    result.push_back(merged({shape, strides_of(shape), to, 0, start * to[axis]}));
    start += shape[axis];
  }
  return result;
}

}  // namespace

PlacePairs merged(const PlacePairs& pairs) {
  PlacePairs result{{}, {}, {}, pairs.a_base, pairs.b_base};
  for (std::size_t i = 0; i < pairs.extents.size(); ++i) {
    const std::int64_t extent = pairs.extents[i];
    if (extent == 1) {
      continue;
    }
    const bool joins = !result.extents.empty() && result.a.back() == pairs.a[i] * extent &&
                       result.b.back() == pairs.b[i] * extent;
    if (!joins) {
      result.extents.push_back(1);
      result.a.push_back(0);
      result.b.push_back(0);
    }
    result.extents.back() *= extent;
    result.a.back() = pairs.a[i];
    result.b.back() = pairs.b[i];
  }
  if (result.extents.empty()) {
    return {{1}, {0}, {0}, pairs.a_base, pairs.b_base};
  }
  return result;
}

std::vector<PlacePairs> moves_of(const Graph& graph, const Node& node) {
  if (const auto* concat = std::get_if<Concat>(&node.operation)) {
    return moves_of(graph, node, *concat);
  }
  const Move move{graph.shape(node.inputs.front()), graph.shape(node.output)};
  return {merged(std::visit(move, node.operation))};
}

PlacePairs operands_of(const Graph& graph, const Node& node) {
  const Shape& output = graph.shape(node.output);
  return merged({output, repeated(graph.shape(node.inputs[0]), output),
                 repeated(graph.shape(node.inputs[1]), output)});
}

}  // namespace systol
