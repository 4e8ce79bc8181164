#include "host/fuzz/equality.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "hw/isa/text.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// When each command started and ended, and why nothing was fed where an engine says so.
class Times : public Observer {
 public:
  explicit Times(std::size_t commands) : times_(commands) {}

  void completed(std::uint64_t index, const isa::Command& /*command*/, Cycles start,
                 Cycles end) override {
    times_[index] = {start, end};
  }

  void stalled(const Stall& stall) override {
    stalls_.emplace_back(stall, std::vector<StallLink>{stall.links.begin(), stall.links.end()});
  }

  const std::vector<std::pair<Cycles, Cycles>>& all() const { return times_; }
  const std::vector<std::pair<Stall, std::vector<StallLink>>>& stalls() const { return stalls_; }

 private:
  std::vector<std::pair<Cycles, Cycles>> times_;
  std::vector<std::pair<Stall, std::vector<StallLink>>> stalls_;
};

struct Outcome {
  std::string engine;
  std::string failure;  ///< what the engine refused the program with
  RunResult result;
  std::vector<std::pair<Cycles, Cycles>> times;
  std::vector<std::pair<Stall, std::vector<StallLink>>> stalls;  ///< of the engine without a clock
  MemoryImage memory;
};

Outcome run(const isa::Program& program, const ArrayConfig& config, const std::string& engine,
            const EngineMaker& make_engine) {
  Outcome outcome;
  outcome.engine = engine;
  outcome.memory = MemoryImage(program);
  CommandList commands(program.commands);
  Times times(program.commands.size());
  try {
    outcome.result =
        make_engine(engine, config)->run(commands, program.nodes, outcome.memory, &times);
    outcome.times = times.all();
    outcome.stalls = times.stalls();
  } catch (const InputError& error) {
    outcome.failure = error.what();
  }
  return outcome;
}

std::optional<std::string> times_differ(const isa::Program& program, const Outcome& a,
                                        const Outcome& b) {
  for (std::size_t i = 0; i < a.times.size(); ++i) {
    if (a.times[i] != b.times[i]) {
      return fmt::format("command {} ({}): {} runs it in cycles {} to {}, {} in {} to {}", i,
                         isa::to_text(program.commands[i]), a.engine, a.times[i].first.count(),
                         a.times[i].second.count(), b.engine, b.times[i].first.count(),
                         b.times[i].second.count());
    }
  }
  return std::nullopt;
}

std::optional<std::string> memories_differ(const Outcome& a, const Outcome& b) {
  for (std::size_t s = 0; s < isa::kSpaces; ++s) {
    const auto space = static_cast<isa::Space>(s);
    const auto left = a.memory.space(space);
    const auto right = b.memory.space(space);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] != right[i]) {
        return fmt::format("byte 0x{:x} of {}: {} leaves {}, {} leaves {}", i, isa::name_of(space),
                           a.engine, left[i], b.engine, right[i]);
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> ledgers_differ(const isa::Program& program, const Outcome& a,
                                          const Outcome& b) {
  for (std::size_t layer = 0; layer < program.nodes.size(); ++layer) {
    const NodeResult& left = a.result.nodes[layer];
    const NodeResult& right = b.result.nodes[layer];
    for (std::size_t i = 0; i < kCycleClasses; ++i) {
      const Cycles x = left.ledger.cycles[i];
      const Cycles y = right.ledger.cycles[i];
      if (x != y) {
        return fmt::format("layer {}: {} counts {} cycles of {}, {} counts {}",
                           program.nodes[layer], a.engine, x.count(), kCycleClassNames[i], b.engine,
                           y.count());
      }
    }
    for (std::size_t i = 0; i < kActions; ++i) {
      const std::uint64_t x = left.activity.counts[i];
      const std::uint64_t y = right.activity.counts[i];
      if (x != y) {
        return fmt::format("layer {}: {} counts {} {}, {} counts {}", program.nodes[layer],
                           a.engine, x, kActionTexts[i].name, b.engine, y);
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> banks_differ(const Outcome& a, const Outcome& b) {
  for (std::size_t i = 0; i < kSrams; ++i) {
    const BankCounts& left = a.result.srams.srams[i];
    const BankCounts& right = b.result.srams.srams[i];
    if (left == right) {
      continue;
    }
    if (left.reads.size() != right.reads.size() || left.writes.size() != right.writes.size()) {
      return fmt::format("{}: {} counts reads of {} banks and writes of {}, {} of {} and {}",
                         kSramTexts[i].name, a.engine, left.reads.size(), left.writes.size(),
                         b.engine, right.reads.size(), right.writes.size());
    }
    for (std::size_t bank = 0; bank < left.reads.size(); ++bank) {
      if (left.reads[bank] != right.reads[bank] || left.writes[bank] != right.writes[bank]) {
        return fmt::format("bank {} of {}: {} counts {} reads and {} writes, {} counts {} and {}",
                           bank, kSramTexts[i].name, a.engine, left.reads[bank], left.writes[bank],
                           b.engine, right.reads[bank], right.writes[bank]);
      }
    }
  }
  return std::nullopt;
}

/// Whether a clocked engine had the link's command in flight in its cycles, as the link says. A
/// tile shifts when its load is complete, and a command waits for its dispatch before it starts.
bool in_flight(const StallLink& link, const std::pair<Cycles, Cycles>& time) {
  switch (link.wait) {
    case Wait::WeightShift:
      return link.from >= time.second;
    case Wait::Dispatch:
      return link.reason == Reason::UnitBusy || link.to <= time.second;
    default:
      return link.from >= time.first && link.to <= time.second;
  }
}

/// Nothing is fed in a stall, and its links are of commands that another engine saw at work.
std::optional<std::string> stalls_differ(const isa::Program& program, const Outcome& a,
                                         const Outcome& b) {
  std::vector<Cycles> waited(program.nodes.size());
  for (const auto& [stall, links] : a.stalls) {
    Cycles until = stall.to;
    for (const StallLink& link : links) {
      if (link.to != until || link.from >= link.to || link.wait == Wait::Array ||
          !in_flight(link, b.times[link.command])) {
        return fmt::format("the stall of cycles {} to {}: {} has {} of command {} in {} to {}",
                           stall.from.count(), stall.to.count(), a.engine,
                           kWaitNames[static_cast<std::size_t>(link.wait)], link.command,
                           link.from.count(), link.to.count());
      }
      const Cycles border = std::clamp(stall.waiting_from, link.from, link.to);
      waited[stall.node_before] += border - link.from;
      waited[stall.node] += link.to - border;
      until = link.from;
    }
  }
  for (std::size_t node = 0; node < waited.size(); ++node) {
    const Ledger& ledger = b.result.nodes[node].ledger;
    if (waited[node] + ledger[CycleClass::ArrayActive] != ledger.total()) {
      return fmt::format("layer {}: {} waits {} cycles, {} counts {}", program.nodes[node],
                         a.engine, waited[node].count(), b.engine,
                         (ledger.total() - ledger[CycleClass::ArrayActive]).count());
    }
  }
  return std::nullopt;
}

std::optional<std::string> differ(const isa::Program& program, const Outcome& a, const Outcome& b) {
  if (a.failure != b.failure) {
    return fmt::format("{} says '{}', {} says '{}'", a.engine, a.failure, b.engine, b.failure);
  }
  if (!a.failure.empty()) {
    return std::nullopt;  // a run that was refused leaves its memory half written
  }
  if (auto difference = times_differ(program, a, b)) {
    return difference;
  }
  if (auto difference = memories_differ(a, b)) {
    return difference;
  }
  if (a.result.cycles != b.result.cycles) {
    return fmt::format("{} takes {} cycles, {} takes {}", a.engine, a.result.cycles.count(),
                       b.engine, b.result.cycles.count());
  }
  if (auto difference = ledgers_differ(program, a, b)) {
    return difference;
  }
  if (auto difference = banks_differ(a, b)) {
    return difference;
  }
  return stalls_differ(program, a, b);
}

std::vector<std::string> engines_of(const EqualityCase& drawn) {
  std::vector<std::string> engines = {"fast", "systemc", "hand-over"};
  if (drawn.rtl) {
    engines.emplace_back("rtl");
    engines.emplace_back("hand-over to rtl");
  }
  return engines;
}

std::optional<std::string> case_difference(const EqualityCase& drawn,
                                           const EngineMaker& make_engine) {
  return first_difference(drawn.program(), drawn.config, engines_of(drawn), make_engine);
}

/// Takes simpler cases for as long as one still fails.
Disagreement shrink(std::uint64_t number, EqualityCase failing, std::string difference,
                    const EngineMaker& make_engine) {
  bool smaller = true;
  while (smaller) {
    smaller = false;
    for (const EqualityCase& attempt : simpler(failing)) {
      try {
        if (auto found = case_difference(attempt, make_engine)) {
          failing = attempt;
          difference = std::move(*found);
          smaller = true;
          break;
        }
      } catch (const InputError&) {
        // The machine is too small for the simpler case.
      }
    }
  }
  isa::Program program = failing.program();
  return {number, std::move(failing), std::move(difference), std::move(program)};
}

}  // namespace

std::optional<std::string> first_difference(const isa::Program& program, const ArrayConfig& config,
                                            std::span<const std::string> engines,
                                            const EngineMaker& make_engine) {
  const Outcome first = run(program, config, engines.front(), make_engine);
  for (const std::string& engine : engines.subspan(1)) {
    if (auto difference = differ(program, first, run(program, config, engine, make_engine))) {
      return difference;
    }
  }
  return std::nullopt;
}

std::optional<Disagreement> fuzz(const FuzzOptions& options, const EngineMaker& make_engine) {
  constexpr std::uint64_t kRtlEvery = 3;
  SplitMix64 random(options.seed);
  SplitMix64 random_walks(~options.seed);
  SplitMix64 random_networks(options.seed ^ 0x5ca1ab1e);
  for (std::uint64_t number = 0; number < options.cases; ++number) {
    const bool rtl = options.rtl && number % kRtlEvery == 0;
    std::vector<EqualityCase> cases = {draw_possible_case(random, rtl, draw_case)};
    if (options.networks) {
      cases.push_back(draw_possible_case(random_networks, rtl, draw_network_case));
    }
    if (options.walks) {
      cases.push_back(draw_walk_case(random_walks, rtl));
    }
    for (const EqualityCase& drawn : cases) {
      if (auto difference = case_difference(drawn, make_engine)) {
        return shrink(number, drawn, std::move(*difference), make_engine);
      }
    }
    if (options.progress) {
      options.progress(number + 1);
    }
  }
  return std::nullopt;
}

}  // namespace systol
