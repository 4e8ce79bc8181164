#include "host/fuzz/change_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/explain/kept_commands.h"
#include "host/fuzz/draw.h"
#include "host/session/engine.h"
#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"
#include "sim/command_time.h"

namespace systol {
namespace {

/// What a program takes, or nothing where the machine refuses it.
std::optional<Cycles> predicted(const isa::Program& program, const ArrayConfig& config,
                                const Change& change) {
  TimedCommands commands(std::make_unique<CommandList>(program.commands), config);
  try {
    return time_of(commands, with_change(config, change), program.nodes.size());
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::optional<Cycles> taken(const isa::Program& program, const ArrayConfig& config,
                            const EngineMaker& make_engine) {
  CommandList commands(program.commands);
  MemoryImage memory(program);
  try {
    return make_engine("systemc", config)->run(commands, program.nodes, memory, nullptr).cycles;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::string text_of(std::optional<Cycles> cycles) {
  return cycles ? fmt::format("{} cycles", cycles->count()) : "a deadlock";
}

std::uint64_t between(SplitMix64& random, std::uint64_t low, std::uint64_t high) {
  return low + random.next() % (high - low + 1);
}

std::uint64_t draw_value(SplitMix64& random, const ArrayConfig& config,
                         const Parameter& parameter) {
  const std::uint64_t now = value_of(config, parameter);
  switch (parameter.kind) {
    case ParameterKind::FifoTiles:
      return between(random, 1, isa::kLargestFifo);
    case ParameterKind::Outstanding:
      return between(random, 1, isa::kMostOutstanding);
    case ParameterKind::QueueDepth:
      return between(random, 1, std::min<std::uint64_t>(4 * now, isa::kDeepestQueue));
    case ParameterKind::Latency:
      return between(random, 0, 3 * now);
    default:
      return between(random, now / 4 + 1, 4 * now);
  }
}

EqualityCase draw_kind(SplitMix64& random, std::uint64_t number) {
  switch (number % 3) {
    case 0:
      return draw_possible_case(random, false, draw_case);
    case 1:
      return draw_possible_case(random, false, draw_network_case);
    default:
      return draw_walk_case(random, false);
  }
}

}  // namespace

Change draw_change(SplitMix64& random, const ArrayConfig& config) {
  const std::vector<Parameter> parameters = parameters_of(config);
  const Parameter parameter =
      parameters[draw(random, 0, static_cast<std::uint32_t>(parameters.size()) - 1)];
  const std::vector<std::uint64_t> better = better_values(config, parameter);
  if (!better.empty() && draw(random, 0, 1) == 0) {
    return {parameter, better[draw(random, 0, static_cast<std::uint32_t>(better.size()) - 1)]};
  }
  return {parameter, draw_value(random, config, parameter)};
}

ChangeCheck check_changes(const ChangeCheckOptions& options, const EngineMaker& make_engine) {
  SplitMix64 random(options.seed);
  ChangeCheck check;
  for (std::uint64_t number = 0; number < options.cases; ++number) {
    const EqualityCase drawn = draw_kind(random, number);
    const isa::Program program = drawn.program();
    const Change change = draw_change(random, drawn.config);
    const auto before = taken(program, drawn.config, make_engine);
    const auto ours = predicted(program, drawn.config, change);
    const auto theirs = taken(program, with_change(drawn.config, change), make_engine);
    ++check.cases;
    check.changed += before && theirs && *before != *theirs ? 1 : 0;
    check.refused += theirs ? 0 : 1;
    if (ours != theirs) {
      check.difference =
          fmt::format("case {}: {}, with {}: {} predicted, systemc takes {}", number, drawn.text(),
                      words_of(drawn.config, change), text_of(ours), text_of(theirs));
      return check;
    }
    if (options.progress) {
      options.progress(number + 1);
    }
  }
  return check;
}

}  // namespace systol
