// From what a SCALE-Sim .cfg says to an array that runs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/scale_sim/config.h"
#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

/// Tiles of rows x columns bytes that the filter SRAM holds: at least one, at most what there is.
std::uint64_t fifo_tiles(const ScaleSimConfig& cfg) {
  const std::uint64_t tiles = cfg.filter_kib * 1024 / (std::uint64_t{cfg.rows} * cfg.columns);
  return std::clamp<std::uint64_t>(tiles, 1, isa::kLargestFifo);
}

/// An override of the base file, and where its value stands in the .cfg.
struct KeyChange {
  std::string text;
  std::string place;
};

std::vector<KeyChange> changes_of(const ScaleSimConfig& cfg) {
  const auto change = [&](std::string_view key, const auto& value, const std::string& place) {
    return KeyChange{fmt::format("{}={}", key, value), place};
  };
  return {
      change("name", '"' + cfg.name + '"', cfg.file),
      change("array.rows", cfg.rows, cfg.file),
      change("array.columns", cfg.columns, cfg.file),
      change("array.dataflow", long_name_of(cfg.dataflow), cfg.dataflow_place + ": Dataflow"),
      change("weight_fifo.tiles", fifo_tiles(cfg), cfg.file),
      change("unified_buffer.capacity", to_text(Bytes(1024 * (cfg.ifmap_kib + cfg.ofmap_kib))),
             cfg.ofmap_place + ": IfmapSramSzkB and OfmapSramSzkB together"),
  };
}

/// The base file with the changes, then the user's overrides. What a change makes wrong is reported
/// where the .cfg says it.
ArrayConfig load_over(const std::filesystem::path& base, const std::vector<KeyChange>& changes,
                      std::span<const std::string> overrides) {
  std::vector<std::string> all;
  std::ranges::transform(changes, std::back_inserter(all), &KeyChange::text);
  all.insert(all.end(), overrides.begin(), overrides.end());
  try {
    return load_array_config(base, all);
  } catch (const InputError& error) {
    const std::string_view message = error.what();
    for (const KeyChange& change : changes) {
      const std::string path = change.text.substr(0, change.text.find('='));
      const std::string prefix = fmt::format("{}: {}: ", change.text, path);
      if (message.starts_with(prefix)) {
        throw InputError(fmt::format("{}: {}", change.place, message.substr(prefix.size())));
      }
    }
    throw;
  }
}

BytesPerSecond bandwidth_at(std::uint64_t words_per_cycle, Hertz clock) {
  return BytesPerSecond(words_per_cycle * clock.count());
}

}  // namespace

ArrayConfig array_of(const ScaleSimConfig& cfg, const std::filesystem::path& base,
                     std::span<const std::string> overrides) {
  std::vector<KeyChange> changes = changes_of(cfg);
  ArrayConfig array = load_over(base, changes, overrides);
  if (!cfg.bandwidth) {
    return array;
  }
  // Words per cycle become bytes per second at the clock that the overrides have left.
  const auto [ifmap, filter, ofmap] = *cfg.bandwidth;
  const auto bandwidth = [&](std::string_view memory, std::uint64_t words) {
    changes.push_back(
        {fmt::format("memory.{}.bandwidth={}", memory, to_text(bandwidth_at(words, array.clock))),
         cfg.file + ": Bandwidth"});
  };
  bandwidth("filter_dram", filter);
  bandwidth("fmap_dram", ifmap + ofmap);
  return load_over(base, changes, overrides);
}

std::vector<std::string> notes_of(const ScaleSimConfig& cfg, const ArrayConfig& array) {
  std::vector<std::string> notes;
  notes.push_back(fmt::format(
      "{}: SCALE-Sim has no clock; times, energies and bandwidths are at {} (key clock)", cfg.file,
      to_text(array.clock)));
  if (fifo_tiles(cfg) * cfg.rows * cfg.columns != cfg.filter_kib * 1024) {
    notes.push_back(fmt::format(
        "{}: FilterSramSzkB is {} tiles of {}x{}; the weight FIFO has {} (1 to {} are possible)",
        cfg.file,
        static_cast<double>(cfg.filter_kib * 1024) /
            (static_cast<double>(cfg.rows) * static_cast<double>(cfg.columns)),
        cfg.rows, cfg.columns, array.weight_fifo_tiles, isa::kLargestFifo));
  }
  if (!cfg.ignored.empty()) {
    notes.push_back(fmt::format("{}: without a counterpart here, ignored: {}", cfg.file,
                                fmt::join(cfg.ignored, ", ")));
  }
  return notes;
}

}  // namespace systol
