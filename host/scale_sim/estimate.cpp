#include "host/scale_sim/estimate.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/report/numbers.h"
#include "host/report/text_table.h"

namespace systol {
namespace {

std::uint64_t folds(std::uint64_t size, std::uint64_t side) { return (size + side - 1) / side; }

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

/// All of a layer's batches, one after another.
Cycles cycles_of(const EstimatedLayer& layer, const ScaleSimEstimate& estimate,
                 ScaleSimDataflow dataflow) {
  const auto cycles = [&](std::uint64_t m) {
    return scale_sim_cycles({m, layer.shape.n, layer.shape.k}, estimate.rows, estimate.columns,
                            dataflow);
  };
  Cycles sum = cycles(layer.batch) * (layer.shape.m / layer.batch);
  if (const std::uint64_t rest = layer.shape.m % layer.batch; rest != 0) {
    sum += cycles(rest);
  }
  return sum;
}

Cycles total_of(const ScaleSimEstimate& estimate, ScaleSimDataflow dataflow) {
  Cycles sum;
  for (const EstimatedLayer& layer : estimate.layers) {
    sum += cycles_of(layer, estimate, dataflow);
  }
  return sum;
}

std::optional<Cycles> our_total(const ScaleSimEstimate& estimate) {
  Cycles sum;
  for (const EstimatedLayer& layer : estimate.layers) {
    if (!layer.ours) {
      return std::nullopt;
    }
    sum += *layer.ours;
  }
  return sum;
}

template <class CyclesIn>
std::vector<std::string> row(const std::string& name, const std::string& size,
                             std::optional<Cycles> ours, const ScaleSimEstimate& estimate,
                             CyclesIn cycles_in) {
  const Cycles theirs = cycles_in(estimate.dataflow);
  std::vector<std::string> cells = {name, size, ours ? grouped(ours->count()) : "-"};
  for (const ScaleSimDataflow dataflow : kScaleSimDataflows) {
    cells.push_back(grouped(cycles_in(dataflow).count()));
  }
  cells.push_back(ours ? fmt::format("{:.2f}", ratio(static_cast<double>(theirs.count()),
                                                     static_cast<double>(ours->count())))
                       : "-");
  return cells;
}

nlohmann::ordered_json cycles_json(auto cycles_in) {
  nlohmann::ordered_json json;
  for (const ScaleSimDataflow dataflow : kScaleSimDataflows) {
    json[std::string(long_name_of(dataflow))] = cycles_in(dataflow).count();
  }
  return json;
}

/// Cycles in which the matrix unit had something to multiply and waited for memory or for room.
Cycles stalls(const Ledger& ledger) {
  return ledger[CycleClass::WeightStall] + ledger[CycleClass::InputStall] +
         ledger[CycleClass::RawStall];
}

}  // namespace

Cycles scale_sim_cycles(const GemmShape& shape, std::uint64_t rows, std::uint64_t columns,
                        ScaleSimDataflow dataflow) {
  const auto [m, n, k] = shape;
  std::uint64_t all = 0;
  switch (dataflow) {
    case ScaleSimDataflow::WeightStationary:
      all = folds(k, rows) * folds(n, columns) * (2 * rows + columns + m - 2);
      break;
    case ScaleSimDataflow::OutputStationary:
      all = folds(m, rows) * folds(n, columns) * (rows + columns + k - 2);
      break;
    case ScaleSimDataflow::InputStationary:
      all = folds(k, rows) * folds(m, columns) * (2 * rows + columns + n - 2);
      break;
  }
  return Cycles(all - 1);  // it reports the index of the last cycle
}

std::vector<EstimatedLayer> estimated_layers(const RunReport& report) {
  std::vector<EstimatedLayer> layers;
  for (const NodeReport& node : report.nodes) {
    if (node.k == 0) {
      continue;  // SCALE-Sim has matrix multiplications only
    }
    // A topology's layer has rows of its own, which all go through together.
    const std::uint64_t batch = node.m == report.samples ? report.batch : node.m;
    layers.push_back({node.name, {node.m, node.n, node.k}, batch, node.ledger.total()});
  }
  return layers;
}

Cycles scale_sim_total(const RunReport& report) {
  const ScaleSimDataflow dataflow = scale_sim_dataflow(report.array.dataflow);
  return total_of({report.array.rows, report.array.columns, dataflow, estimated_layers(report)},
                  dataflow);
}

std::string estimate_text(const ScaleSimEstimate& estimate) {
  TextTable table({"layer", "M x K x N", "Systol", "SCALE-Sim ws", "os", "is",
                   fmt::format("{} / Systol", name_of(estimate.dataflow))});
  for (const EstimatedLayer& layer : estimate.layers) {
    const auto& [m, n, k] = layer.shape;
    table.add(row(layer.name, fmt::format("{} x {} x {}", m, k, n), layer.ours, estimate,
                  [&](ScaleSimDataflow dataflow) { return cycles_of(layer, estimate, dataflow); }));
  }
  table.add(row("total", "", our_total(estimate), estimate,
                [&](ScaleSimDataflow dataflow) { return total_of(estimate, dataflow); }));
  return fmt::format(
             "cycles beside SCALE-Sim's closed form on {}x{} ({}); docs/scale-sim.md says where "
             "they differ\n",
             estimate.rows, estimate.columns, long_name_of(estimate.dataflow)) +
         table.text();
}

nlohmann::ordered_json estimate_json(const ScaleSimEstimate& estimate) {
  nlohmann::ordered_json json;
  json["of"] = "scale-sim";
  json["dataflow"] = long_name_of(estimate.dataflow);
  json["cycles"] =
      cycles_json([&](ScaleSimDataflow dataflow) { return total_of(estimate, dataflow); });
  json["layers"] = nlohmann::ordered_json::array();
  for (const EstimatedLayer& layer : estimate.layers) {
    json["layers"].push_back({{"name", layer.name},
                              {"m", layer.shape.m},
                              {"n", layer.shape.n},
                              {"k", layer.shape.k},
                              {"cycles", cycles_json([&](ScaleSimDataflow dataflow) {
                                 return cycles_of(layer, estimate, dataflow);
                               })}});
  }
  return json;
}

std::string compute_report_csv(const RunReport& report) {
  std::string text =
      "LayerID, Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util "
      "%,\n";
  const double pes =
      static_cast<double>(report.array.rows) * static_cast<double>(report.array.columns);
  std::size_t number = 0;
  for (const NodeReport& node : report.nodes) {
    if (node.k == 0) {
      continue;
    }
    const Cycles total = node.ledger.total();
    const Cycles stalled = stalls(node.ledger);
    const auto macs = static_cast<double>(node.activity[Action::MacsUseful]);
    const auto slots = macs + static_cast<double>(node.activity[Action::MacsUnused]);
    const auto per_cycle = [&](Cycles cycles) {
      return kPercent * ratio(macs, pes * static_cast<double>(cycles.count()));
    };
    text += fmt::format("{}, {}, {}, {:.4f}, {:.4f}, {:.4f},\n", number++, total.count(),
                        stalled.count(), per_cycle(total), kPercent * ratio(macs, slots),
                        per_cycle(total - stalled));
  }
  return text;
}

}  // namespace systol
