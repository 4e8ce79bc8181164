#include "host/report/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>

#include "host/report/buffer_occupancy.h"
#include "host/report/report.h"
#include "hw/isa/text.h"
#include "sim/command_actions.h"

namespace systol {
namespace {

constexpr std::size_t kClassTrack = isa::kUnits;  ///< behind the units' tracks
constexpr std::uint64_t kBins = 1000;             ///< points per counter

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

void add(std::string& out, const std::string& event) {
  out += out.back() == '[' ? "\n" : ",\n";
  out += event;
}

std::size_t track_of(const isa::Command& command) {
  return static_cast<std::size_t>(isa::unit_of(command));
}

/// What a unit is occupied with. A matmul's drain overlaps the next feed, and requests of a DMA
/// unit overlap each other; slices of one track must not.
Cycles shown_until(const isa::Command& command, Cycles start, Cycles end) {
  return isa::unit_of(command) == isa::Unit::Matrix
             ? start + Cycles(isa::feed_steps(command.operation))
             : end;
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

void add_counter(std::string& out, const std::string& name, const std::string& unit, Cycles at,
                 double value) {
  add(out, fmt::format(R"({{"ph":"C","pid":1,"name":"{}","ts":{},"args":{{"{}":{:.6g}}}}})", name,
                       at.count(), unit, value));
}

}  // namespace

Timeline::Timeline(const ArrayConfig& config, const EnergyTable& table,
                   std::vector<std::string> layers)
    : config_(config), table_(table), layers_(std::move(layers)) {}

void Timeline::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                         Cycles end) {
  entries_.push_back({index, command, start, end});
}

void Timeline::matrix_cycles(std::uint32_t layer, CycleClass kind, Cycles from, Cycles to) {
  if (!stretches_.empty() && stretches_.back().layer == layer && stretches_.back().kind == kind &&
      kind != CycleClass::ArrayActive) {
    stretches_.back().to = to;
    return;
  }
  stretches_.push_back({layer, kind, from, to});
}

std::string Timeline::json() {
  std::ranges::sort(entries_, {}, &Entry::index);
  std::string out = R"({"displayTimeUnit":"ns","otherData":{"unit":"1 us is 1 cycle"},)"
                    R"("traceEvents":[)";
  write_names(out);
  write_commands(out);
  write_classes(out);
  write_tokens(out);
  write_counters(out);
  return out + "\n]}\n";
}

void Timeline::write_names(std::string& out) const {
  add(out, fmt::format(R"({{"ph":"M","pid":1,"name":"process_name","args":{{"name":{}}}}})",
                       quoted(config_.name)));
  const auto name = [&](std::size_t track, std::string_view text) {
    add(out, fmt::format(
                 R"({{"ph":"M","pid":1,"tid":{0},"name":"thread_name","args":{{"name":"{1}"}}}})",
                 track, text));
    add(out,
        fmt::format(
            R"({{"ph":"M","pid":1,"tid":{0},"name":"thread_sort_index","args":{{"sort_index":{0}}}}})",
            track));
  };
  for (std::size_t unit = 0; unit < isa::kUnits; ++unit) {
    name(unit, isa::kUnitNames[unit]);
  }
  name(kClassTrack, "matrix unit's cycles");
}

/// A matmul also says what the matrix unit waited for before it.
void Timeline::write_commands(std::string& out) const {
  std::array<Cycles, isa::kUnits> shown{};
  std::size_t stretch = 0;
  for (const Entry& entry : entries_) {
    const std::size_t track = track_of(entry.command);
    const Cycles from = std::max(entry.start, shown[track]);
    const Cycles to = std::max(from, shown_until(entry.command, entry.start, entry.end));
    shown[track] = to;
    Activity moved;
    count_actions(entry.command.operation, config_, moved);
    Ledger before;
    if (isa::unit_of(entry.command) == isa::Unit::Matrix) {
      for (; stretch < stretches_.size() && stretches_[stretch].from < entry.start; ++stretch) {
        before[stretches_[stretch].kind] += stretches_[stretch].to - stretches_[stretch].from;
      }
    }
    const isa::Origin& origin = entry.command.origin;
    add(out,
        fmt::format(
            R"({{"ph":"X","pid":1,"tid":{},"name":"{}","ts":{},"dur":{},"args":{{"command":{},)"
            R"("layer":{},"tile_row":{},"tile_column":{},"tile_depth":{},"memory_bytes":{},)"
            R"("buffer_bytes":{},"start":{},"end":{},"text":{}{}}}}})",
            track, isa::mnemonic(entry.command), from.count(), (to - from).count(), entry.index,
            quoted(layers_[origin.node]), origin.row, origin.column, origin.depth,
            memory_bytes(moved), moved[Action::BufferReadBytes] + moved[Action::BufferWriteBytes],
            entry.start.count(), entry.end.count(), quoted(isa::to_text(entry.command.operation)),
            stalls_text(before)));
  }
}

void Timeline::write_classes(std::string& out) const {
  for (const Stretch& stretch : stretches_) {
    add(out,
        fmt::format(
            R"({{"ph":"X","pid":1,"tid":{},"name":"{}","ts":{},"dur":{},"args":{{"layer":{}}}}})",
            kClassTrack, kCycleClassNames[static_cast<std::size_t>(stretch.kind)],
            stretch.from.count(), (stretch.to - stretch.from).count(),
            quoted(layers_[stretch.layer])));
  }
}

/// The k-th token from one unit to another is taken by the other's k-th wait for it.
void Timeline::write_tokens(std::string& out) const {
  std::array<std::deque<const Entry*>, isa::kUnits * isa::kUnits> given;
  std::uint64_t flow = 0;
  for (const Entry& entry : entries_) {
    const std::size_t track = track_of(entry.command);
    for (std::size_t other = 0; other < isa::kUnits; ++other) {
      const auto unit = static_cast<isa::Unit>(other);
      std::deque<const Entry*>& tokens = given[other * isa::kUnits + track];
      if (entry.command.wait.has(unit) && !tokens.empty()) {
        const Entry& giver = *tokens.front();
        const Cycles last = shown_until(giver.command, giver.start, giver.end);
        const Cycles from = std::max(last, giver.start + Cycles(1)) - Cycles(1);
        add(out,
            fmt::format(
                R"({{"ph":"s","pid":1,"tid":{},"id":{},"cat":"token","name":"token","ts":{}}})",
                other, flow, from.count()));
        add(out,
            fmt::format(
                R"({{"ph":"f","bp":"e","pid":1,"tid":{},"id":{},"cat":"token","name":"token","ts":{}}})",
                track, flow, entry.start.count()));
        ++flow;
        tokens.pop_front();
      }
    }
    for (std::size_t other = 0; other < isa::kUnits; ++other) {
      if (entry.command.signal.has(static_cast<isa::Unit>(other))) {
        given[track * isa::kUnits + other].push_back(&entry);
      }
    }
  }
}

void Timeline::write_counters(std::string& out) const {
  const Cycles bin(std::max<std::uint64_t>(1, finish().count() / kBins));
  const double seconds =
      static_cast<double>(bin.count()) / static_cast<double>(config_.clock.count());
  const std::vector<double> bytes = binned(&Timeline::memory_traffic, bin);
  const std::vector<double> dynamic = binned(&Timeline::dynamic_energy, bin);
  const double idle = account({}, bin, config_, table_).total.count();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const Cycles at(i * bin.count());
    add_counter(out, "memory traffic", "GB/s", at, bytes[i] / seconds / 1e9);
    add_counter(out, "power", "mW", at, (dynamic[i] + idle) / seconds / 1e9);
  }
  BufferOccupancy occupancy;
  std::vector<std::pair<Cycles, int>> tiles;
  for (const Entry& entry : entries_) {
    occupancy.add(entry.command.operation, entry.end);
    const auto* matmul = std::get_if<isa::Matmul>(&entry.command.operation);
    if (isa::unit_of(entry.command) == isa::Unit::Weights) {
      tiles.emplace_back(entry.end, 1);
    } else if (isa::unit_of(entry.command) == isa::Unit::Matrix &&
               (matmul == nullptr || !matmul->reuse)) {
      tiles.emplace_back(entry.start, -1);
    }
  }
  for (const auto& [at, held] : occupancy.finish()) {
    add_counter(out, "unified buffer", "bytes in use", at, static_cast<double>(held));
  }
  std::ranges::stable_sort(tiles, {}, &std::pair<Cycles, int>::first);
  int waiting = 0;
  for (const auto& [at, change] : tiles) {
    waiting += change;
    add_counter(out, "weight tiles", "arrived and not yet active", at, waiting);
  }
}

/// Spreads each command's amount evenly over its time.
std::vector<double> Timeline::binned(double (Timeline::*amount)(const Entry&) const,
                                     Cycles bin) const {
  std::vector<double> bins(finish().count() / bin.count() + 1);
  for (const Entry& entry : entries_) {
    const double total = (this->*amount)(entry);
    const auto length = static_cast<double>((entry.end - entry.start).count());
    for (std::uint64_t at = entry.start.count(); total > 0 && at < entry.end.count();) {
      const std::uint64_t index = at / bin.count();
      const std::uint64_t until = std::min((index + 1) * bin.count(), entry.end.count());
      bins[index] += total * static_cast<double>(until - at) / length;
      at = until;
    }
  }
  return bins;
}

double Timeline::memory_traffic(const Entry& entry) const {
  Activity moved;
  count_actions(entry.command.operation, config_, moved);
  return static_cast<double>(memory_bytes(moved));
}

double Timeline::dynamic_energy(const Entry& entry) const {
  Activity moved;
  count_actions(entry.command.operation, config_, moved);
  return account(moved, Cycles(0), config_, table_).total.count();
}

Cycles Timeline::finish() const {
  Cycles last;
  for (const Entry& entry : entries_) {
    last = std::max(last, entry.end);
  }
  return last;
}

}  // namespace systol
