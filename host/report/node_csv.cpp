#include "host/report/node_csv.h"

#include <fmt/format.h>

#include "host/report/csv_field.h"

namespace systol {
namespace {

double utilisation(const RunReport& report, const NodeReport& node) {
  const double slots = static_cast<double>(report.array.rows) * report.array.columns *
                       static_cast<double>(node.ledger.total().count());
  return slots == 0 ? 0 : static_cast<double>(node.activity[Action::MacsUseful]) / slots;
}

}  // namespace

std::string node_csv(const RunReport& report) {
  std::string text = "node,operation,m,k,n,cycles";
  for (const std::string_view name : kCycleClassNames) {
    text += fmt::format(",{}", name);
  }
  text += ",utilisation,macs,memory_bytes,buffer_bytes,energy_pj\n";
  for (const NodeReport& node : report.nodes) {
    text += fmt::format("{},{},{},{},{},{}", csv_field(node.name), csv_field(node.operation),
                        node.m, node.k, node.n, node.ledger.total().count());
    for (const Cycles cycles : node.ledger.cycles) {
      text += fmt::format(",{}", cycles.count());
    }
    text += fmt::format(
        ",{},{},{},{},{}\n", utilisation(report, node), node.activity[Action::MacsUseful],
        memory_bytes(node.activity),
        node.activity[Action::BufferReadBytes] + node.activity[Action::BufferWriteBytes],
        node.energy.total.count());
  }
  return text;
}

}  // namespace systol
