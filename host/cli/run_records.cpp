#include "host/cli/run_records.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/account/energy.h"
#include "host/report/gzip.h"
#include "host/run_page/run_page.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/base/units.h"

namespace systol {
namespace {

TimelineWindow timeline_window(const RunWords& words) {
  if (words.timeline.empty() && (words.timeline_from || words.timeline_to)) {
    throw InputError("--timeline-from and --timeline-to need --timeline FILE");
  }
  TimelineWindow window;
  window.from = Cycles(words.timeline_from.value_or(0));
  if (words.timeline_to) {
    window.to = Cycles(*words.timeline_to);
    window.most_commands = SIZE_MAX;
  }
  if (window.from >= window.to) {
    throw InputError(fmt::format("--timeline-from {} --timeline-to {}: the window is empty",
                                 window.from.count(), window.to.count()));
  }
  return window;
}

}  // namespace

void check_records(const RunWords& words) {
  timeline_window(words);
  if (words.power_window && !words.power) {
    throw InputError("--power-window needs --power");
  }
  if (words.load && !(*words.load >= 0 && *words.load <= kPercent)) {  // which refuses nan, too
    throw InputError(fmt::format("--load {}: allowed: 0 to 100", *words.load));
  }
}

RunRecords::RunRecords(const RunWords& words, const ArrayConfig& config)
    : config_(config),
      table_(load_energy_table(config)),
      path_(words.timeline),
      page_(words.page.file),
      load_(words.load) {
  if (!page_.empty()) {
    tracer_.emplace(config, table_);
  }
  if (!path_.empty()) {
    timeline_.emplace(config, table_, std::span<const std::string>(), timeline_window(words));
  }
  if (words.power) {
    power_.emplace(config, table_,
                   words.power_window ? std::optional(Cycles(*words.power_window)) : std::nullopt);
  }
}

std::vector<RunObserver*> RunRecords::observers() {
  std::vector<RunObserver*> all;
  if (timeline_) {
    all.push_back(&*timeline_);
  }
  if (power_) {
    all.push_back(&*power_);
  }
  if (tracer_) {
    const std::vector<RunObserver*> more = tracer_->observers();
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

void RunRecords::write_page(const RunReport& report, const Wavefront& wavefront) {
  if (tracer_) {
    write_file(page_, run_page(report, tracer_->take(report), wavefront));
  }
}

void RunRecords::finish(RunReport& report) {
  if (timeline_) {
    write_timeline(report.notes);
  }
  if (power_) {
    report.power_over_time = power_->over_time(report);
  }
  if (load_) {
    report.partial_load = PartialLoad{*load_ / kPercent, idle_power(config_, table_)};
  }
}

void RunRecords::write_timeline(std::vector<std::string>& notes) {
  const std::string text = timeline_->json();
  write_file(path_, path_.extension() == ".gz" ? gzip(text) : text);
  if (const auto cut = timeline_->cut()) {
    notes.push_back(fmt::format(
        "the timeline ends with cycle {}, where its commands become too many for a viewer: "
        "--timeline-from {} shows what follows, and with --timeline-to it goes as far as that says",
        cut->count() - 1, cut->count()));
  }
}

}  // namespace systol
