// Whatever can run on an array: a model with its samples, or a topology's layers.
#pragma once

#include <string>
#include <variant>

#include "host/scale_sim/topology.h"
#include "host/session/prepared.h"
#include "host/session/run.h"

namespace systol {

using Workload = std::variant<Prepared, Topology>;

/// As reports call it.
const std::string& name_of(const Workload& workload);

/// As run() and run_topology() do.
RunReport run(const Workload& workload, const ArrayConfig& config, const EngineSpec& engine,
              const RunOptions& options, const Progress& progress = {});

}  // namespace systol
