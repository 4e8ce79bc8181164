// An explanation for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "host/explain/explain.h"
#include "host/report/numbers.h"
#include "host/report/text_table.h"

namespace systol {
namespace {

/// "-11.2 %"
std::string change_text(double then, double now) {
  return now == 0 ? "0.0 %" : fmt::format("{:+.1f} %", (then / now - 1) * 100);
}

std::string_view words_of(Wait wait) {
  switch (wait) {
    case Wait::Array:
      return "rows are fed";
    case Wait::Accumulators:
      return "sums are on their way to the accumulators";
    case Wait::WeightShift:
      return "a tile shifts in";
    case Wait::WeightsTransfer:
      return "weights leave their memory";
    case Wait::WeightsLatency:
      return "weights are on their way";
    case Wait::ActivationsTransfer:
      return "activations leave or enter their memory";
    case Wait::ActivationsLatency:
      return "activations are on their way";
    case Wait::ActivationsBeforeWeights:
      return "the weights' memory moves activations";
    case Wait::WeightsBeforeActivations:
      return "the activations' memory moves weights";
    case Wait::LoadTile:
      return "a tile comes from the buffer";
    case Wait::ActivationUnit:
      return "the activation unit works";
    case Wait::VectorUnit:
      return "the vector unit works";
    case Wait::Dispatch:
      break;
  }
  return "commands are dispatched";
}

/// Why a step did not begin earlier; empty where the step before it says it.
std::string_view words_of(Reason reason) {
  switch (reason) {
    case Reason::QueueFull:
      return "a command queue was full";
    case Reason::FifoFull:
      return "the weight FIFO was full";
    case Reason::Outstanding:
      return "all requests that may be in flight were";
    case Reason::ShadowBusy:
      return "the shadow registers held the tile before";
    case Reason::Accumulating:
      return "the same accumulator row was added to";
    case Reason::Draining:
      return "the way out was taken";
    default:
      return "";
  }
}

std::string step_text(const Explanation& explanation, const ChainGroup& group, std::size_t i) {
  const ChainStep& step = group.steps[i];
  std::string text = fmt::format("{} {}", grouped(group.cycles[i].count()), words_of(step.wait));
  if (step.node != group.node) {
    text += fmt::format(" ({})", explanation.nodes[step.node].name);
  }
  if (const std::string_view reason = words_of(step.reason); !reason.empty()) {
    text += fmt::format(", as {}", reason);
  }
  return text;
}

std::string chain_text(const Explanation& explanation, const ChainGroup& group) {
  std::string text =
      fmt::format("{} cycles ({}), {} stall{} of {}\n", grouped(group.total.count()),
                  percent(share(group.total, explanation.time.cycles)), grouped(group.stalls),
                  group.stalls == 1 ? "" : "s", explanation.nodes[group.node].name);
  for (std::size_t i = 0; i < group.steps.size(); ++i) {
    text += fmt::format("  {}{}\n", i == 0 ? "" : "after ", step_text(explanation, group, i));
  }
  if (group.steps.empty()) {
    text += "  of many other ways\n";
  }
  text += fmt::format("  the first: cycles {} to {}, command {}\n", group.from.count(),
                      group.to.count(), group.command);
  return text;
}

std::string chains_text(const Explanation& explanation, std::size_t most) {
  const std::size_t shown = std::min(most, explanation.chains.size());
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += '\n' + chain_text(explanation, explanation.chains[i]);
  }
  if (shown < explanation.chains.size()) {
    Cycles rest;
    for (std::size_t i = shown; i < explanation.chains.size(); ++i) {
      rest += explanation.chains[i].total;
    }
    text += fmt::format("\n{} cycles in {} other chains\n", grouped(rest.count()),
                        grouped(explanation.chains.size() - shown));
  }
  return text;
}

std::string waits_text(const Explanation& explanation) {
  TextTable table({"cycles in which", "cycles", "share"});
  const auto add = [&](std::string_view words, Cycles cycles) {
    table.add({std::string(words), grouped(cycles.count()),
               percent(share(cycles, explanation.time.cycles))});
  };
  add(words_of(Wait::Array), explanation.ledger[CycleClass::ArrayActive]);
  for (std::size_t i = 1; i < explanation.waits.size(); ++i) {
    if (explanation.waits[i].count() > 0) {
      add(words_of(static_cast<Wait>(i)), explanation.waits[i]);
    }
  }
  return table.text();
}

std::string effects_text(const Explanation& explanation, std::size_t width) {
  constexpr std::array<std::string_view, 2> kLeast = {"now", "bound by then"};
  FittedTable table({"parameter", "now", "changed to", "cycles", "time", "bound by then"});
  for (const ParameterEffect& effect : explanation.effects) {
    for (const StepEffect& step : effect.steps) {
      table.add({effect.key, value_text(effect.parameter, effect.now),
                 value_text(effect.parameter, step.value), grouped(step.time.cycles.count()),
                 change_text(step.time.seconds, explanation.time.seconds),
                 std::string(step.time.bound_by)});
    }
  }
  return table.text(width, kLeast);
}

std::string best_text(const Explanation& explanation) {
  if (explanation.best.empty()) {
    return fmt::format("no change of one parameter takes {} of the time away; bound by: {}\n",
                       percent(kLeastGain), explanation.time.bound_by);
  }
  std::string text;
  for (std::size_t i = 0; i < explanation.best.size(); ++i) {
    const ParameterEffect& effect = explanation.effects[explanation.best[i]];
    const StepEffect& step = effect.steps[*effect.enough];
    const bool last = &step == &effect.steps.back();
    text += fmt::format(
        "{}. {}: {} of the time ({} cycles), then bound by: {}; {}\n", i + 1,
        words_of(explanation.array, {effect.parameter, step.value}),
        change_text(step.time.seconds, explanation.time.seconds), grouped(step.time.cycles.count()),
        step.time.bound_by,
        last
            ? "no better value was tried"
            : fmt::format("{} would be {}", value_text(effect.parameter, effect.steps.back().value),
                          change_text(effect.steps.back().time.seconds, explanation.time.seconds)));
  }
  if (explanation.best.size() < kBestChanges) {
    text += fmt::format("no other change takes {} of the time away\n", percent(kLeastGain));
  }
  return text;
}

}  // namespace

std::string to_text(const Explanation& explanation, std::size_t chains, std::size_t width) {
  const ArrayConfig& array = explanation.array;
  return fmt::format(
      "{} on {} ({}x{}), {} sample{} at a time: {} cycles, {}, bound by: {}\n\n{}\n"
      "what a feed waited for, from it backwards:\n{}\n"
      "the same program with one parameter changed:\n\n{}\n{}",
      explanation.model, array.name, array.rows, array.columns, explanation.batch,
      explanation.batch == 1 ? "" : "s", grouped(explanation.time.cycles.count()),
      duration(explanation.time.seconds), explanation.time.bound_by, waits_text(explanation),
      chains_text(explanation, chains), effects_text(explanation, width), best_text(explanation));
}

}  // namespace systol
