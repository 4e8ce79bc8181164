#include "host/compile/network_areas.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/compile/placement.h"
#include "host/compile/regions.h"
#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kWideBytes = 16'384;  ///< of int16 rows, where one row is not more

/// Finds room for a network: what does not fit goes through memory in bands.
class Placer {
 public:
  explicit Placer(Plan& plan)
      : plan_(plan), spilled_(plan.tensors.size(), false), live_(plan.steps.size()) {
    const std::uint64_t reserved = reserved_bytes(plan.config);
    capacity_ = std::max(plan.config.unified_buffer.count(), reserved) - reserved;
  }

  void run() {
    for (const Step& step : plan_.steps) {
      check_dataflow(step);
    }
    while (!try_to_place()) {
      spill_one();
    }
  }

 private:
  /// The sums of an input-stationary array have a row for each output, so that a product's second
  /// operand would have to come column by column.
  void check_dataflow(const Step& step) const {
    if (step.kind == StepKind::Product && plan_.config.dataflow == Dataflow::InputStationary) {
      throw InputError(fmt::format(
          "{}: an input-stationary array multiplies by constants only; use array.dataflow "
          "weight_stationary or output_stationary",
          place_of(*plan_.graph, plan_.graph->nodes[step.node])));
    }
  }

  bool try_to_place() {
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

  bool is_spilled(TensorId tensor) const { return spilled_[plan_.index_of(tensor)]; }

  /// The stored tensor of each of the node's inputs; nothing for constants.
  std::vector<std::optional<TensorId>> sources_of(const Step& step) const {
    std::vector<std::optional<TensorId>> sources;
    std::size_t next = 0;
    for (const TensorId input : plan_.graph->nodes[step.node].inputs) {
      const bool constant = plan_.graph->constant(input) != nullptr;
      sources.push_back(constant ? std::nullopt : std::optional(step.sources[next++]));
    }
    return sources;
  }

  std::optional<Bands> planned_bands(std::size_t i) {
    const Step& step = plan_.steps[i];
    const bool any = is_spilled(step.output) ||
                     std::ranges::any_of(step.sources, [&](TensorId t) { return is_spilled(t); });
    if (!any) {
      return std::nullopt;
    }
    const std::uint64_t all = first_extent(*plan_.graph, step);
    Bands bands;
    bands.extent = can_be_cut(*plan_.graph, step) ? extent_that_fits(i, all) : all;
    bands.values = bands.extent * (std::uint64_t{step.rows} * step.outputs / all);
    const std::size_t turns = two_bands_fit(i, bands.extent, all) ? 2 : 1;
    const auto slots = [&](std::uint64_t bytes) {
      const std::size_t first = add({{}, 0, i, i, bytes});
      return std::array{first, turns == 1 ? first : add({{}, 0, i, i, bytes})};
    };
    const auto sources = sources_of(step);
    for (std::size_t input = 0; input < sources.size(); ++input) {
      bands.inputs.emplace_back();
      if (sources[input] && is_spilled(*sources[input])) {
        bands.inputs.back() = slots(input_bytes(step, input, *sources[input], bands.extent, all));
      }
    }
    if (is_spilled(step.output)) {
      bands.output = slots(bands.values);
    }
    return bands;
  }

  /// Whether one band can be loaded while the one before it is computed.
  bool two_bands_fit(std::size_t i, std::uint64_t extent, std::uint64_t all) const {
    return extent < all && band_bytes(i, extent, all) <= capacity_ - std::min(capacity_, live_[i]);
  }

  /// Of the largest region that a band reads.
  std::uint64_t input_bytes(const Step& step, std::size_t input, TensorId tensor,
                            std::uint64_t extent, std::uint64_t all) const {
    std::uint64_t most = 0;
    for (std::uint64_t first = 0; first < all; first += extent) {
      const Region region =
          region_read(*plan_.graph, step, input, first, std::min(all, first + extent));
      most = std::max(
          most,
          region_layout(*plan_.graph, step, input, plan_.place_of(tensor).layout, region).bytes());
    }
    return most;
  }

  /// The most indices of the first axis whose bands, twice each, take most of what is free.
  std::uint64_t extent_that_fits(std::size_t i, std::uint64_t all) const {
    const std::uint64_t free = capacity_ - std::min(capacity_, live_[i]);
    const std::uint64_t budget = free / 4 * 3;
    std::uint64_t low = 1;
    std::uint64_t high = all;
    while (low < high) {
      const std::uint64_t middle = (low + high + 1) / 2;
      if (band_bytes(i, middle, all) <= budget) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  std::uint64_t band_bytes(std::size_t i, std::uint64_t extent, std::uint64_t all) const {
    const Step& step = plan_.steps[i];
    const auto sources = sources_of(step);
    std::uint64_t bytes = 0;
    for (std::size_t input = 0; input < sources.size(); ++input) {
      if (sources[input] && is_spilled(*sources[input])) {
        bytes += input_bytes(step, input, *sources[input], extent, all);
      }
    }
    if (is_spilled(step.output)) {
      bytes += extent * (std::uint64_t{step.rows} * step.outputs / all);
    }
    return extent == all ? bytes : 2 * bytes;
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
      const bool exists = tensor.first <= step && step <= tensor.last && !spilled_[i];
      if (exists && (!largest || tensor.sample_bytes > plan_.tensors[*largest].sample_bytes)) {
        largest = i;
      }
    }
    if (!largest) {
      throw InputError(fmt::format(
          "{}: node '{}' needs {} bytes of the unified buffer at a time, and {} are free; raise "
          "unified_buffer.capacity",
          plan_.graph->place(), plan_.steps[step].name, bytes[step], capacity_));
    }
    spilled_[*largest] = true;
  }

  Plan& plan_;
  std::uint64_t capacity_ = 0;
  std::vector<bool> spilled_;        ///< by tensor
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
