// A run as SCALE-Sim would have it: its closed-form cycles beside ours, and ours in the columns of
// its report. docs/scale-sim.md says where the two differ and why.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/report/report.h"
#include "host/scale_sim/config.h"

namespace systol {

/// One multiplication, [m][k] times [k][n].
struct GemmShape {
  std::uint64_t m = 0;
  std::uint64_t n = 0;
  std::uint64_t k = 0;
};

/// The "Total Cycles" of SCALE-Sim v3 in CALC mode.
Cycles scale_sim_cycles(const GemmShape& shape, std::uint64_t rows, std::uint64_t columns,
                        ScaleSimDataflow dataflow);

struct EstimatedLayer {
  std::string name;
  GemmShape shape;
  std::uint64_t batch = 0;     ///< rows of `shape` that go through at a time, at most shape.m
  std::optional<Cycles> ours;  ///< nothing where only SCALE-Sim is asked
};

/// A report's layers. A network's samples go through in the run's batches.
std::vector<EstimatedLayer> estimated_layers(const RunReport& report);

/// All of a report's matmuls by the closed form of its array's dataflow, one after another.
Cycles scale_sim_total(const RunReport& report);

struct ScaleSimEstimate {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  ScaleSimDataflow dataflow = ScaleSimDataflow::WeightStationary;  ///< the array's
  std::vector<EstimatedLayer> layers;
};

/// A row per layer and one for all: our cycles, SCALE-Sim's for all three dataflows, and how many
/// times ours its own are in the array's dataflow.
std::string estimate_text(const ScaleSimEstimate& estimate);

/// The same: "dataflow", "cycles" of all layers per dataflow, and "layers".
nlohmann::ordered_json estimate_json(const ScaleSimEstimate& estimate);

/// The run as a COMPUTE_REPORT.csv.
std::string compute_report_csv(const RunReport& report);

}  // namespace systol
