#include "host/compile/network_areas.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>

#include "host/compile/band_needs.h"
#include "host/compile/matrix_bands.h"
#include "host/compile/placement.h"
#include "host/compile/regions.h"
#include "host/compile/step_limits.h"
#include "host/compile/windowed_image.h"

namespace systol {
namespace {

constexpr std::uint64_t kWideBytes = 16'384;  ///< of int16 rows, where one row is not more

/// Finds room for a network: what does not fit goes through memory in bands.
class Placer {
 public:
  explicit Placer(Plan& plan)
      : plan_(plan),
        spilled_(plan.tensors.size(), false),
        deep_(plan.steps.size(), false),
        streamed_(plan.steps.size(), false),
        in_parts_(plan.steps.size(), false),
        needs_(plan, spilled_, streamed_),
        matrix_bands_(plan, needs_),
        live_(plan.steps.size()) {
    const std::uint64_t reserved = reserved_bytes(plan.config);
    capacity_ = std::max(plan.config.unified_buffer.count(), reserved) - reserved;
  }

  void run() {
    check_steps(plan_, capacity_);
    find_parts();
    // With all of what is free the tensors' places may leave holes.
    while (!try_to_place(kAll) && !try_to_place(kMost) && !try_to_place(kHalf) &&
           !try_to_place(kLittle)) {
      take_less();
    }
  }

 private:
  static constexpr std::uint64_t kAll = 4;  ///< quarters
  static constexpr std::uint64_t kMost = 3;
  static constexpr std::uint64_t kHalf = 2;
  static constexpr std::uint64_t kLittle = 1;

  /// What fits in no other way is cut further than its rows and matrices.
  void find_parts() {
    const std::vector<bool> spilled(plan_.tensors.size(), true);
    const std::vector<bool> streamed(plan_.steps.size(), true);
    const BandNeeds least(plan_, spilled, streamed);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      in_parts_[i] = least.least_bytes(plan_.steps[i], false) > capacity_;
    }
  }

  /// With bands in so many quarters of what is free.
  bool try_to_place(std::uint64_t quarters) {
    quarters_ = quarters;
    plan_.areas.clear();
    plan_.step_areas.clear();
    live_ = bytes_by_step(tensors_there(), plan_.steps.size(), 1);
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      plan_.step_areas.push_back(areas_of(i));
    }
    const std::vector<Lifetime> items = all_items();
    if (std::ranges::max(bytes_by_step(items, plan_.steps.size(), 1)) > capacity_) {
      return false;
    }
    const bool spills = std::ranges::count(spilled_, true) > 0;
    plan_.resident_rows = rows_that_fit(items, capacity_, spills ? 1 : plan_.batch);
    if (!plan_.resident()) {
      return false;
    }
    const std::vector<std::uint64_t> offsets = *place(items, plan_.resident_rows, capacity_);
    std::size_t next = 0;
    for (std::size_t i = 0; i < plan_.places.size(); ++i) {
      plan_.places[i].buffer = spilled_[i] ? std::nullopt : std::optional(offsets[next++]);
    }
    for (BufferArea& area : plan_.areas) {
      area.buffer = offsets[next++];
    }
    return true;
  }

  /// Of the tensors that are in the buffer.
  std::vector<Lifetime> tensors_there() const {
    std::vector<Lifetime> tensors;
    for (std::size_t i = 0; i < plan_.tensors.size(); ++i) {
      if (!spilled_[i]) {
        tensors.push_back(plan_.tensors[i]);
        tensors.back().sample_bytes = plan_.places[i].layout.bytes();
      }
    }
    return tensors;
  }

  std::vector<Lifetime> all_items() const {
    std::vector<Lifetime> items = tensors_there();
    std::ranges::transform(plan_.areas, std::back_inserter(items), &BufferArea::lifetime);
    return items;
  }

  StepAreas areas_of(std::size_t i) {
    const Step& step = plan_.steps[i];
    const Node& node = plan_.graph->nodes[step.node];
    StepAreas areas;
    areas.parameters_first = streamed_[i] ? operand_bytes(*plan_.graph, step) : 0;
    if (const std::uint64_t bytes = loaded_parameters(i); bytes > 0) {
      // Loaded during the step before.
      areas.parameters = add({{}, 0, i == 0 ? i : i - 1, i, bytes});
    }
    if (std::holds_alternative<Convolution>(node.operation)) {
      const Layout wanted = copied_layout(plan_, step);
      if (wanted.bordered() && !is_spilled(step.input()) &&
          !plan_.place_of(step.input()).layout.bordered()) {
        areas.bordered = add({{}, wanted.bytes(), i, i, 0});
      }
    }
    if (const std::uint64_t bytes = wide_bytes(*plan_.graph, step); bytes > 0) {
      areas.wide = add({{}, 0, i, i, bytes});
    }
    areas.bands = planned_bands(i);
    return areas;
  }

  /// Bytes of the step's constants that are loaded as a whole.
  std::uint64_t loaded_parameters(std::size_t i) const {
    const Step& step = plan_.steps[i];
    return parameters_of(*plan_.graph, step).bytes -
           (streamed_[i] ? operand_bytes(*plan_.graph, step) : 0);
  }

  std::size_t add(const Lifetime& lifetime) {
    plan_.areas.push_back({lifetime, 0});
    return plan_.areas.size() - 1;
  }

  bool is_spilled(TensorId tensor) const { return needs_.is_spilled(tensor); }

  std::optional<Bands> planned_bands(std::size_t i) {
    const Step& step = plan_.steps[i];
    const bool any = is_spilled(step.output) || streamed_[i] ||
                     std::ranges::any_of(step.sources, [&](TensorId t) { return is_spilled(t); });
    if (!any) {
      return std::nullopt;
    }
    for (std::size_t axis = 0; step.kind == StepKind::Matrix && axis < axes(i); ++axis) {
      if (std::optional<Bands> best =
              matrix_bands_.best(i, axis, free_bytes(i, quarters_), plan_.areas)) {
        return best;
      }
    }
    const Shape shape = seen_shape(*plan_.graph, step, plan_.graph->nodes[step.node].output);
    Bands bands;
    bands.cut = cut_of(i, shape);
    if (step.kind == StepKind::Product && deep_[i] && in_parts_[i] &&
        needs_.band_bytes(step, bands.cut) > free_bytes(i, kAll)) {
      if (std::optional<Bands> columns = product_bands(i, shape)) {
        return columns;
      }
    }
    bands.values = bands.cut.extent * values_of_index(shape, bands.cut.axis);
    bands.single_pixels = needs_.loads_single_pixels(step, bands.cut.axis);
    // Two where one band can be loaded while the one before it is computed.
    const bool two =
        parts_of(shape, bands.cut) > 1 && needs_.bytes(step, bands.cut) <= free_bytes(i, kAll);
    const std::uint32_t count = two ? 2 : 1;
    const std::size_t inputs = plan_.graph->nodes[step.node].inputs.size();
    for (std::size_t input = 0; input < inputs; ++input) {
      bands.inputs.emplace_back();
      if (needs_.in_bands(step, input)) {
        bands.inputs.back() =
            add_areas_in_turn(plan_.areas, i, needs_.input_bytes(step, input, bands.cut), count);
      }
    }
    if (is_spilled(step.output)) {
      bands.output = add_areas_in_turn(plan_.areas, i, bands.values, count);
    }
    return bands;
  }

  /// Some rows of a matrix at a time, and of those some columns; nothing where none fit.
  std::optional<Bands> product_bands(std::size_t i, const Shape& output) {
    const MatrixInMemory matrix = needs_.matrix(i);
    Bands bands;
    for (const BandCandidate& candidate :
         product_candidates(matrix, plan_.config, free_bytes(i, quarters_))) {
      bands.candidates.push_back(candidate.shape);
    }
    if (bands.candidates.empty()) {
      return std::nullopt;
    }
    const BandShape& shape = bands.candidates.front();
    const std::uint64_t columns = matrix.columns(shape.column_tiles);
    bands.cut = {output.size() - 2, shape.extent};
    bands.values = shape.extent * matrix.tiling->outputs;
    bands.column_tiles = shape.column_tiles;
    bands.inputs.resize(2);
    if (matrix.first) {
      bands.inputs[0] = add_areas_in_turn(plan_.areas, i, shape.extent * matrix.tiling->inputs,
                                          shape.input_areas);
    }
    if (matrix.second) {
      bands.inputs[1] =
          add_areas_in_turn(plan_.areas, i, columns * matrix.tiling->inputs, shape.input_areas);
    }
    if (matrix.output) {
      bands.output = add_areas_in_turn(plan_.areas, i, shape.extent * columns, shape.output_areas);
    }
    return bands;
  }

  /// Along how many axes a step is cut: the first where that lets steps overlap, all where nothing
  /// else that it needs can go to memory.
  std::size_t axes(std::size_t i) const {
    const Step& step = plan_.steps[i];
    const std::size_t first = can_be_cut(*plan_.graph, step) ? 1 : 0;
    return deep_[i] ? std::max(first, needs_.axes(step, in_parts_[i])) : first;
  }

  /// Along the first axis whose bands fit, or the last; a step that is not cut is one band.
  BandCut cut_of(std::size_t i, const Shape& shape) const {
    BandCut cut{0, static_cast<std::uint64_t>(shape[0])};
    for (std::size_t axis = 0; axis < axes(i); ++axis) {
      const bool parts = plan_.steps[i].softmax() && axis + 1 == shape.size();
      if (parts && needs_.band_bytes(plan_.steps[i], cut) <= free_bytes(i, kAll)) {
        break;  // whole rows, as long as one fits
      }
      cut = needs_.cut_that_fits(plan_.steps[i], axis, free_bytes(i, kMost));
      if (needs_.bytes(plan_.steps[i], cut) <= free_bytes(i, kMost)) {
        break;
      }
    }
    return cut;
  }

  /// So many quarters of what the step's tensors leave of the buffer; where all that can goes
  /// through memory, of what its other areas leave, too.
  std::uint64_t free_bytes(std::size_t i, std::uint64_t quarters) const {
    std::uint64_t taken = live_[i];
    // The last of them: those before are of earlier steps.
    for (auto area = plan_.areas.rbegin();
         deep_[i] && area != plan_.areas.rend() && area->lifetime.last >= i; ++area) {
      taken += area->lifetime.bytes(1);
    }
    taken += deep_[i] && i + 1 < deep_.size() ? loaded_parameters(i + 1) : 0;
    return (capacity_ - std::min(capacity_, taken)) / 4 * quarters;
  }

  /// The fullest step that can takes less of the buffer.
  void take_less() {
    const std::vector<std::uint64_t> bytes = bytes_by_step(all_items(), plan_.steps.size(), 1);
    std::vector<std::size_t> steps(bytes.size());
    std::iota(steps.begin(), steps.end(), std::size_t{0});
    std::ranges::stable_sort(steps, std::greater<>(), [&](std::size_t i) { return bytes[i]; });
    const bool done = std::ranges::any_of(
        steps, [this](std::size_t step) { return spill_one(step) || cut_deeper(step); });
    if (!done && !release_states() && !cut_into_parts(steps)) {
      refuse_step(plan_, plan_.steps[steps.front()], bytes[steps.front()], capacity_);
    }
  }

  /// States' next values are stored once nothing needs them, or what they replace, any more.
  bool release_states() {
    bool any = false;
    for (const StatePlace& state : plan_.states) {
      Lifetime& next = plan_.tensors[plan_.index_of(state.next)];
      const std::size_t last = last_need(plan_, state);
      any = any || last < next.last;
      next.last = last;
    }
    return any;
  }

  /// The first of the steps that can be is cut further than its rows and matrices.
  bool cut_into_parts(const std::vector<std::size_t>& steps) {
    const auto found = std::ranges::find_if(steps, [this](std::size_t i) {
      const Step& step = plan_.steps[i];
      return !in_parts_[i] && (step.softmax() || step.kind == StepKind::Product);
    });
    if (found != steps.end()) {
      in_parts_[*found] = true;
    }
    return found != steps.end();
  }

  /// Along more axes than the first; then with its constant operands in bands, too.
  bool cut_deeper(std::size_t i) {
    const std::size_t axes = needs_.axes(plan_.steps[i], in_parts_[i]);
    if (!deep_[i] && axes > 0) {
      deep_[i] = true;
      return true;
    }
    const bool more = !streamed_[i] && axes > 0 && operand_bytes(*plan_.graph, plan_.steps[i]) > 0;
    streamed_[i] = streamed_[i] || more;
    return more;
  }

  /// The largest tensor that exists in the step goes to memory.
  bool spill_one(std::size_t step) {
    std::optional<std::size_t> largest;
    for (std::size_t i = 0; i < plan_.tensors.size(); ++i) {
      const Lifetime& tensor = plan_.tensors[i];
      const bool exists = tensor.first <= step && step <= tensor.last && !spilled_[i] &&
                          !needs_.must_stay(tensor.tensor);
      if (exists && (!largest || tensor.sample_bytes > plan_.tensors[*largest].sample_bytes)) {
        largest = i;
      }
    }
    if (largest) {
      spilled_[*largest] = true;
      spill_ends_beside(plan_.tensors[*largest].tensor);
    }
    return largest.has_value();
  }

  /// What goes to memory in any case, as it is the network's input or output, costs no more when it
  /// goes there in bands, too: of the layers that read or compute `tensor`.
  void spill_ends_beside(TensorId tensor) {
    for (const Step& step : plan_.steps) {
      const bool beside = step.kind == StepKind::Matrix && can_be_cut(*plan_.graph, step) &&
                          (step.output == tensor || step.input() == tensor);
      for (const TensorId end : {step.input(), step.output}) {
        if (beside && is_end_of_one_step(end) && !needs_.must_stay(end)) {
          spilled_[plan_.index_of(end)] = true;
        }
      }
    }
  }

  /// An input that one step reads, or an output that none does.
  bool is_end_of_one_step(TensorId tensor) const {
    const auto uses = std::ranges::count_if(plan_.steps, [&](const Step& step) {
      return step.output == tensor || std::ranges::count(step.sources, tensor) > 0;
    });
    const auto is_in = [&](const std::vector<TensorId>& ends) {
      return std::ranges::find(ends, tensor) != ends.end();
    };
    return uses == 1 && (is_in(plan_.graph->inputs) || is_in(plan_.outputs));
  }

  Plan& plan_;
  std::uint64_t capacity_ = 0;
  std::uint64_t quarters_ = kAll;
  std::vector<bool> spilled_;   ///< by tensor
  std::vector<bool> deep_;      ///< by step: cut along all axes that it can be cut along
  std::vector<bool> streamed_;  ///< by step: its constant operands come in bands
  std::vector<bool> in_parts_;  ///< by step: a softmax's rows and a product's matrices may be cut
  BandNeeds needs_;
  MatrixBands matrix_bands_;
  std::vector<std::uint64_t> live_;  ///< by step: bytes of one sample's tensors in the buffer
};

}  // namespace

std::uint64_t wide_rows(const Graph& graph, const Step& step) {
  const bool spatial = std::get<Normalise>(graph.nodes[step.node].operation).spatial;
  const std::uint64_t rows = spatial ? step.outputs : step.rows;
  const std::uint64_t values = spatial ? step.rows : step.outputs;
  return std::clamp<std::uint64_t>(kWideBytes / (2 * values), 1, rows);
}

std::uint64_t wide_bytes(const Graph& graph, const Step& step) {
  const auto* normalise = std::get_if<Normalise>(&graph.nodes[step.node].operation);
  if (normalise == nullptr) {
    return 0;
  }
  return 2 * wide_rows(graph, step) * (normalise->spatial ? step.rows : step.outputs);
}

void place_network(Plan& plan) { Placer(plan).run(); }

}  // namespace systol
