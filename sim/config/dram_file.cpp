#include "sim/config/dram_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/config/dram_types.h"
#include "sim/config/nearest.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 12> kDramKeys = {
    "clock", "channels", "bank_groups", "banks",      "width", "burst_length",
    "row",   "capacity", "mapping",     "scheduling", "queue", "refresh"};
constexpr std::string_view kTiming = "timing";

constexpr Hertz kSlowestDram(1'000'000);
constexpr Hertz kFastestDram(10'000'000'000);
constexpr std::uint32_t kMostChannels = 64;
constexpr std::uint32_t kMostGroups = 16;
constexpr std::uint32_t kMostBanks = 64;
constexpr std::uint32_t kWidestBits = 1024;
constexpr std::uint32_t kLongestBurst = 64;
constexpr Bytes kShortestRow(64);
constexpr Bytes kLongestRow(std::uint64_t{1} << 20);
constexpr Bytes kSmallestDram(std::uint64_t{1} << 10);
constexpr Bytes kLargestDram(std::uint64_t{1} << 40);
constexpr std::uint32_t kDeepestQueue = 256;
constexpr Picoseconds kShortestTime(1);
constexpr Picoseconds kLongestTime(1'000'000'000);

std::uint32_t whole(const YamlMap& map, std::string_view key, std::uint32_t maximum,
                    std::uint32_t otherwise) {
  const std::optional<YamlNode> node = map.optional(key);
  return node ? static_cast<std::uint32_t>(node->integer(1, maximum)) : otherwise;
}

/// The key that a contradiction is about: where it is given, otherwise the whole memory.
YamlNode blamed(const YamlMap& map, std::string_view key) {
  return map.optional(key).value_or(map.node());
}

void read_width(const YamlMap& map, DramConfig& dram) {
  dram.width_bits = whole(map, "width", kWidestBits, dram.width_bits);
  if (dram.width_bits % 8 != 0) {
    blamed(map, "width")
        .fail(fmt::format("found {} bits, allowed: a multiple of 8 up to {}", dram.width_bits,
                          kWidestBits));
  }
  dram.burst_length = whole(map, "burst_length", kLongestBurst, dram.burst_length);
  if (dram.burst_length % 2 != 0) {
    blamed(map, "burst_length")
        .fail(fmt::format("found {}, allowed: an even number up to {}, two transfers a clock",
                          dram.burst_length, kLongestBurst));
  }
}

void read_mapping(const YamlNode& node, DramConfig& dram) {
  const std::vector<YamlNode> fields = node.list(kDramFields, kDramFields);
  std::array<bool, kDramFields> seen{};
  for (std::size_t i = 0; i < kDramFields; ++i) {
    const std::size_t field = fields[i].choice(kDramFieldNames);
    if (seen[field]) {
      fields[i].fail(fmt::format("found '{}' twice; each of {} is there once",
                                 kDramFieldNames[field], join_names(kDramFieldNames)));
    }
    seen[field] = true;
    dram.mapping[i] = static_cast<DramField>(field);
  }
}

/// Rows hold whole bursts, and channels, groups and banks whole rows.
void check_shape(const YamlMap& map, const DramConfig& dram) {
  if (dram.row.count() % dram.burst().count() != 0) {
    blamed(map, "row")
        .fail(fmt::format(
            "a row of {} is not a whole number of bursts of {} ({} transfers of {} bits)",
            to_text(dram.row), to_text(dram.burst()), dram.burst_length, dram.width_bits));
  }
  const std::uint64_t layer =
      dram.row.count() * dram.channels * dram.groups * dram.banks;  // a row of every bank
  if (dram.capacity.count() % layer != 0) {
    blamed(map, "capacity")
        .fail(fmt::format(
            "{} do not divide into {} channels of {} bank groups of {} banks with rows of {}; "
            "allowed: a multiple of {}",
            to_text(dram.capacity), dram.channels, dram.groups, dram.banks, to_text(dram.row),
            to_text(Bytes(layer))));
  }
}

std::string_view time_name(DramTime time) { return kDramTimeNames[static_cast<std::size_t>(time)]; }

/// Times of one map, for errors about two of them.
class TimeCheck {
 public:
  TimeCheck(const YamlMap& memory, const DramConfig& dram)
      : memory_(memory), dram_(dram), timing_(memory.optional(kTiming)) {}

  void at_least(DramTime longer, DramTime shorter) const {
    if (dram_[longer] < dram_[shorter]) {
      fail(longer, shorter, fmt::format("shorter than {}", text(shorter)),
           fmt::format("at least {}", to_text(dram_[shorter])));
    }
  }
  /// Data of one burst would meet those of the next.
  void burst_fits() const {
    const std::uint64_t clocks = dram_.burst_length / 2;
    if (dram_.clocks(DramTime::CCDShort) < clocks) {
      fail(DramTime::CCDShort, DramTime::CCDShort,
           fmt::format("{} clocks, while a burst's data take {}", dram_.clocks(DramTime::CCDShort),
                       clocks),
           fmt::format("at least {} clocks of {}", clocks, to_text(dram_.clock)));
    }
  }
  void refresh_fits() const {
    const std::uint64_t busy =
        dram_.clocks(DramTime::RFC) + dram_.clocks(DramTime::RP) + dram_.clocks(DramTime::RAS);
    if (dram_.refresh != DramRefresh::None && dram_.clocks(DramTime::REFI) <= busy) {
      fail(DramTime::REFI, DramTime::RFC,
           fmt::format("so short that tRFC ({}), tRP and tRAS leave no time to read",
                       to_text(dram_[DramTime::RFC])),
           fmt::format("more than {} clocks of {}", busy, to_text(dram_.clock)));
    }
  }

 private:
  std::string text(DramTime time) const {
    return fmt::format("{} ({})", time_name(time), to_text(dram_[time]));
  }
  [[noreturn]] void fail(DramTime time, DramTime other, std::string_view what,
                         std::string_view allowed) const {
    const std::string message = fmt::format("{} is {}, {}; allowed: {}", time_name(time),
                                            to_text(dram_[time]), what, allowed);
    if (timing_) {
      const YamlMap map = timing_->map(kDramTimeNames);
      for (const DramTime candidate : {time, other}) {
        if (const auto given = map.optional(time_name(candidate))) {
          given->fail(message);
        }
      }
      timing_->fail(message);
    }
    memory_.node().fail(message);
  }

  const YamlMap& memory_;
  const DramConfig& dram_;
  std::optional<YamlNode> timing_;
};

void read_times(const YamlMap& map, DramConfig& dram) {
  if (const auto timing = map.optional(kTiming)) {
    const YamlMap times = timing->map(kDramTimeNames);
    for (std::size_t i = 0; i < kDramTimes; ++i) {
      if (const auto time = times.optional(kDramTimeNames[i])) {
        dram.times[i] = time->quantity(kShortestTime, kLongestTime);
      }
    }
  }
  const TimeCheck check(map, dram);
  check.at_least(DramTime::RAS, DramTime::RCD);
  check.at_least(DramTime::CL, DramTime::CWL);
  check.at_least(DramTime::CCDLong, DramTime::CCDShort);
  check.at_least(DramTime::RRDLong, DramTime::RRDShort);
  check.at_least(DramTime::WTRLong, DramTime::WTRShort);
  check.at_least(DramTime::FAW, DramTime::RRDShort);
  check.burst_fits();
  check.refresh_fits();
}

/// The capacity of what is only a channel is for its energy.
void refuse_dram_keys(const YamlMap& map) {
  for (const std::string_view key : dram_keys()) {
    if (const auto given = map.optional(key); given && key != "capacity") {
      given->fail_at_key(
          fmt::format("found '{}', which only a DRAM has; with it, `model` is one "
                      "of: {}",
                      key, join_names(std::span(kMemoryModelNames).subspan(1))));
    }
  }
}

std::string times_yaml(const DramConfig& dram) {
  std::vector<std::string> times;
  for (std::size_t i = 0; i < kDramTimes; ++i) {
    times.push_back(fmt::format("{}: {}", kDramTimeNames[i], to_text(dram.times[i])));
  }
  return fmt::format("{}", fmt::join(times, ", "));
}

}  // namespace

std::string_view name_of(DramScheduling scheduling) {
  return kDramSchedulingNames[static_cast<std::size_t>(scheduling)];
}

std::string_view name_of(DramRefresh refresh) {
  return kDramRefreshNames[static_cast<std::size_t>(refresh)];
}

std::string_view model_of(const MemoryConfig& memory) {
  return memory.dram ? name_of(memory.dram->type) : kMemoryModelNames.front();
}

std::span<const std::string_view> dram_keys() {
  static const std::vector<std::string_view> keys = [] {
    std::vector<std::string_view> all(kDramKeys.begin(), kDramKeys.end());
    all.push_back(kTiming);
    return all;
  }();
  return keys;
}

std::optional<DramConfig> read_dram(const YamlMap& memory) {
  const auto model = memory.optional("model");
  const std::size_t chosen = model ? model->choice(kMemoryModelNames) : 0;
  if (chosen == 0) {
    refuse_dram_keys(memory);
    return std::nullopt;
  }
  DramConfig dram = typical_dram(static_cast<DramType>(chosen - 1));
  if (const auto clock = memory.optional("clock")) {
    dram.clock = clock->quantity(kSlowestDram, kFastestDram);
  }
  dram.channels = whole(memory, "channels", kMostChannels, dram.channels);
  dram.groups = whole(memory, "bank_groups", kMostGroups, dram.groups);
  dram.banks = whole(memory, "banks", kMostBanks, dram.banks);
  read_width(memory, dram);
  if (const auto row = memory.optional("row")) {
    dram.row = row->quantity(kShortestRow, kLongestRow);
  }
  if (const auto capacity = memory.optional("capacity")) {
    dram.capacity = capacity->quantity(kSmallestDram, kLargestDram);
  }
  check_shape(memory, dram);
  if (const auto mapping = memory.optional("mapping")) {
    read_mapping(*mapping, dram);
  }
  if (const auto scheduling = memory.optional("scheduling")) {
    dram.scheduling = static_cast<DramScheduling>(scheduling->choice(kDramSchedulingNames));
  }
  dram.queue = whole(memory, "queue", kDeepestQueue, dram.queue);
  if (const auto refresh = memory.optional("refresh")) {
    dram.refresh = static_cast<DramRefresh>(refresh->choice(kDramRefreshNames));
  }
  read_times(memory, dram);
  return dram;
}

std::string dram_yaml(const DramConfig& dram) {
  std::vector<std::string_view> mapping;
  for (const DramField field : dram.mapping) {
    mapping.push_back(kDramFieldNames[static_cast<std::size_t>(field)]);
  }
  return fmt::format(
      "model: {}, clock: {}, channels: {}, bank_groups: {}, banks: {}, width: {}, burst_length: "
      "{}, row: {}, capacity: {}, mapping: [{}], scheduling: {}, queue: {}, refresh: {}, timing: "
      "{{{}}}",
      name_of(dram.type), to_text(dram.clock), dram.channels, dram.groups, dram.banks,
      dram.width_bits, dram.burst_length, to_text(dram.row), to_text(dram.capacity),
      fmt::join(mapping, ", "), name_of(dram.scheduling), dram.queue, name_of(dram.refresh),
      times_yaml(dram));
}

}  // namespace systol
