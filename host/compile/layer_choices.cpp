#include "host/compile/layer_choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "host/compile/band_needs.h"
#include "host/compile/channel.h"
#include "host/compile/regions.h"

namespace systol {
namespace {

std::string counted(std::uint64_t number, const char* thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

bool is_in(const std::vector<TensorId>& tensors, TensorId tensor) {
  return std::ranges::find(tensors, tensor) != tensors.end();
}

/// Of bands, which cost cost_of(shape) each: the chosen ones, and the cheapest of those that are no
/// cheaper, compute something else at a time, and do not only have more areas in turn.
template <class CostOf>
std::vector<LayerChoice> of_bands(const Bands& bands, std::uint64_t samples, CostOf&& cost_of) {
  std::vector<LayerChoice> choices;
  for (const BandShape& shape : bands.candidates) {
    const LayerChoice choice{shape.text(), cost_of(shape) * samples};
    if (choices.empty()) {
      choices.push_back(choice);
      continue;
    }
    const bool other = choice.text != choices[0].text && choice.cost >= choices[0].cost;
    if (other && (choices.size() == 1 || choice.cost < choices[1].cost)) {
      choices.erase(choices.begin() + 1, choices.end());
      choices.push_back(choice);
    }
  }
  return choices;
}

/// The costs on the plan's machine: what bands were chosen by may be another's.
std::vector<LayerChoice> of_bands(const Plan& plan, std::size_t i) {
  const Bands& bands = *plan.step_areas[i].bands;
  if (bands.candidates.empty()) {
    return {};
  }
  std::vector<bool> spilled;
  for (const Place& place : plan.places) {
    spilled.push_back(!place.buffer);
  }
  const std::vector<bool> streamed(plan.steps.size(), false);
  const BandNeeds needs(plan, spilled, streamed);
  if (plan.steps[i].kind != StepKind::Matrix) {
    return of_bands(bands, plan.batch, [&, matrix = needs.matrix(i)](const BandShape& shape) {
      return cost_of(matrix, shape, plan.config);
    });
  }
  return of_bands(bands, plan.batch,
                  [&, layer = needs.layer(i, bands.cut.axis)](const BandShape& shape) {
                    return cost_of(layer, shape, plan.config);
                  });
}

/// A chain's layer whose activations go through memory tile by tile: those of the input once for
/// each column tile.
Cycles streamed_cost(const Plan& plan, const Tiling& tiling) {
  const ArrayConfig& config = plan.config;
  const Channel activations = channel_of(config, isa::Space::Activations);
  const Channel channel = channel_of(config, isa::Space::Weights);
  const std::uint64_t samples = plan.batch;
  const std::uint64_t blocks = divided_up(samples, streamed_block_rows(config, plan.batch));
  const std::uint64_t columns = tiling.column_tiles();
  const std::uint64_t tiles = tiling.row_tiles() * columns;
  const auto rows = static_cast<double>(divided_up(samples, blocks));
  const double matmuls =
      static_cast<double>(blocks * tiles) *
      std::max({rows, static_cast<double>(config.rows), interval_of_tiles(tiling, config)});
  const double weights =
      channel.cycles_per_byte * static_cast<double>(blocks * tiling.inputs * tiling.outputs);
  const double load = activations.time(static_cast<double>(samples * tiling.inputs * columns),
                                       tiling.row_tiles() == 1 ? 0.0 : double(samples * tiles),
                                       config.dma_outstanding);
  const double store =
      activations.time(static_cast<double>(samples * tiling.outputs),
                       columns == 1 ? 0.0 : double(samples * columns), config.dma_outstanding);
  const double moved =
      share_a_memory(config) ? load + store + weights : std::max(load + store, weights);
  const double first = load / static_cast<double>(blocks * tiles) + activations.latency;
  const double last = store / static_cast<double>(blocks * columns) + activations.latency;
  return Cycles(static_cast<std::uint64_t>(
      std::ceil(std::max(matmuls + first + last, moved + activations.latency))));
}

/// A step of the matrix unit whose choice is not among bands.
class WholeLayer {
 public:
  WholeLayer(const Plan& plan, std::size_t i)
      : plan_(plan), i_(i), step_(plan.steps[i]), tiling_(plan.constants[i].tiling) {}

  std::vector<LayerChoice> choices() const { return plan_.chain ? of_chain() : of_network(); }

 private:
  std::vector<LayerChoice> of_chain() const {
    std::vector<LayerChoice> choices;
    if (plan_.resident()) {
      BandedLayer layer = ends(plan_.resident_rows);
      layer.extent = plan_.resident_rows;
      layer.matmul_rows = 1;
      choices.push_back({fmt::format("{} x {}", counted(layer.extent, "sample"),
                                     counted(tiling_.column_tiles(), "column tile")),
                         whole_cost(layer)});
    }
    if (const std::uint64_t rows = streamed_block_rows(plan_.config, plan_.batch); rows > 0) {
      choices.push_back(
          {counted(rows, "sample") + " x 1 tile, through memory", streamed_cost(plan_, tiling_)});
    }
    return choices;
  }

  std::vector<LayerChoice> of_network() const {
    BandedLayer layer = ends(plan_.resident_rows);
    layer.extent = first_extent(*plan_.graph, step_);
    layer.matmul_rows = step_.rows / layer.extent * plan_.resident_rows;
    const BandShape shape{layer.extent, tiling_.column_tiles(), 1, 1};
    const std::string samples =
        plan_.resident_rows == 1 ? "" : fmt::format(" x {} samples", plan_.resident_rows);
    std::vector<LayerChoice> choices{{shape.text() + samples, whole_cost(layer)}};
    if (const std::optional<LayerChoice> next = best_bands()) {
      choices.push_back(*next);
    }
    return choices;
  }

  /// Whole in the buffer: what of it is the network's is loaded and stored, as a whole.
  BandedLayer ends(std::uint64_t samples) const {
    BandedLayer layer;
    layer.tiling = &tiling_;
    layer.output_in_memory = is_in(plan_.outputs, step_.output);
    const bool input = is_in(plan_.graph->inputs, step_.input());
    const std::uint64_t bytes = plan_.place_of(step_.input()).sample_bytes * samples;
    layer.input_bytes =
        layer.input_traffic = [input, bytes](std::uint64_t) { return input ? bytes : 0; };
    return layer;
  }

  Cycles whole_cost(const BandedLayer& layer) const {
    const BandShape shape{layer.extent, tiling_.column_tiles(), 1, 1};
    return cost_of(layer, shape, plan_.config) * divided_up(plan_.batch, plan_.resident_rows);
  }

  /// The cheapest of all bands that the compiler could make: one sample is in the buffer then, and
  /// what comes from memory or goes there in any case does so in bands, too.
  std::optional<LayerChoice> best_bands() const {
    std::optional<LayerChoice> best;
    if (!can_be_cut(*plan_.graph, step_)) {
      return best;
    }
    using Ways = std::array<const char*, 4>;
    constexpr Ways kWays{"", "input through memory", "output through memory",
                         "input and output through memory"};
    const std::size_t ends = (is_in(plan_.graph->inputs, step_.input()) ? 1U : 0U) |
                             (is_in(plan_.outputs, step_.output) ? 2U : 0U);
    for (const std::size_t way : {1U, 2U, 3U}) {
      if ((way & ends) != ends) {
        continue;
      }
      const std::vector<BandCandidate> candidates = bands((way & 1U) != 0, (way & 2U) != 0);
      if (candidates.empty()) {
        continue;
      }
      const Cycles cost = candidates.front().cost * std::uint64_t{plan_.batch};
      if (!best || cost < best->cost) {
        best = {candidates.front().shape.text() + ", " + kWays[way], cost};
      }
    }
    return best;
  }

  std::vector<BandCandidate> bands(bool input, bool output) const {
    std::vector<bool> spilled(plan_.tensors.size(), false);
    const std::vector<bool> streamed(plan_.steps.size(), false);
    const BandNeeds needs(plan_, spilled, streamed);
    if ((input && needs.must_stay(step_.input())) || (output && needs.must_stay(step_.output))) {
      return {};
    }
    spilled[plan_.index_of(step_.input())] = input;
    spilled[plan_.index_of(step_.output)] = output;
    return band_candidates(needs.layer(i_, 0), plan_.config, free_bytes(spilled));
  }

  /// What all else that the step needs leaves of the buffer.
  std::uint64_t free_bytes(const std::vector<bool>& spilled) const {
    const auto exists = [&](const Lifetime& item) { return item.first <= i_ && i_ <= item.last; };
    std::uint64_t bytes = reserved_bytes(plan_.config);
    for (std::size_t t = 0; t < plan_.tensors.size(); ++t) {
      const bool there = plan_.places[t].buffer && !spilled[t] && exists(plan_.tensors[t]);
      bytes += there ? plan_.places[t].layout.bytes() : 0;
    }
    for (const BufferArea& area : plan_.areas) {
      bytes += exists(area.lifetime) ? area.lifetime.bytes(1) : 0;
    }
    const std::uint64_t capacity = plan_.config.unified_buffer.count();
    return capacity - std::min(capacity, bytes);
  }

  const Plan& plan_;
  std::size_t i_;
  const Step& step_;
  const Tiling& tiling_;
};

}  // namespace

std::vector<LayerChoice> layer_choices(const Plan& plan, std::size_t i) {
  if (!plan.chain && plan.step_areas[i].bands) {
    return of_bands(plan, i);
  }
  return plan.steps[i].kind == StepKind::Matrix ? WholeLayer(plan, i).choices()
                                                : std::vector<LayerChoice>{};
}

}  // namespace systol
