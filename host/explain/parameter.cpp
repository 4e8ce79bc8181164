#include "host/explain/parameter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hw/isa/machine_limits.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

constexpr std::uint64_t kFastestClock = 10'000'000'000;  ///< of an array's file, Hz

/// A value times a fraction.
struct Factor {
  std::uint64_t numerator;
  std::uint64_t denominator;
};
constexpr std::array kFaster = {Factor{5, 4}, Factor{3, 2}, Factor{2, 1}, Factor{4, 1},
                                Factor{8, 1}};
constexpr std::array kShorter = {Factor{3, 4}, Factor{1, 2}, Factor{1, 4}, Factor{0, 1}};

template <std::size_t N>
std::vector<std::uint64_t> multiples(std::uint64_t value, const std::array<Factor, N>& factors) {
  std::vector<std::uint64_t> values;
  values.reserve(N);
  for (const Factor& factor : factors) {
    // In this order it cannot overflow for any clock or bandwidth of an array's file.
    values.push_back(value / factor.denominator * factor.numerator +
                     value % factor.denominator * factor.numerator / factor.denominator);
  }
  return values;
}

/// 1, 2, 4 ... more, and the most.
std::vector<std::uint64_t> larger_values(std::uint64_t value, std::uint64_t most) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t step = 1; value + step < most; step *= 2) {
    values.push_back(value + step);
  }
  if (value < most) {
    values.push_back(most);
  }
  return values;
}

std::string more_of(std::uint64_t now, std::uint64_t then, const char* one, const char* many) {
  return then > now ? fmt::format("{} more {}", then - now, then - now == 1 ? one : many)
                    : fmt::format("{} fewer {}", now - then, now - then == 1 ? one : many);
}

}  // namespace

std::vector<Parameter> parameters_of(const ArrayConfig& config) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < config.memories.size(); ++i) {
    if (config.memories[i].bandwidth) {
      parameters.push_back({ParameterKind::Bandwidth, i});
    }
    if (config.memories[i].latency.count() > 0) {
      parameters.push_back({ParameterKind::Latency, i});
    }
  }
  for (const ParameterKind kind : {ParameterKind::FifoTiles, ParameterKind::Outstanding,
                                   ParameterKind::QueueDepth, ParameterKind::Clock}) {
    parameters.push_back({kind, 0});
  }
  return parameters;
}

std::uint64_t value_of(const ArrayConfig& config, const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::Bandwidth: {
      const auto& bandwidth = config.memories[parameter.memory].bandwidth;
      return bandwidth ? bandwidth->count() : kNoLimit;
    }
    case ParameterKind::Latency:
      return config.memories[parameter.memory].latency.count();
    case ParameterKind::FifoTiles:
      return config.weight_fifo_tiles;
    case ParameterKind::Outstanding:
      return config.dma_outstanding;
    case ParameterKind::QueueDepth:
      return config.command_queue_depth;
    case ParameterKind::Clock:
      break;
  }
  return config.clock.count();
}

ArrayConfig with_change(ArrayConfig config, const Change& change) {
  switch (change.parameter.kind) {
    case ParameterKind::Bandwidth: {
      auto& bandwidth = config.memories[change.parameter.memory].bandwidth;
      bandwidth.reset();
      if (change.value != kNoLimit) {
        bandwidth = BytesPerSecond(change.value);
      }
      break;
    }
    case ParameterKind::Latency:
      config.memories[change.parameter.memory].latency = Picoseconds(change.value);
      break;
    case ParameterKind::FifoTiles:
      config.weight_fifo_tiles = static_cast<std::uint32_t>(change.value);
      break;
    case ParameterKind::Outstanding:
      config.dma_outstanding = static_cast<std::uint32_t>(change.value);
      break;
    case ParameterKind::QueueDepth:
      config.command_queue_depth = static_cast<std::uint32_t>(change.value);
      break;
    case ParameterKind::Clock:
      config.clock = Hertz(change.value);
      break;
  }
  return config;
}

std::vector<std::uint64_t> better_values(const ArrayConfig& config, const Parameter& parameter) {
  const std::uint64_t now = value_of(config, parameter);
  switch (parameter.kind) {
    case ParameterKind::Bandwidth: {
      std::vector<std::uint64_t> values = multiples(now, kFaster);
      values.push_back(kNoLimit);
      return values;
    }
    case ParameterKind::Latency:
      return multiples(now, kShorter);
    case ParameterKind::FifoTiles:
      return larger_values(now, isa::kLargestFifo);
    case ParameterKind::Outstanding:
      return larger_values(now, isa::kMostOutstanding);
    case ParameterKind::QueueDepth:
      return larger_values(now, isa::kDeepestQueue);
    case ParameterKind::Clock:
      break;
  }
  std::vector<std::uint64_t> values = multiples(now, kFaster);
  std::erase_if(values, [](std::uint64_t clock) { return clock > kFastestClock; });
  return values;
}

std::string key_of(const ArrayConfig& config, const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::Bandwidth:
      return fmt::format("memory.{}.bandwidth", config.memories[parameter.memory].name);
    case ParameterKind::Latency:
      return fmt::format("memory.{}.latency", config.memories[parameter.memory].name);
    case ParameterKind::FifoTiles:
      return "weight_fifo.tiles";
    case ParameterKind::Outstanding:
      return "dma.outstanding";
    case ParameterKind::QueueDepth:
      return "command_queue.depth";
    case ParameterKind::Clock:
      break;
  }
  return "clock";
}

std::string value_text(const Parameter& parameter, std::uint64_t value) {
  switch (parameter.kind) {
    case ParameterKind::Bandwidth:
      return value == kNoLimit ? std::string(kUnlimited) : to_text(BytesPerSecond(value));
    case ParameterKind::Latency:
      return to_text(Picoseconds(value));
    case ParameterKind::Clock:
      return to_text(Hertz(value));
    default:
      return fmt::format("{}", value);
  }
}

std::string words_of(const ArrayConfig& config, const Change& change) {
  const Parameter& parameter = change.parameter;
  const std::uint64_t now = value_of(config, parameter);
  const auto instead = [&](std::string_view what) {
    return fmt::format("{} of {} instead of {}", what, value_text(parameter, change.value),
                       value_text(parameter, now));
  };
  switch (parameter.kind) {
    case ParameterKind::Bandwidth: {
      const std::string& memory = config.memories[parameter.memory].name;
      return change.value == kNoLimit
                 ? fmt::format("memory {} with an unlimited bandwidth instead of {}", memory,
                               value_text(parameter, now))
                 : instead(fmt::format("memory {} with a bandwidth", memory));
    }
    case ParameterKind::Latency:
      return instead(
          fmt::format("memory {} with a latency", config.memories[parameter.memory].name));
    case ParameterKind::FifoTiles:
      return more_of(now, change.value, "tile in the weight FIFO", "tiles in the weight FIFO");
    case ParameterKind::Outstanding:
      return more_of(now, change.value, "request in flight", "requests in flight");
    case ParameterKind::QueueDepth:
      return more_of(now, change.value, "command in each queue", "commands in each queue");
    case ParameterKind::Clock:
      break;
  }
  return instead("an array clock");
}

}  // namespace systol
