#include <fmt/format.h>

#include <algorithm>

#include "host/page/time_chart.h"
#include "host/report/numbers.h"
#include "host/run_page/class_colours.h"
#include "host/run_page/sections.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCycle = "cycle";
constexpr const char* kBlue = "#0b5cad";
constexpr const char* kLightBlue = "#a9cbee";
constexpr const char* kAverage = "average";
constexpr const char* kPeak = "up to the peak";
constexpr std::array<const char*, isa::kSpaces> kMemoryColours = {"#0b5cad", "#e69f00"};

std::uint64_t begin_of(const RunTrace& trace, std::size_t window) {
  return window * trace.window.count();
}
std::uint64_t end_of(const RunTrace& trace, std::size_t window, const RunReport& report) {
  return std::min(begin_of(trace, window + 1), report.cycles.count());
}
double length_of(const RunTrace& trace, std::size_t window, const RunReport& report) {
  return static_cast<double>(end_of(trace, window, report) - begin_of(trace, window));
}

std::string memory_column(const RunReport& report, std::size_t memory) {
  return "memory " + printable(report.array.memories[memory].name);
}

/// A row per window, and one that ends the last.
DataSet time_rows(const RunTrace& trace, const RunReport& report) {
  DataSet data{"time", {kCycle, "buffer"}, {}};
  data.columns.insert(data.columns.end(), kCycleClassNames.begin(), kCycleClassNames.end());
  const std::size_t memories = report.array.memories.size();
  for (std::size_t i = 0; i < memories; ++i) {
    data.columns.push_back(memory_column(report, i));
  }
  for (std::size_t i = 0; i < trace.windows.size(); ++i) {
    const double cycles = length_of(trace, i, report);
    const double seconds = cycles / static_cast<double>(report.array.clock.count());
    Json row = {begin_of(trace, i), trace.buffer[i]};
    for (const double part : trace.windows[i].matrix) {
      row.push_back(part / cycles);
    }
    for (std::size_t memory = 0; memory < memories; ++memory) {
      row.push_back(trace.windows[i].bytes[memory] / seconds);
    }
    data.rows.push_back(std::move(row));
  }
  if (!data.rows.empty()) {
    data.rows.push_back(data.rows.back());
    data.rows.back()[0] = report.cycles.count();
  }
  return data;
}

DataSet power_rows(const PowerOverTime& power, const RunReport& report) {
  DataSet data{"power", {kCycle, kAverage, kPeak}, {}};
  for (std::size_t i = 0; i < power.average.size(); ++i) {
    data.rows.push_back(Json::array({i * power.window.count(), power.average[i].count(),
                                     (power.peaks[i] - power.average[i]).count()}));
  }
  if (!data.rows.empty()) {
    data.rows.push_back(data.rows.back());
    data.rows.back()[0] = report.cycles.count();
  }
  return data;
}

DataSet unit_rows(const RunTrace& trace, const RunReport& report) {
  DataSet data{"units", {"unit", "from", "to", "busy"}, {}};
  for (std::size_t i = 0; i < trace.windows.size(); ++i) {
    for (std::size_t unit = 0; unit < isa::kUnits; ++unit) {
      data.rows.push_back(
          {isa::kUnitNames[unit], begin_of(trace, i), end_of(trace, i, report),
           std::min(1.0, trace.windows[i].busy[unit] / length_of(trace, i, report))});
    }
  }
  return data;
}

void add_power(PageSection& section, const RunTrace& trace, const RunReport& report) {
  const std::uint64_t stretch = trace.power.resolution.count();
  section.chart(
      {fmt::format("Power: {} on average, {} in the window with the most, at most {} in {}",
                   power(report.power_w()), power(trace.power.largest.count()),
                   power(trace.power.peak().count()),
                   stretch == 1 ? "a cycle" : grouped(stretch) + " cycles"),
       "Areas: the average power in windows of equal length, and from there up to the "
       "most power in each; a line at the run's average.",
       time_chart({"power",
                   kCycle,
                   "cycle",
                   {{kAverage, kBlue}, {kPeak, kLightBlue}},
                   "W",
                   "~s",
                   report.power_w(),
                   "average"})});
}

void add_matrix(PageSection& section) {
  TimeChart chart{"time", kCycle, "cycle", {}, "share of the cycles", ".0%", {}, {}};
  for (std::size_t i = 0; i < kCycleClasses; ++i) {
    chart.parts.push_back({std::string(kCycleClassNames[i]), kClassColours[i]});
  }
  section.chart({"What the matrix unit does",
                 "Stacked areas: the share of each class of cycles in each window.",
                 time_chart(chart)});
}

void add_units(PageSection& section) {
  section.chart({"How busy each unit is",
                 "A heat map: a row per unit, darker where it has a command for more of the time.",
                 time_heat_map({"units",
                                "from",
                                "to",
                                "unit",
                                "busy",
                                "cycle",
                                {isa::kUnitNames.begin(), isa::kUnitNames.end()}})});
}

void add_memories(PageSection& section, const RunReport& report) {
  for (std::size_t i = 0; i < report.array.memories.size(); ++i) {
    const MemoryConfig& memory = report.array.memories[i];
    const auto peak = memory.peak_bandwidth();
    const std::string limit =
        peak ? fmt::format("at most {}/s, the dashed line", data_size(peak->count()))
             : "without a limit";
    section.chart(
        {fmt::format("Traffic of memory {}: {}", memory.name, limit),
         "An area: the bytes per second through the memory in each window.",
         time_chart({"time",
                     kCycle,
                     "cycle",
                     {{memory_column(report, i), kMemoryColours[i % isa::kSpaces]}},
                     "bytes per second",
                     "~s",
                     peak ? std::optional(static_cast<double>(peak->count())) : std::nullopt,
                     "peak bandwidth"})});
  }
}

void add_buffer(PageSection& section, const RunTrace& trace, const RunReport& report) {
  const std::int64_t most =
      trace.buffer.empty() ? 0 : *std::max_element(trace.buffer.begin(), trace.buffer.end());
  const auto capacity = static_cast<double>(report.array.unified_buffer.count());
  section.chart(
      {fmt::format("Unified buffer: at most {} of {} in use at a time",
                   data_size(static_cast<std::uint64_t>(most)),
                   data_size(report.array.unified_buffer.count())),
       "An area: the most bytes that hold something that is still to be read, in each window; a "
       "line at the buffer's capacity.",
       time_chart({"time",
                   kCycle,
                   "cycle",
                   {{"buffer", "#009e73"}},
                   "bytes",
                   "~s",
                   capacity,
                   "capacity"})});
}

}  // namespace

void add_time(Page& page, const RunReport& report, const RunTrace& trace) {
  PageSection& section = page.section("time", "Over time");
  if (trace.windows.empty()) {
    section.missing("The run took no cycle, or was not traced.");
    return;
  }
  section.paragraph(fmt::format(
      "In windows of {} cycles, power in windows of {}. A byte of the buffer counts from when it "
      "is written until it is read for the last time.",
      grouped(trace.window.count()), grouped(trace.power.window.count())));
  page.data(power_rows(trace.power, report));
  page.data(time_rows(trace, report));
  page.data(unit_rows(trace, report));
  add_power(section, trace, report);
  add_matrix(section);
  add_units(section);
  add_memories(section, report);
  add_buffer(section, trace, report);
}

}  // namespace systol
