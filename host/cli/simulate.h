// From files and options to a report: the straight line, in one place for `run` and `compare`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/engines.h"
#include "host/compile/compile.h"
#include "host/graph.h"
#include "host/import/scale_sim_topology.h"
#include "host/report/report.h"

namespace systol {

struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

/// Where a network's samples come from.
struct InputOptions {
  std::optional<std::filesystem::path> images;
  std::optional<std::filesystem::path> labels;
  std::optional<std::uint32_t> limit;
  std::optional<double> scale;  ///< input = pixel * scale + offset
  std::optional<double> offset;
  std::optional<ImageSize> resize;
};

/// The samples that run, those that calibrate, and the labels.
struct Samples {
  std::vector<float> values;       ///< [count][inputs]
  std::vector<float> calibration;  ///< [..][inputs]
  std::size_t count = 0;
  std::vector<std::uint8_t> labels;  ///< empty, or one per sample
  std::string how;
};

/// Reads the images, or makes `synthetic_count` samples where there are none.
Samples load_samples(const Graph& graph, const InputOptions& options,
                     std::uint32_t synthetic_count);

struct SimulationOptions {
  std::string engine = "fast";
  EngineOptions engine_options;
  std::optional<std::uint32_t> batch;  ///< samples at a time; all of them without
  bool check = true;
  bool data = true;            ///< without: time and traffic only (fast engine), no outputs
  bool scores = true;          ///< compare the outputs with the float network's
  bool command_times = false;  ///< fill RunReport::command_times
  std::optional<std::filesystem::path> timeline;
};

/// Quantises, compiles, runs, checks and accounts.
RunReport simulate(const Graph& graph, const Samples& samples, const ArrayConfig& config,
                   const SimulationOptions& options);

/// Each layer as a network of its own, with made-up values, one after another: the report has all
/// layers, and cycles, energy and checks are their sums. `options.batch` is each layer's M.
RunReport simulate_topology(const Topology& topology, const ArrayConfig& config,
                            const SimulationOptions& options);

}  // namespace systol
