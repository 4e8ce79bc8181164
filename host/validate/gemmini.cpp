#include "host/validate/gemmini.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>

#include "host/report/numbers.h"
#include "host/scale_sim/estimate.h"
#include "host/session/run.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr double kAllowed = 1.02;

ArrayConfig array_for(const GemminiLayer& layer, ArrayConfig array) {
  const std::uint64_t fifo = std::uint64_t{array.weight_fifo_tiles} * array.rows * array.columns;
  if (fifo >= layer.scratchpad_bytes) {
    throw InputError(fmt::format(
        "weight_fifo.tiles: {} tiles of {} bytes do not fit the {} bytes of scratchpad of {}",
        array.weight_fifo_tiles, array.rows * array.columns, layer.scratchpad_bytes, layer.name()));
  }
  array.accumulator_rows = layer.accumulator_rows;
  array.unified_buffer = Bytes(layer.scratchpad_bytes - fifo);
  return array;
}

GemminiResult result_of(const GemminiLayer& layer, const ArrayConfig& array) {
  FastEngine engine;
  engine.values = false;
  engine.search_hazards = false;
  const Prepared prepared = prepare(layer.graph(), synthetic_samples(layer.samples()));
  const RunReport report = run(prepared, array_for(layer, array), engine);
  return {layer, report.cycles, scale_sim_total(report)};
}

/// Between neighbours where the place is between two.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::string summary_line(const std::string& which, const RatioSummary& summary) {
  return fmt::format(
      "{} ({} layers): median {:.3f}, quartiles {:.3f} and {:.3f}, worst {:.3f}, {} slower by more "
      "than 2 %\n",
      which, summary.layers, summary.median, summary.lower_quartile, summary.upper_quartile,
      summary.worst, summary.slower);
}

nlohmann::ordered_json summary_json(const RatioSummary& summary) {
  return {{"layers", summary.layers},
          {"median", summary.median},
          {"lower_quartile", summary.lower_quartile},
          {"upper_quartile", summary.upper_quartile},
          {"worst", summary.worst},
          {"slower_by_more_than_2_percent", summary.slower}};
}

}  // namespace

std::vector<GemminiResult> run_gemmini_layers(const std::vector<GemminiLayer>& layers,
                                              const ArrayConfig& array, unsigned threads,
                                              const Progress& progress) {
  std::vector<GemminiResult> results(layers.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::exception_ptr error;
  std::mutex error_lock;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < layers.size(); i = next++) {
        results[i] = result_of(layers[i], array);
        if (progress) {
          const std::size_t finished = ++done;
          progress({"validating",
                    ProgressPosition{
                        finished, layers.size(), layers[i].name(), std::nullopt,
                        static_cast<double>(finished) / static_cast<double>(layers.size())}});
        }
      }
    } catch (...) {
      const std::lock_guard lock(error_lock);
      error = std::current_exception();
      next = layers.size();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) {
      others.emplace_back(work);
    }
    work();
  }
  if (error) {
    std::rethrow_exception(error);
  }
  if (progress) {
    progress({});
  }
  return results;
}

RatioSummary summary_of(const std::vector<GemminiResult>& results, Cycles least) {
  std::vector<double> ratios;
  for (const GemminiResult& result : results) {
    if (result.layer.better() > least) {
      ratios.push_back(result.ratio());
    }
  }
  RatioSummary summary;
  if (ratios.empty()) {
    return summary;
  }
  std::ranges::sort(ratios);
  summary.layers = ratios.size();
  summary.lower_quartile = quantile(ratios, 0.25);
  summary.median = quantile(ratios, 0.5);
  summary.upper_quartile = quantile(ratios, 0.75);
  summary.worst = ratios.back();
  summary.slower = static_cast<std::size_t>(
      std::ranges::count_if(ratios, [](double ratio) { return ratio > kAllowed; }));
  return summary;
}

std::string gemmini_text(const std::vector<GemminiResult>& results, std::size_t width) {
  constexpr std::array<std::string_view, 4> kLeast = {"scratchpad", "accumulator rows", "to own",
                                                      "to searched"};
  FittedTable table({"layer", "accumulator rows", "scratchpad", "our cycles", "searched tiling",
                     "own tiling", "to searched", "to own", "to the better"});
  for (const GemminiResult& result : results) {
    const GemminiLayer& layer = result.layer;
    table.add({layer.name(), grouped(layer.accumulator_rows), grouped(layer.scratchpad_bytes),
               grouped(result.cycles.count()), grouped(layer.searched.count()),
               grouped(layer.own.count()), fmt::format("{:.3f}", result.ratio_to(layer.searched)),
               fmt::format("{:.3f}", result.ratio_to(layer.own)),
               fmt::format("{:.3f}", result.ratio())});
  }
  return fmt::format("{}\nOur cycles to those of the better tiling:\n{}{}",
                     table.text(width, kLeast),
                     summary_line(fmt::format("above {} cycles", grouped(kShortLayer.count())),
                                  summary_of(results, kShortLayer)),
                     summary_line("all", summary_of(results, Cycles())));
}

nlohmann::ordered_json gemmini_json(const std::vector<GemminiResult>& results,
                                    const ArrayConfig& array) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const GemminiResult& result : results) {
    const GemminiLayer& layer = result.layer;
    layers.push_back({{"layer", layer.name()},
                      {"accumulator_rows", layer.accumulator_rows},
                      {"scratchpad_bytes", layer.scratchpad_bytes},
                      {"cycles", result.cycles.count()},
                      {"cycles_searched_tiling", layer.searched.count()},
                      {"cycles_own_tiling", layer.own.count()},
                      {"ratio_to_searched", result.ratio_to(layer.searched)},
                      {"ratio_to_own", result.ratio_to(layer.own)},
                      {"ratio_to_better", result.ratio()}});
  }
  return {{"schema_version", 1},
          {"suite", "gemmini"},
          {"array", array.name},
          {"layers", std::move(layers)},
          {"above_200000_cycles", summary_json(summary_of(results, kShortLayer))},
          {"all", summary_json(summary_of(results, Cycles()))}};
}

}  // namespace systol
