#include "host/compile/band_needs.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <set>

#include "host/compile/regions.h"

namespace systol {
namespace {

/// Of a region as it lies in the buffer: whose product is its bytes.
std::vector<std::uint64_t> extents_of(const Layout& layout, const Region& region) {
  if (region.size() == kImageRank) {
    return {layout.before[0] + layout.rows + layout.after[0],
            layout.before[1] + layout.columns + layout.after[1], layout.channels};
  }
  std::vector<std::uint64_t> extents;
  std::ranges::transform(region, std::back_inserter(extents), &Reach::count);
  return extents;
}

/// Whether bands of as many indices read regions of as many.
bool reads_evenly(const Operation& operation) {
  return !std::holds_alternative<Convolution>(operation) &&
         !std::holds_alternative<Pool>(operation) && !std::holds_alternative<Pad>(operation) &&
         !std::holds_alternative<Slice>(operation) && !std::holds_alternative<Concat>(operation);
}

}  // namespace

BandNeeds::BandNeeds(const Plan& plan, const std::vector<bool>& spilled,
                     const std::vector<bool>& streamed)
    : plan_(plan), spilled_(spilled), streamed_(streamed) {
  std::ranges::transform(plan.steps, std::back_inserter(ends_),
                         [this](const Step& step) { return find_ends(step); });
}

BandNeeds::Ends BandNeeds::find_ends(const Step& step) const {
  const Graph& graph = *plan_.graph;
  const Node& node = graph.nodes[step.node];
  Ends ends{{}, seen_shape(graph, step, node.output), operand_bytes(graph, step)};
  std::size_t next = 0;
  for (const TensorId input : node.inputs) {
    const bool constant = graph.constant(input) != nullptr;
    ends.sources.push_back(constant ? std::nullopt : std::optional(step.sources[next++]));
  }
  return ends;
}

bool BandNeeds::must_stay(TensorId tensor) const {
  const StatePlace* state = plan_.state_of(tensor);
  const bool apart = state != nullptr && state->blocks > 1;
  return std::ranges::find(plan_.states, tensor, &StatePlace::next) != plan_.states.end() ||
         (apart && std::ranges::any_of(plan_.steps, [&](const Step& step) {
            return std::ranges::count(step.sources, tensor) > 0 &&
                   works_on_rows(*plan_.graph, step);
          }));
}

bool BandNeeds::in_bands(const Step& step, std::size_t input) const {
  const std::optional<TensorId> source = sources_of(step)[input];
  return source ? is_spilled(*source)
                : streamed_[index_of(step)] && ends_of(step).operand_bytes > 0;
}

/// What lies apart in memory is read along the first axis only.
std::size_t BandNeeds::axes(const Step& step, bool in_parts) const {
  const bool apart = std::ranges::any_of(step.sources, [this](TensorId tensor) {
    const StatePlace* state = plan_.state_of(tensor);
    return state != nullptr && state->blocks > 1;
  });
  const std::size_t all = axes_to_cut(*plan_.graph, step);
  const std::size_t axes = all > 0 && step.softmax() && !in_parts ? all - 1 : all;
  return apart ? std::min<std::size_t>(axes, can_be_cut(*plan_.graph, step) ? 1 : 0) : axes;
}

/// Each axis of the output moves the region along one axis of the input, or along none: so that
/// what a cut of one axis makes of the region is independent of what that of another does.
BandNeeds::Regions BandNeeds::regions(const Step& step, std::size_t input,
                                      const BandCut& cut) const {
  Regions result;
  const bool pixels = input == 0 && loads_single_pixels(step, cut.axis);
  std::vector<std::uint64_t> largest;  // by the axes of the layout
  for (std::size_t axis = 0; axis <= cut.axis; ++axis) {
    const AxisRegions along =
        axis_regions(step, input, axis, axis == cut.axis ? cut.extent : 1, pixels);
    largest.resize(along.largest.size(), UINT64_MAX);
    std::ranges::transform(largest, along.largest, largest.begin(),
                           [](auto a, auto b) { return std::min(a, b); });
    const std::uint64_t all = along.all;
    result.sum =
        axis == 0 ? along.sum : result.sum / all * along.sum + result.sum % all * along.sum / all;
  }
  result.largest =
      std::accumulate(largest.begin(), largest.end(), std::uint64_t{1}, std::multiplies<>());
  return result;
}

BandNeeds::AxisRegions BandNeeds::axis_regions(const Step& step, std::size_t input,
                                               std::size_t axis, std::uint64_t extent,
                                               bool pixels) const {
  const Graph& graph = *plan_.graph;
  const Node& node = graph.nodes[step.node];
  const std::optional<TensorId> source = sources_of(step)[input];
  const Layout whole = source ? plan_.place_of(*source).layout : Layout{};
  const Shape& shape = output_shape(step);
  const auto end = static_cast<std::uint64_t>(shape[axis]);
  TensorPart part = whole_part(shape);
  AxisRegions result{{}, 0, elements(seen_shape(graph, step, node.inputs[input]))};
  for (std::uint64_t first = 0; first < end; first += extent) {
    part[axis] = {first, std::min(end, first + extent)};
    const Region region = region_read(graph, step, input, part);
    const Layout layout = pixels ? pixels_layout(graph, step, region)
                                 : region_layout(graph, step, input, whole, region);
    const std::vector<std::uint64_t> extents = extents_of(layout, region);
    result.largest.resize(extents.size());
    std::ranges::transform(extents, result.largest, result.largest.begin(),
                           [](auto a, auto b) { return std::max(a, b); });
    result.sum += layout.values();
    if (reads_evenly(node.operation)) {  // the others are alike, or less
      result.sum = result.sum == result.all ? result.all * divided_up(end, extent) : result.all;
      break;
    }
  }
  const auto* concat = std::get_if<Concat>(&node.operation);
  if (concat != nullptr && static_cast<std::size_t>(concat->axis) == axis &&
      plan_.differs(node.output)) {
    result.largest[axis] = std::max(result.largest[axis], most_of_joined(step, input, extent));
  }
  return result;
}

std::uint64_t BandNeeds::most_of_joined(const Step& step, std::size_t input,
                                        std::uint64_t extent) const {
  const Node& node = plan_.graph->nodes[step.node];
  const auto axis = static_cast<std::size_t>(std::get<Concat>(node.operation).axis);
  std::uint64_t most = 0;
  for (std::uint64_t sample = 0; sample < plan_.rows; ++sample) {
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < input; ++i) {
      before += plan_.extent_in(node.inputs[i], axis, sample);
    }
    const std::uint64_t all = plan_.extent_in(node.inputs[input], axis, sample);
    const std::uint64_t first = std::min(all, extent - before % extent);
    most = std::max({most, first, std::min(all - first, extent)});
  }
  return most;
}

const BandNeeds::Regions& BandNeeds::kept_regions(const Step& step, std::size_t input,
                                                  const BandCut& cut) const {
  const auto [found, fresh] = regions_.try_emplace({index_of(step), input, cut.axis, cut.extent});
  if (fresh) {
    found->second = regions(step, input, cut);
  }
  return found->second;
}

std::uint64_t BandNeeds::input_bytes(const Step& step, std::size_t input,
                                     const BandCut& cut) const {
  return kept_regions(step, input, cut).largest;
}

std::uint64_t BandNeeds::band_bytes(const Step& step, const BandCut& cut) const {
  const std::size_t inputs = plan_.graph->nodes[step.node].inputs.size();
  std::uint64_t bytes = 0;
  for (std::size_t input = 0; input < inputs; ++input) {
    bytes += in_bands(step, input) ? input_bytes(step, input, cut) : 0;
  }
  if (is_spilled(step.output)) {
    bytes += cut.extent * values_of_index(output_shape(step), cut.axis);
  }
  return bytes;
}

std::uint64_t BandNeeds::least_bytes(const Step& step, bool in_parts) const {
  const std::size_t cut = axes(step, in_parts);
  std::uint64_t bytes = parameters_of(*plan_.graph, step).bytes;
  bytes -= cut == 0 ? 0 : ends_of(step).operand_bytes;
  if (cut == 0) {
    std::set<TensorId> tensors(step.sources.begin(), step.sources.end());
    tensors.insert(step.output);
    for (const TensorId tensor : tensors) {
      bytes += plan_.place_of(tensor).layout.values();
    }
    return bytes;
  }
  if (step.kind == StepKind::Product && in_parts) {
    const MatrixInMemory matrix = this->matrix(index_of(step));
    return bytes + matrix.bytes(1, matrix.columns(1));
  }
  const bool columns = step.kind == StepKind::Matrix;
  return bytes + band_bytes(step, {cut - 1, 1}) - (columns ? step.outputs : 0);
}

MatrixInMemory BandNeeds::matrix(std::size_t i) const {
  const Step& step = plan_.steps[i];
  const Shape& shape = output_shape(step);
  MatrixInMemory matrix;
  matrix.rows = static_cast<std::uint64_t>(shape[shape.size() - 2]);
  matrix.matrices = parts_of(shape, {shape.size() - 2, matrix.rows});
  matrix.tiling = &plan_.constants[i].tiling;
  matrix.first = in_bands(step, 0);
  matrix.second = in_bands(step, 1);
  matrix.output = is_spilled(step.output);
  matrix.transposed = std::get<MatMul>(plan_.graph->nodes[step.node].operation).transposed;
  return matrix;
}

std::uint64_t BandNeeds::bytes(const Step& step, const BandCut& cut) const {
  return (parts_of(output_shape(step), cut) == 1 ? 1 : 2) * band_bytes(step, cut);
}

BandCut BandNeeds::cut_that_fits(const Step& step, std::size_t axis, std::uint64_t budget) const {
  const std::uint64_t together = indices_together(*plan_.graph, step, axis);
  std::uint64_t low = 1;
  std::uint64_t high = static_cast<std::uint64_t>(output_shape(step)[axis]);
  while (low < high) {
    const std::uint64_t middle = (low + high + 1) / 2;
    if (bytes(step, {axis, middle}) <= budget) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return {axis, low < together ? 1 : low / together * together};
}

bool BandNeeds::loads_single_pixels(const Step& step, std::size_t axis) const {
  if (axis > 0 || !is_spilled(step.input()) || !reads_single_pixels(*plan_.graph, step)) {
    return false;
  }
  const Shape& image = plan_.graph->shape(plan_.graph->nodes[step.node].inputs[0]);
  return single_pixels_are_faster(step.rows, static_cast<std::uint64_t>(image.back()),
                                  elements(image), plan_.config);
}

bool BandNeeds::keeps_image_rows(const Step& step) const {
  const Node& node = plan_.graph->nodes[step.node];
  const auto* convolution = std::get_if<Convolution>(&node.operation);
  if (convolution == nullptr) {
    return false;
  }
  const Window& window = convolution->window;
  const Shape& weights = plan_.graph->shape(node.inputs[1]);
  return weights[0] * weights[1] * window.stride[0] * window.stride[1] > 1;
}

BandedLayer BandNeeds::layer(std::size_t i, std::size_t axis) const {
  const Step& step = plan_.steps[i];
  const bool input = is_spilled(step.input());
  const Shape& shape = output_shape(step);
  BandedLayer layer;
  layer.axis = axis;
  layer.extent = static_cast<std::uint64_t>(shape[axis]);
  layer.repeats = parts_of(shape, {axis, layer.extent});
  layer.matmul_rows = step.rows / (layer.repeats * layer.extent);
  layer.together = axis == 0 && keeps_image_rows(step) ? layer.matmul_rows : 1;
  layer.tiling = &plan_.constants[i].tiling;
  layer.output_in_memory = is_spilled(step.output);
  layer.input_bytes = [this, &step, axis, input](std::uint64_t extent) {
    return input ? kept_regions(step, 0, {axis, extent}).largest : 0;
  };
  layer.input_traffic = [this, &step, axis, input](std::uint64_t extent) {
    return input ? kept_regions(step, 0, {axis, extent}).sum : 0;
  };
  return layer;
}

}  // namespace systol
