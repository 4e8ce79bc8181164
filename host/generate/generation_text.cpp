#include <fmt/format.h>

#include <array>
#include <map>
#include <string_view>

#include "host/generate/generation.h"
#include "host/report/bound.h"
#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// Bytes as they are, but for what a terminal would take for a command.
std::string shown(const Tokens& tokens) {
  std::string text;
  for (const std::uint32_t token : tokens) {
    const bool plain = token == '\n' || token == '\t' || (token >= ' ' && token != 127);
    text += plain ? static_cast<char>(token) : '?';
  }
  return text;
}

std::string cost_table(const Generation& generation, std::size_t prompt) {
  TextTable table({"", "tokens", "cycles", "time", "tokens a second", "energy a token",
                   "memory a token", "utilisation"});
  const auto add = [&](const char* name, const RunReport& report, std::size_t tokens) {
    const auto count = static_cast<double>(tokens);
    table.add({name, grouped(tokens), grouped(report.cycles.count()), duration(report.seconds()),
               fmt::format("{:.0f}", count / report.seconds()),
               energy(Picojoules(report.energy.total.count() / count)),
               data_size(memory_bytes(report.activity) / tokens), percent(report.utilisation())});
  };
  add("prefill: the prompt at once", generation.prefill, prompt);
  add("decoding: one by one", generation.decoding, generation.text.size() - 1);
  add("the same tokens at once", generation.at_once, prompt + generation.text.size() - 1);
  return table.text();
}

std::string ledger_table(const Generation& generation) {
  TextTable table({"cycles of the ledger", "prefill", "decoding"});
  for (std::size_t i = 0; i < kCycleClassNames.size(); ++i) {
    const auto part = [&](const RunReport& report) {
      return percent(share(report.ledger.cycles[i], report.cycles));
    };
    table.add(
        {std::string(kCycleClassNames[i]), part(generation.prefill), part(generation.decoding)});
  }
  return table.text();
}

std::string bound_table(const Generation& generation) {
  std::map<std::string_view, std::array<Cycles, 2>> bounds;
  for (const NodeReport& node : generation.prefill.nodes) {
    bounds[bound_of(node)][0] += node.ledger.total();
  }
  for (const NodeReport& node : generation.decoding.nodes) {
    bounds[bound_of(node)][1] += node.ledger.total();
  }
  TextTable table({"nodes bound by", "prefill", "decoding"});
  for (const auto& [name, cycles] : bounds) {
    table.add({std::string(name), percent(share(cycles[0], generation.prefill.cycles)),
               percent(share(cycles[1], generation.decoding.cycles))});
  }
  return table.text();
}

}  // namespace

std::string to_text(const Generation& generation, const GenerationSettings& settings) {
  std::string text = fmt::format("{}{}\n\n", shown(settings.prompt), shown(generation.text));
  text += cost_table(generation, settings.prompt.size()) + "\n" + ledger_table(generation) + "\n" +
          bound_table(generation) + "\n";
  text +=
      generation.passed()
          ? fmt::format(
                "Check: the scores of all {} tokens, in int8, are the same bits read one "
                "by one and at once, and those of the reference.\n",
                settings.prompt.size() + generation.text.size() - 1)
          : "Check: FAILED: scores of tokens read one by one differ from those read at once, or "
            "from the reference.\n";
  return text;
}

}  // namespace systol
