#include "sim/config/array_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"
#include "sim/config/dram_file.h"
#include "sim/config/minimum_buffer.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 1> kLaterPeTypes = {"int16"};

constexpr std::size_t kLongestName = 64;

constexpr std::uint32_t kDefaultFifo = 4;
constexpr std::uint32_t kDefaultAccumulators = 512;
constexpr std::uint32_t kDefaultQueue = 16;
constexpr std::uint32_t kDefaultOutstanding = 8;

constexpr Hertz kSlowestClock(1'000);
constexpr Hertz kFastestClock(10'000'000'000);
constexpr Millivolts kLowestVoltage(100);
constexpr Millivolts kHighestVoltage(5'000);
constexpr std::size_t kMostOperatingPoints = 64;
constexpr Bytes kSmallestBuffer(1024);
constexpr std::uint32_t kMostSlices = 1024;
constexpr Bytes kSmallestMemory(1024);
constexpr Bytes kLargestMemory(std::uint64_t{1} << 46);
constexpr BytesPerSecond kLowestBandwidth(1'000);
constexpr BytesPerSecond kHighestBandwidth(100'000'000'000'000);
constexpr Picoseconds kLongestLatency(1'000'000'000);

std::uint32_t size(const YamlNode& node, std::uint32_t maximum) {
  return static_cast<std::uint32_t>(node.integer(1, maximum));
}

/// The one size in a map of one optional key, such as `dma: {outstanding: 8}`.
std::uint32_t single_size(const YamlMap& top, std::string_view unit, std::string_view key,
                          std::uint32_t maximum, std::uint32_t otherwise) {
  const std::optional<YamlNode> node = top.optional(unit);
  const std::optional<YamlNode> value = node ? node->map({key}).optional(key) : std::nullopt;
  return value ? size(*value, maximum) : otherwise;
}

/// Refuses by name what the machine is meant to have and does not have today.
std::size_t available_choice(const YamlNode& node, std::span<const std::string_view> now,
                             std::span<const std::string_view> later) {
  const std::string text = node.text();
  if (std::find(later.begin(), later.end(), text) != later.end()) {
    node.fail(fmt::format("found {}, which the machine does not have yet; allowed: {}",
                          in_quotes(text), join_names(now)));
  }
  return node.choice(now);
}

void check_name(const std::string& name, const YamlNode& node, bool at_key) {
  const bool plain =
      name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [at_key](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || (!at_key && (c == '-' || c == '.'));
      });
  if (plain && !name.empty()) {
    return;
  }
  const std::string message =
      fmt::format("found the name {}, allowed: at most {} letters, digits and {}", in_quotes(name),
                  kLongestName, at_key ? "'_'" : "'_', '-', '.'");
  at_key ? node.fail_at_key(message) : node.fail(message);
}

void read_tile_use(const YamlNode& node, ArrayConfig& config) {
  config.tile_use = static_cast<TileUse>(node.choice(kTileUseNames));
  if (config.tile_use == TileUse::Whole && config.dataflow == Dataflow::OutputStationary) {
    node.fail(
        "found 'whole', but an output-stationary array shifts no tile into its PEs; allowed: "
        "wave");
  }
}

/// Weights with their indices stay in the PEs, and two rows of these share a group of activations.
void check_sparse(const YamlNode& pe, const ArrayConfig& config) {
  const std::string_view name = isa::describe(config.pe).name;
  if (config.dataflow != Dataflow::WeightStationary) {
    pe.fail(fmt::format(
        "found '{}' on an array that is {}, where indices would have to move with the weights; "
        "allowed: dataflow: {}",
        name, name_of(config.dataflow), name_of(Dataflow::WeightStationary)));
  }
  if (config.rows % isa::kGroupRows != 0) {
    pe.fail(fmt::format(
        "found '{}' on an array of {} rows, two of which share each group of four activations; "
        "allowed: an even number of rows",
        name, config.rows));
  }
}

void read_array(const YamlNode& node, ArrayConfig& config) {
  const YamlMap map = node.map({"rows", "columns", "dataflow", "tile_use", "pe", "clock_gating"});
  config.rows = size(map.required("rows"), isa::kLargestSide);
  config.columns = size(map.required("columns"), isa::kLargestSide);
  if (const auto dataflow = map.optional("dataflow")) {
    config.dataflow = static_cast<Dataflow>(dataflow->choice(kDataflowNames));
  }
  if (const auto use = map.optional("tile_use")) {
    read_tile_use(*use, config);
  }
  if (const auto pe = map.optional("pe")) {
    config.pe = static_cast<isa::PeType>(available_choice(*pe, isa::kPeTypeNames, kLaterPeTypes));
    if (isa::is_float(config.pe) && config.dataflow != Dataflow::WeightStationary) {
      pe->fail(fmt::format("found '{}' on an array that is {}; allowed: dataflow: {}",
                           isa::describe(config.pe).name, name_of(config.dataflow),
                           name_of(Dataflow::WeightStationary)));
    }
    if (isa::is_sparse(config.pe)) {
      check_sparse(*pe, config);
    }
    if (isa::is_packed(config.pe) && config.dataflow == Dataflow::InputStationary) {
      pe->fail(
          fmt::format("found '{}' on an array that is {}, where activations would stay in the "
                      "PEs' {}-bit weights; allowed: dataflow: {}, {}",
                      isa::describe(config.pe).name, name_of(config.dataflow),
                      isa::describe(config.pe).weight_bits, name_of(Dataflow::WeightStationary),
                      name_of(Dataflow::OutputStationary)));
    }
  }
  if (const auto gating = map.optional("clock_gating")) {
    config.clock_gating = static_cast<ClockGating>(gating->choice(kClockGatingNames));
  }
}

void read_weight_fifo(const YamlMap& top, ArrayConfig& config) {
  config.weight_fifo_tiles = kDefaultFifo;
  const std::optional<YamlNode> node = top.optional("weight_fifo");
  if (!node) {
    return;
  }
  const YamlMap map = node->map({"tiles", "fetch"});
  if (const auto tiles = map.optional("tiles")) {
    config.weight_fifo_tiles = size(*tiles, isa::kLargestFifo);
  }
  if (const auto fetch = map.optional("fetch")) {
    config.tile_fetch = static_cast<TileFetch>(fetch->choice(kTileFetchNames));
  }
}

/// A DRAM has a channel only if it is given.
void read_channel(const YamlMap& map, MemoryConfig& memory) {
  const bool needed = !memory.dram;
  if (needed || map.optional("bandwidth")) {
    memory.bandwidth =
        map.required("bandwidth").quantity_or_unlimited(kLowestBandwidth, kHighestBandwidth);
  }
  if (needed || map.optional("latency")) {
    memory.latency = map.required("latency").quantity(Picoseconds(0), kLongestLatency);
  }
}

MemoryConfig read_memory(const YamlNode& node) {
  check_name(node.key(), node, true);
  std::vector<std::string_view> keys = {"holds", "model", "bandwidth", "latency", "energy"};
  keys.insert(keys.end(), dram_keys().begin(), dram_keys().end());
  const YamlMap map = node.map(keys);
  MemoryConfig memory;
  memory.name = node.key();
  for (const YamlNode& space : map.required("holds").list(1, isa::kSpaces)) {
    memory.holds.push_back(static_cast<isa::Space>(space.choice(isa::kSpaceNames)));
  }
  memory.dram = read_dram(map);
  read_channel(map, memory);
  if (memory.dram) {
    memory.capacity = memory.dram->capacity;
  } else if (const auto capacity = map.optional("capacity")) {
    memory.capacity = capacity->quantity(kSmallestMemory, kLargestMemory);
  }
  const YamlNode energy = map.required("energy");
  memory.energy = energy.text();
  memory.energy_place = energy.place();
  return memory;
}

/// Each space lives in exactly one memory.
void check_holders(const YamlNode& node, const std::vector<MemoryConfig>& memories) {
  std::array<const MemoryConfig*, isa::kSpaces> holder{};
  const std::vector<YamlNode> entries = node.entries(1, isa::kMostMemories);
  for (std::size_t i = 0; i < memories.size(); ++i) {
    for (isa::Space space : memories[i].holds) {
      const MemoryConfig*& first = holder[static_cast<std::size_t>(space)];
      if (first != nullptr) {
        entries[i].fail(
            fmt::format("holds '{}', which memory '{}' holds already; each of {} is in "
                        "exactly one memory",
                        isa::name_of(space), first->name, join_names(isa::kSpaceNames)));
      }
      first = &memories[i];
    }
  }
  for (std::size_t i = 0; i < holder.size(); ++i) {
    if (holder[i] == nullptr) {
      node.fail(fmt::format("no memory holds '{0}'; add {0} to one memory's `holds`",
                            isa::kSpaceNames[i]));
    }
  }
}

void read_memories(const YamlNode& node, ArrayConfig& config) {
  for (const YamlNode& entry : node.entries(1, isa::kMostMemories)) {
    config.memories.push_back(read_memory(entry));
  }
  check_holders(node, config.memories);
}

std::vector<OperatingPoint> read_operating_points(const YamlNode& node) {
  std::vector<OperatingPoint> points;
  for (const YamlNode& entry : node.list(1, kMostOperatingPoints)) {
    const YamlMap map = entry.map({"voltage", "clock"});
    const OperatingPoint point{map.required("voltage").quantity(kLowestVoltage, kHighestVoltage),
                               map.required("clock").quantity(kSlowestClock, kFastestClock)};
    if (std::ranges::find(points, point.voltage, &OperatingPoint::voltage) != points.end()) {
      entry.fail(fmt::format("found {} twice", to_text(point.voltage)));
    }
    points.push_back(point);
  }
  return points;
}

Hertz clock_at(Millivolts voltage, const YamlNode& node,
               const std::vector<OperatingPoint>& points) {
  std::vector<std::string> known;
  for (const OperatingPoint& point : points) {
    if (point.voltage == voltage) {
      return point.clock;
    }
    known.push_back(to_text(point.voltage));
  }
  node.fail(fmt::format("found {}, allowed, by `operating_points`: {}", to_text(voltage),
                        fmt::join(known, ", ")));
}

/// The clock: its own key, or that of the operating point which the voltage names.
void read_clock(const YamlMap& top, ArrayConfig& config) {
  const std::optional<YamlNode> voltage = top.optional("voltage");
  if (voltage) {
    config.voltage = voltage->quantity(kLowestVoltage, kHighestVoltage);
    config.voltage_place = voltage->place();
  }
  const std::optional<YamlNode> points = top.optional("operating_points");
  if (!points) {
    config.clock = top.required("clock").quantity(kSlowestClock, kFastestClock);
    return;
  }
  config.operating_points = read_operating_points(*points);
  if (const std::optional<YamlNode> clock = top.optional("clock")) {
    clock->fail("`operating_points` have the clocks, and `voltage` chooses one of them");
  }
  config.clock = clock_at(top.required("voltage").quantity(kLowestVoltage, kHighestVoltage),
                          top.required("voltage"), config.operating_points);
}

std::filesystem::path read_energy_path(const YamlNode& node) {
  const std::filesystem::path path = node.file();
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    node.fail(fmt::format("no such file: {}", path.string()));
  }
  if (std::filesystem::is_directory(status)) {
    node.fail(fmt::format("expected a file, found a directory: {}", path.string()));
  }
  return path;
}

/// An output-stationary array drains all its rows into the accumulators at once.
void check_accumulators(const YamlMap& top, const ArrayConfig& config) {
  if (config.dataflow == Dataflow::OutputStationary && config.accumulator_rows < config.rows) {
    const std::optional<YamlNode> accumulators = top.optional("accumulators");
    (accumulators ? *accumulators : top.node())
        .fail(fmt::format("{} accumulator rows are too few: an output-stationary array of {} rows "
                          "drains into as many",
                          config.accumulator_rows, config.rows));
  }
}

/// Its capacity's node, for checks that need the rest. Each PE row has a slice of its own if
/// nothing else is said.
YamlNode read_unified_buffer(const YamlNode& node, ArrayConfig& config) {
  const YamlMap map = node.map({"capacity", "slices"});
  YamlNode capacity = map.required("capacity");
  config.unified_buffer = capacity.quantity(kSmallestBuffer, Bytes(isa::kLargestBuffer));
  const auto slices = map.optional("slices");
  config.buffer_slices = slices ? size(*slices, kMostSlices) : config.rows;
  return capacity;
}

/// With less, no network would compile.
void check_buffer(const YamlNode& capacity, const ArrayConfig& config) {
  const Bytes least = minimum_buffer(config);
  if (config.unified_buffer < least) {
    capacity.fail(fmt::format(
        "found {}, too small for an array of {} rows and {} columns with the dataflow {}, which "
        "needs at least {}",
        in_quotes(to_text(config.unified_buffer)), config.rows, config.columns,
        name_of(config.dataflow), to_text(least)));
  }
}

}  // namespace

std::string_view name_of(Dataflow dataflow) {
  return kDataflowNames[static_cast<std::size_t>(dataflow)];
}

std::string_view name_of(TileFetch fetch) {
  return kTileFetchNames[static_cast<std::size_t>(fetch)];
}

std::string_view name_of(ClockGating gating) {
  return kClockGatingNames[static_cast<std::size_t>(gating)];
}

std::string_view name_of(TileUse use) { return kTileUseNames[static_cast<std::size_t>(use)]; }

ArrayConfig load_array_config(const std::filesystem::path& path,
                              std::span<const std::string> overrides) {
  const YamlMap top =
      load_yaml(path, overrides)
          .map({"name", "clock", "voltage", "operating_points", "array", "weight_fifo",
                "accumulators", "unified_buffer", "command_queue", "dma", "memory", "energy"});
  ArrayConfig config;
  const auto name = top.optional("name");
  config.name = name ? name->text() : path.stem().string();
  check_name(config.name, name ? *name : top.node(), false);
  read_clock(top, config);
  read_array(top.required("array"), config);
  read_weight_fifo(top, config);
  config.accumulator_rows =
      single_size(top, "accumulators", "rows", isa::kMostAccumulatorRows, kDefaultAccumulators);
  check_accumulators(top, config);
  const YamlNode capacity = read_unified_buffer(top.required("unified_buffer"), config);
  config.command_queue_depth =
      single_size(top, "command_queue", "depth", isa::kDeepestQueue, kDefaultQueue);
  config.dma_outstanding =
      single_size(top, "dma", "outstanding", isa::kMostOutstanding, kDefaultOutstanding);
  read_memories(top.required("memory"), config);
  config.energy = read_energy_path(top.required("energy"));
  check_buffer(capacity, config);
  return config;
}

}  // namespace systol
