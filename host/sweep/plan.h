// What a sweep's YAML file asks for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/report/limit.h"
#include "host/sweep/array_keys.h"
#include "host/sweep/axis.h"
#include "host/sweep/condition.h"

namespace systol {

enum class Sampling : std::uint8_t { Grid, Random, LatinHypercube };

struct SweepPlan {
  std::string place;                ///< the file, for messages
  std::vector<std::string> models;  ///< model files, topologies, or sizes of dense layers
  std::vector<std::filesystem::path> arrays;
  std::vector<std::string> overrides;  ///< of all points: "memory.dram.latency=50 ns"
  std::vector<Axis> axes;
  std::vector<ArrayKey> keys;         ///< of the overrides and the axes
  std::vector<Condition> conditions;  ///< points that do not meet them are no points
  Sampling sampling = Sampling::Grid;
  std::uint64_t samples = 0;  ///< of a sampling other than a grid
  std::uint64_t seed = 1;
  std::string engine = "fast";  ///< "fast", "systemc" or "rtl"
  bool data = false;            ///< values are computed and checked, not time and traffic alone
  std::optional<std::uint32_t> batch;
  std::vector<Limit> limits;
  std::vector<std::size_t> objectives;  ///< indices of metrics(); at least one
};

/// Reads and checks a plan. Paths in it are relative to it. Throws InputError.
SweepPlan load_sweep_plan(const std::filesystem::path& path);

}  // namespace systol
