#include "host/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/report/bound.h"
#include "host/report/numbers.h"
#include "host/report/power_chart.h"
#include "host/report/text_table.h"
#include "sim/config/dram_file.h"

namespace systol {
namespace {

std::string title(const RunReport& report) {
  const ArrayConfig& array = report.array;
  return fmt::format(
      "{} on {} ({}x{} {}, {}, {:g} MHz), {} engine\n{} sample{} in batches of "
      "{}: {}\n",
      report.model, array.name, array.rows, array.columns, isa::describe(array.pe).name,
      spelled(array.dataflow), static_cast<double>(array.clock.count()) / 1e6, report.engine,
      report.samples, report.samples == 1 ? "" : "s", report.batch, report.input);
}

std::string share_of(Cycles part, Cycles whole) {
  return percent(whole.count() == 0
                     ? 0
                     : static_cast<double>(part.count()) / static_cast<double>(whole.count()));
}

/// What the table's rows have in common: a node's, and that of all.
struct RowSums {
  Cycles cycles;
  const Activity& activity;
  const EnergyReport& used;
};

std::vector<std::string> cells_of(const RunReport& report, const RowSums& sums) {
  const auto& [cycles, activity, used] = sums;
  const double slots = static_cast<double>(report.array.rows) * report.array.columns *
                       static_cast<double>(cycles.count());
  return {grouped(cycles.count()),
          percent(slots == 0 ? 0 : static_cast<double>(activity[Action::MacsUseful]) / slots),
          data_size(memory_bytes(activity)),
          data_size(activity[Action::BufferReadBytes] + activity[Action::BufferWriteBytes]),
          energy(used.total)};
}

/// M x K x N of a matmul, M x N of what has no K.
std::string size_of(const NodeReport& node) {
  return node.k == 0 ? fmt::format("{} x {}", node.m, node.n)
                     : fmt::format("{} x {} x {}", node.m, node.k, node.n);
}

/// Whether a PE row takes several places of the depth, or a part of one's group.
bool feeds_other_depths(const RunReport& report) {
  return std::ranges::any_of(report.nodes, [](const NodeReport& node) {
    return node.fed_depth != 0 && node.fed_depth != node.k;
  });
}

std::string node_table(const RunReport& report, std::size_t width) {
  static constexpr std::array<std::string_view, 6> kLeast = {"buffer", "memory", "utilisation",
                                                             "energy", "fed K",  "M x K x N"};
  const bool has_fed = feeds_other_depths(report);
  const auto row = [has_fed](std::vector<std::string> first, const std::string& fed,
                             const std::vector<std::string>& sums, std::string_view bound) {
    if (has_fed) {
      first.push_back(fed);
    }
    first.insert(first.end(), sums.begin(), sums.end());
    first.emplace_back(bound);
    return first;
  };
  FittedTable table(row({"node", "M x K x N"}, "fed K",
                        {"cycles", "utilisation", "memory", "buffer", "energy"}, "bound by"));
  for (const NodeReport& node : report.nodes) {
    table.add(row({node.name, size_of(node)}, node.fed_depth == 0 ? "" : grouped(node.fed_depth),
                  cells_of(report, {node.ledger.total(), node.activity, node.energy}),
                  bound_of(node)));
  }
  table.add(row({"total", ""}, "",
                cells_of(report, {report.cycles, report.activity, report.energy}), ""));
  return table.text(width, kLeast);
}

std::string ledger_table(const RunReport& report) {
  TextTable table({"cycles spent on", "cycles", "share"});
  for (std::size_t i = 0; i < report.ledger.cycles.size(); ++i) {
    table.add({std::string(kCycleClassNames[i]), grouped(report.ledger.cycles[i].count()),
               share_of(report.ledger.cycles[i], report.cycles)});
  }
  table.add({"total", grouped(report.ledger.total().count()), ""});
  return table.text();
}

/// Empty for what is not on the die.
std::string area_of(const RunReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.hardware, name, &Component::name);
  return found == report.hardware.end() || found->area.count() == 0 ? "" : area(found->area);
}

std::string energy_table(const RunReport& report) {
  TextTable table({"energy of", "energy", "share", "area"});
  for (const auto& [name, used] : report.energy.components) {
    table.add(
        {name, energy(used),
         percent(report.energy.total.count() == 0 ? 0 : used.count() / report.energy.total.count()),
         area_of(report, name)});
  }
  table.add({"total", energy(report.energy.total), "", area(total_area(report.hardware))});
  return table.text();
}

std::string summary(const RunReport& report) {
  const double macs = static_cast<double>(report.activity[Action::MacsUseful]);
  const double zero = macs == 0 ? 0 : static_cast<double>(report.activity[Action::MacsZero]) / macs;
  return fmt::format(
      "time {} ({} cycles), {:.4g} of {:.4g} TOPS, utilisation {}\n"
      "energy {} ({} per inference), average power {}, {:.3g} TOPS/W\n"
      "area {}, {:.3g} TOPS/mm2 of at most {:.3g}\n"
      "{} MACs, {}; energy of pe: {}\n",
      duration(report.seconds()), grouped(report.cycles.count()), report.achieved_tops(),
      report.peak_tops(), percent(report.utilisation()), energy(report.energy.total),
      energy(report.energy_per_inference()), power(report.power_w()), report.tops_per_watt(),
      area(total_area(report.hardware)), report.tops_per_mm2(), report.peak_tops_per_mm2(),
      grouped(report.activity[Action::MacsUseful]),
      isa::is_signs(report.array.pe)
          ? fmt::format("each of {} products of signs", isa::kSignsInByte)
          : fmt::format("{} of them with a zero operand", percent(zero)),
      report.operand_basis);
}

/// What happened in the banks of the memories that have any.
std::string banks(const RunReport& report) {
  std::string text;
  for (const MemoryConfig& memory : report.array.memories) {
    if (!memory.dram) {
      continue;
    }
    const auto count = [&](DramEvent event) {
      std::uint64_t sum = 0;
      for (const isa::Space space : memory.holds) {
        sum += report.activity[dram_action(space, event)];
      }
      return sum;
    };
    const std::uint64_t bursts = count(DramEvent::ReadBursts) + count(DramEvent::WriteBursts);
    const std::uint64_t hits = count(DramEvent::RowHits);
    text += fmt::format(
        "memory {} ({}): {} bursts read, {} written; {} row hits ({}), {} misses, {} conflicts; {} "
        "activates, {} refreshes\n",
        memory.name, model_of(memory), grouped(count(DramEvent::ReadBursts)),
        grouped(count(DramEvent::WriteBursts)), grouped(hits),
        percent(bursts == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(bursts)),
        grouped(count(DramEvent::RowMisses)), grouped(count(DramEvent::RowConflicts)),
        grouped(count(DramEvent::Activates)), grouped(count(DramEvent::Refreshes)));
  }
  return text;
}

/// How much more than an even share of an SRAM's accesses its busiest bank has.
std::string busiest_banks(const RunReport& report) {
  std::string text;
  for (std::size_t i = 0; i < kSrams; ++i) {
    const auto& [reads, writes] = report.srams.srams[i];
    std::uint64_t sum = 0;
    std::uint64_t most = 0;
    for (std::size_t bank = 0; bank < reads.size(); ++bank) {
      sum += reads[bank] + writes[bank];
      most = std::max(most, reads[bank] + writes[bank]);
    }
    if (sum > 0) {
      text += fmt::format(
          "{}{} {:.2f}", text.empty() ? "" : ", ", kSramTexts[i].name,
          static_cast<double>(most) * static_cast<double>(reads.size()) / static_cast<double>(sum));
    }
  }
  return text.empty() ? text
                      : fmt::format("accesses of the busiest bank, in even shares: {}\n", text);
}

/// What did not fit on the chip, and what that costs.
std::string streamed(const RunReport& report) {
  if (!report.streamed) {
    return {};
  }
  const std::uint64_t bytes = report.activity[Action::ActivationsReadBytes] +
                              report.activity[Action::ActivationsWriteBytes];
  return fmt::format(
      "the activations of a sample do not fit the unified buffer ({}) and stream through memory: "
      "{} moved, where inputs and outputs are {}\n",
      data_size(report.array.unified_buffer.count()), data_size(bytes),
      data_size(report.end_bytes));
}

std::string power_over_time(const RunReport& report) {
  std::string text;
  if (report.power_over_time) {
    const PowerOverTime& over_time = *report.power_over_time;
    const std::uint64_t stretch = over_time.resolution.count();
    text += fmt::format(
        "\npower: average {}, largest {} in windows of {} cycles ({}), peak {} in {}\n{}\n",
        power(report.power_w()), power(over_time.largest.count()),
        grouped(over_time.window.count()),
        duration(static_cast<double>(over_time.window.count()) /
                 static_cast<double>(report.array.clock.count())),
        power(over_time.peak().count()), stretch == 1 ? "a cycle" : grouped(stretch) + " cycles",
        power_chart(over_time, report.cycles));
  }
  if (report.partial_load) {
    text += fmt::format("with work for {} of the time: average power {} (idle {})\n",
                        percent(report.partial_load->share), power(report.partial_power_w()),
                        power(report.partial_load->idle.count()));
  }
  return text;
}

std::string check_line(const RunReport& report) {
  const CheckReport& check = report.check;
  const std::string_view values = checked_values(report.array);
  if (!check.enabled) {
    return "check: skipped\n";
  }
  if (check.passed()) {
    return fmt::format("check: ok, {} {} values equal the independent reference bit for bit\n",
                       grouped(check.compared), values);
  }
  std::string text = fmt::format(
      "check: FAILED, {} of {} {} values differ from the reference, {} missing\n",
      grouped(check.mismatches), grouped(check.compared), values, grouped(check.missing));
  if (check.first_mismatch) {
    const Mismatch& first = *check.first_mismatch;
    text += fmt::format(
        "  first: node {}, command {} ({}), tile at row {}, column {}: value at row {}, column "
        "{} (PE column {}) is {}, expected {}\n",
        first.node, first.command, first.command_text, first.tile_row, first.tile_column, first.row,
        first.column, first.pe_column, first.got, first.expected);
  }
  for (const std::string& failure : check.failures) {
    text += "  " + failure + '\n';
  }
  return text;
}

std::string scores(const RunReport& report) {
  std::string text;
  if (report.score_error) {
    text += fmt::format("scores against the float network: largest error {:.3g}, mean {:.3g}\n",
                        report.score_error->largest, report.score_error->mean);
  }
  if (report.accuracy) {
    text += fmt::format("accuracy on {} samples: {} {}, {} float\n", report.accuracy->samples,
                        percent(report.accuracy->quantised), result_values(report.array),
                        percent(report.accuracy->floating));
  }
  return text;
}

}  // namespace

std::string to_text(const RunReport& report, std::size_t width) {
  std::string text = title(report) + '\n' + node_table(report, width) + '\n' +
                     ledger_table(report) + '\n' + energy_table(report) + '\n' + summary(report) +
                     power_over_time(report) + streamed(report) + busiest_banks(report) +
                     banks(report) + check_line(report) + scores(report);
  for (const std::string& note : report.notes) {
    text += "note: " + note + '\n';
  }
  return text;
}

}  // namespace systol
