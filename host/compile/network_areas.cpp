#include "host/compile/network_areas.h"

#include <algorithm>

#include "host/compile/band_needs.h"
#include "host/compile/placement.h"
#include "host/compile/regions.h"
#include "host/compile/step_limits.h"

namespace systol {
namespace {

constexpr std::uint64_t kWideBytes = 16'384;  ///< of int16 rows, where one row is not more

/// Finds room for a network: what does not fit goes through memory in bands.
class Placer {
 public:
  explicit Placer(Plan& plan)
      : plan_(plan),
        spilled_(plan.tensors.size(), false),
        needs_(plan, spilled_),
        live_(plan.steps.size()) {
    const std::uint64_t reserved = reserved_bytes(plan.config);
    capacity_ = std::max(plan.config.unified_buffer.count(), reserved) - reserved;
  }

  void run() {
    check_steps(plan_, capacity_);
    // With all of what is free the tensors' places may leave holes.
    while (!try_to_place(kAll) && !try_to_place(kMost)) {
      spill_one();
    }
  }

 private:
  static constexpr std::uint64_t kAll = 4;  ///< quarters
  static constexpr std::uint64_t kMost = 3;

  /// With bands in so many quarters of what is free.
  bool try_to_place(std::uint64_t quarters) {
    quarters_ = quarters;
    plan_.areas.clear();
    plan_.step_areas.clear();
    measure_live();
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      plan_.step_areas.push_back(areas_of(i));
    }
    const std::vector<Lifetime> items = all_items();
    if (std::ranges::max(bytes_by_step()) > capacity_) {
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

  std::vector<Lifetime> all_items() const {
    std::vector<Lifetime> items;
    for (std::size_t i = 0; i < plan_.tensors.size(); ++i) {
      if (!spilled_[i]) {
        items.push_back(plan_.tensors[i]);
        items.back().sample_bytes = plan_.places[i].layout.bytes();
      }
    }
    for (const BufferArea& area : plan_.areas) {
      items.push_back(area.lifetime);
    }
    return items;
  }

  /// Bytes of one sample's tensors in the buffer, step by step.
  void measure_live() {
    std::ranges::fill(live_, 0);
    for (std::size_t i = 0; i < plan_.tensors.size(); ++i) {
      const Lifetime& tensor = plan_.tensors[i];
      for (std::size_t step = tensor.first; step <= tensor.last && !spilled_[i]; ++step) {
        if (step < live_.size()) {
          live_[step] += plan_.places[i].layout.bytes();
        }
      }
    }
  }

  StepAreas areas_of(std::size_t i) {
    const Step& step = plan_.steps[i];
    const Node& node = plan_.graph->nodes[step.node];
    StepAreas areas;
    if (const std::uint64_t bytes = parameters_of(*plan_.graph, step).bytes; bytes > 0) {
      // Loaded during the step before.
      areas.parameters = add({{}, 0, i == 0 ? i : i - 1, i, bytes});
    }
    if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
      const Layout wanted =
          bordered_layout(plan_.graph->shape(node.inputs[0]), convolution->window);
      if (wanted.bordered() && !is_spilled(step.input()) &&
          !plan_.place_of(step.input()).layout.bordered()) {
        areas.bordered = add({{}, wanted.bytes(), i, i, 0});
      }
    }
    if (const auto* normalise = std::get_if<Normalise>(&node.operation)) {
      const std::uint64_t values = normalise->spatial ? step.rows : step.outputs;
      areas.wide = add({{}, 0, i, i, 2 * wide_rows(*plan_.graph, step) * values});
    }
    areas.bands = planned_bands(i);
    return areas;
  }

  std::size_t add(const Lifetime& lifetime) {
    plan_.areas.push_back({lifetime, 0});
    return plan_.areas.size() - 1;
  }

  bool is_spilled(TensorId tensor) const { return needs_.is_spilled(tensor); }

  std::optional<Bands> planned_bands(std::size_t i) {
    const Step& step = plan_.steps[i];
    const bool any = is_spilled(step.output) ||
                     std::ranges::any_of(step.sources, [&](TensorId t) { return is_spilled(t); });
    if (!any) {
      return std::nullopt;
    }
    const bool cut = can_be_cut(*plan_.graph, step);
    if (step.kind == StepKind::Matrix && cut) {
      if (std::optional<Bands> chosen = chosen_bands(i)) {
        return chosen;
      }
    }
    const std::uint64_t all = first_extent(*plan_.graph, step);
    Bands bands;
    bands.extent = cut ? needs_.extent_that_fits(step, free_bytes(i, kMost)) : all;
    bands.values = bands.extent * (std::uint64_t{step.rows} * step.outputs / all);
    // Two where one band can be loaded while the one before it is computed.
    const bool two = bands.extent < all && needs_.bytes(step, bands.extent) <= free_bytes(i, kAll);
    const std::uint32_t count = two ? 2 : 1;
    const auto sources = needs_.sources_of(step);
    for (std::size_t input = 0; input < sources.size(); ++input) {
      bands.inputs.emplace_back();
      if (sources[input] && is_spilled(*sources[input])) {
        bands.inputs.back() =
            areas_in_turn(i, needs_.input_bytes(step, input, bands.extent), count);
      }
    }
    if (is_spilled(step.output)) {
      bands.output = areas_in_turn(i, bands.values, count);
    }
    return bands;
  }

  /// The cheapest bands of a layer of the matrix unit; nothing where none fit.
  std::optional<Bands> chosen_bands(std::size_t i) {
    const Step& step = plan_.steps[i];
    const BandedLayer layer = needs_.layer(i);
    Bands bands;
    bands.single_pixels = needs_.loads_single_pixels(step);
    bands.candidates = band_candidates(layer, plan_.config, free_bytes(i, quarters_));
    if (bands.candidates.empty()) {
      return std::nullopt;
    }
    const BandShape& shape = bands.candidates.front().shape;
    bands.extent = shape.extent;
    bands.values = shape.extent * layer.matmul_rows * step.outputs;
    const bool whole_rows = shape.column_tiles == layer.tiling->column_tiles();
    bands.column_tiles = whole_rows ? 0 : shape.column_tiles;
    bands.inputs.resize(plan_.graph->nodes[step.node].inputs.size());
    if (is_spilled(step.input())) {
      bands.inputs[0] = areas_in_turn(i, layer.input_bytes(shape.extent), shape.input_areas);
    }
    if (layer.output_in_memory) {
      BandShape output = shape;
      output.input_areas = 0;
      output.output_areas = 1;
      bands.output = areas_in_turn(i, buffer_bytes(layer, output), shape.output_areas);
    }
    return bands;
  }

  std::array<std::size_t, 2> areas_in_turn(std::size_t i, std::uint64_t bytes,
                                           std::uint32_t count) {
    const std::size_t first = add({{}, 0, i, i, bytes});
    return {first, count == 1 ? first : add({{}, 0, i, i, bytes})};
  }

  /// So many quarters of what the step's tensors leave of the buffer.
  std::uint64_t free_bytes(std::size_t i, std::uint64_t quarters) const {
    return (capacity_ - std::min(capacity_, live_[i])) / 4 * quarters;
  }

  /// Of one sample's tensors and of the areas.
  std::vector<std::uint64_t> bytes_by_step() const {
    std::vector<std::uint64_t> bytes(plan_.steps.size());
    for (const Lifetime& item : all_items()) {
      for (std::size_t i = item.first; i <= item.last && i < bytes.size(); ++i) {
        bytes[i] += item.bytes(1);
      }
    }
    return bytes;
  }

  /// The largest tensor that exists in the fullest step goes to memory.
  void spill_one() {
    const std::vector<std::uint64_t> bytes = bytes_by_step();
    const auto step = static_cast<std::size_t>(std::ranges::max_element(bytes) - bytes.begin());
    std::optional<std::size_t> largest;
    for (std::size_t i = 0; i < plan_.tensors.size(); ++i) {
      const Lifetime& tensor = plan_.tensors[i];
      const bool exists = tensor.first <= step && step <= tensor.last && !spilled_[i] &&
                          !needs_.must_stay(tensor.tensor);
      if (exists && (!largest || tensor.sample_bytes > plan_.tensors[*largest].sample_bytes)) {
        largest = i;
      }
    }
    if (!largest) {
      refuse_step(plan_, plan_.steps[step], bytes[step], capacity_);
    }
    spilled_[*largest] = true;
    spill_ends_beside(plan_.tensors[*largest].tensor);
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
  std::vector<bool> spilled_;  ///< by tensor
  BandNeeds needs_;
  std::vector<std::uint64_t> live_;  ///< by step
};

}  // namespace

std::uint64_t wide_rows(const Graph& graph, const Step& step) {
  const bool spatial = std::get<Normalise>(graph.nodes[step.node].operation).spatial;
  const std::uint64_t rows = spatial ? step.outputs : step.rows;
  const std::uint64_t values = spatial ? step.rows : step.outputs;
  return std::clamp<std::uint64_t>(kWideBytes / (2 * values), 1, rows);
}

void place_network(Plan& plan) { Placer(plan).run(); }

}  // namespace systol
