#include "host/report/timeline_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "host/report/report.h"
#include "host/report/timeline_counters.h"
#include "hw/isa/text.h"
#include "sim/command_actions.h"

namespace systol {
namespace {

using Command = TimelineRecord::Command;

constexpr std::size_t kClassTrack = isa::kUnits;  ///< after the units' tracks

/// As JSON, whatever bytes the text has.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::size_t track_of(const isa::Command& command) {
  return static_cast<std::size_t>(isa::unit_of(command));
}

/// A key for each class that has cycles, once, whatever came in between.
std::string stalls_text(const Ledger& ledger) {
  std::string text;
  for (std::size_t i = 0; i < ledger.cycles.size(); ++i) {
    if (i != static_cast<std::size_t>(CycleClass::ArrayActive) && ledger.cycles[i] > Cycles(0)) {
      text += fmt::format(R"(,"{}":{})", kCycleClassNames[i], ledger.cycles[i].count());
    }
  }
  return text;
}

/// The events, one after another.
class Trace {
 public:
  Trace(const TimelineRecord& record, const ArrayConfig& config, const EnergyTable& table)
      : record_(record), config_(config), table_(table) {}

  std::string text() {
    write_names();
    write_commands();
    write_classes();
    write_tokens();
    write_counters();
    return std::move(out_) + "\n]}\n";
  }

 private:
  void add(const std::string& event) {
    out_ += out_.back() == '[' ? "\n" : ",\n";
    out_ += event;
  }

  void write_names();
  void write_commands();
  void write_classes();
  void write_tokens();
  void write_counters();

  const TimelineRecord& record_;
  const ArrayConfig& config_;
  const EnergyTable& table_;
  std::string out_ = R"({"displayTimeUnit":"ns","otherData":{"unit":"1 us is 1 cycle"},)"
                     R"("traceEvents":[)";
};

void Trace::write_names() {
  add(fmt::format(R"({{"ph":"M","pid":1,"name":"process_name","args":{{"name":{}}}}})",
                  quoted(config_.name)));
  const auto name = [&](std::size_t track, std::string_view text) {
    add(fmt::format(
        R"({{"ph":"M","pid":1,"tid":{0},"name":"thread_name","args":{{"name":"{1}"}}}})", track,
        text));
    add(fmt::format(
        R"({{"ph":"M","pid":1,"tid":{0},"name":"thread_sort_index","args":{{"sort_index":{0}}}}})",
        track));
  };
  for (std::size_t unit = 0; unit < isa::kUnits; ++unit) {
    name(unit, isa::kUnitNames[unit]);
  }
  name(kClassTrack, "matrix unit's cycles");
}

/// A matmul also says what the matrix unit waited for before it.
void Trace::write_commands() {
  std::array<Cycles, isa::kUnits> shown{};
  std::size_t stretch = 0;
  for (const Command& entry : record_.commands) {
    const std::size_t track = track_of(entry.command);
    // Requests of a DMA unit overlap each other; slices of one track must not.
    const Cycles from = std::max(entry.start, shown[track]);
    const Cycles to = std::max(from, entry.occupies_until());
    shown[track] = to;
    // Its end is in the window, but not what a slice shows of it.
    if (to < record_.from || from >= record_.to) {
      continue;
    }
    Activity moved;
    count_actions(entry.command.operation, config_, moved);
    Ledger before;
    if (isa::unit_of(entry.command) == isa::Unit::Matrix) {
      for (; stretch < record_.stretches.size() && record_.stretches[stretch].from < entry.start;
           ++stretch) {
        const TimelineRecord::Stretch& s = record_.stretches[stretch];
        before[s.kind] += s.to - s.from;
      }
    }
    const isa::Origin& origin = entry.command.origin;
    add(fmt::format(
        R"({{"ph":"X","pid":1,"tid":{},"name":"{}","ts":{},"dur":{},"args":{{"command":{},)"
        R"("layer":{},"tile_row":{},"tile_column":{},"tile_depth":{},"memory_bytes":{},)"
        R"("buffer_bytes":{},"start":{},"end":{},"text":{}{}}}}})",
        track, isa::mnemonic(entry.command), from.count(), (to - from).count(), entry.index,
        quoted(record_.nodes[origin.node]), origin.row, origin.column, origin.depth,
        memory_bytes(moved), moved[Action::BufferReadBytes] + moved[Action::BufferWriteBytes],
        entry.start.count(), entry.end.count(), quoted(isa::to_text(entry.command.operation)),
        stalls_text(before)));
  }
}

void Trace::write_classes() {
  for (const TimelineRecord::Stretch& stretch : record_.stretches) {
    add(fmt::format(
        R"({{"ph":"X","pid":1,"tid":{},"name":"{}","ts":{},"dur":{},"args":{{"layer":{}}}}})",
        kClassTrack, kCycleClassNames[static_cast<std::size_t>(stretch.kind)], stretch.from.count(),
        (stretch.to - stretch.from).count(), quoted(record_.nodes[stretch.node])));
  }
}

/// An arrow from where a giver was last occupied to where the taker starts, if both are shown.
void Trace::write_tokens() {
  std::map<std::array<std::size_t, 3>, const Command*> givers;  // by from, to, number
  for (const Command& entry : record_.commands) {
    entry.command.signal.for_each([&](isa::Unit to) {
      const auto target = static_cast<std::size_t>(to);
      givers[{track_of(entry.command), target, entry.given[target]}] = &entry;
    });
  }
  std::uint64_t flow = 0;
  for (const Command& entry : record_.commands) {
    const std::size_t track = track_of(entry.command);
    entry.command.wait.for_each([&](isa::Unit from) {
      const auto source = static_cast<std::size_t>(from);
      const auto giver = givers.find({source, track, entry.taken[source]});
      if (giver == givers.end()) {
        return;
      }
      const Cycles last =
          std::max(giver->second->occupies_until(), giver->second->start + Cycles(1));
      add(fmt::format(
          R"({{"ph":"s","pid":1,"tid":{},"id":{},"cat":"token","name":"token","ts":{}}})", source,
          flow, (last - Cycles(1)).count()));
      add(fmt::format(
          R"({{"ph":"f","bp":"e","pid":1,"tid":{},"id":{},"cat":"token","name":"token","ts":{}}})",
          track, flow, entry.start.count()));
      ++flow;
    });
  }
}

void Trace::write_counters() {
  for (const TimelineCounter& counter : timeline_counters(record_, config_, table_)) {
    for (const auto& [at, value] : counter.points) {
      add(fmt::format(R"({{"ph":"C","pid":1,"name":{},"ts":{},"args":{{"{}":{:.6g}}}}})",
                      quoted(counter.name), at.count(), counter.unit, value));
    }
  }
}

}  // namespace

std::string timeline_trace(const TimelineRecord& record, const ArrayConfig& config,
                           const EnergyTable& table) {
  return Trace(record, config, table).text();
}

}  // namespace systol
