#include <fmt/format.h>

#include <algorithm>

#include "host/report/numbers.h"
#include "host/run_page/sections.h"

namespace systol {
namespace {

PageFact check_fact(const RunReport& report) {
  const CheckReport& check = report.check;
  const std::string_view values = checked_values(report.array);
  if (!check.enabled) {
    return {"Check of the values", "not done", "no value was compared with the reference"};
  }
  if (check.passed()) {
    return {"Check of the values", "passed",
            fmt::format("{} {} values equal the independent reference", grouped(check.compared),
                        values)};
  }
  return {"Check of the values", "FAILED",
          fmt::format("{} of {} {} values differ from the reference, {} missing",
                      grouped(check.mismatches), grouped(check.compared), values,
                      grouped(check.missing))};
}

std::string share_of_cycles(const RunReport& report, CycleClass kind) {
  const auto all = static_cast<double>(report.ledger.total().count());
  return percent(all == 0 ? 0 : static_cast<double>(report.ledger[kind].count()) / all);
}

std::vector<PageFact> facts(const RunReport& report) {
  std::vector<PageFact> facts = {
      {"Time", duration(report.seconds()),
       fmt::format("{} cycles", grouped(report.cycles.count()))},
      {"Throughput", fmt::format("{:.4g} TOPS", report.achieved_tops()),
       fmt::format("of at most {:.4g}", report.peak_tops())},
      {"Utilisation", percent(report.utilisation()), "useful multiplications per PE and cycle"},
      {"Array active", share_of_cycles(report, CycleClass::ArrayActive),
       "cycles in which a row enters the array"},
      {"Energy", energy(report.energy.total),
       fmt::format("{} per inference", energy(report.energy_per_inference()))},
      {"Average power", power(report.power_w()),
       fmt::format("{:.3g} TOPS/W", report.tops_per_watt())},
      {"Area", area(total_area(report.hardware)),
       fmt::format("{:.3g} TOPS/mm2 of at most {:.3g}", report.tops_per_mm2(),
                   report.peak_tops_per_mm2())},
      {"Memory traffic", data_size(memory_bytes(report.activity)),
       fmt::format("{} are inputs and outputs", data_size(report.end_bytes))},
      check_fact(report)};
  if (report.accuracy) {
    facts.push_back(
        {"Accuracy", percent(report.accuracy->quantised),
         fmt::format("float network: {}, on {} samples", percent(report.accuracy->floating),
                     grouped(report.accuracy->samples))});
  }
  return facts;
}

}  // namespace

void add_summary(Page& page, const RunReport& report) {
  PageSection& section = page.section("summary", "Summary");
  section.facts(facts(report));
  section.code("The command that makes this page", report.command_line);
  std::vector<std::string> notes = report.check.failures;
  notes.insert(notes.end(), report.notes.begin(), report.notes.end());
  if (!notes.empty()) {
    section.list(notes);
  }
}

}  // namespace systol
