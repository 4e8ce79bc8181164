#include "host/session/workload.h"

#include "host/session/topology_run.h"

namespace systol {

const std::string& name_of(const Workload& workload) {
  const auto* prepared = std::get_if<Prepared>(&workload);
  return prepared != nullptr ? prepared->graph().name : std::get<Topology>(workload).name;
}

RunReport run(const Workload& workload, const ArrayConfig& config, const EngineSpec& engine,
              const RunOptions& options, const Progress& progress) {
  if (const auto* prepared = std::get_if<Prepared>(&workload)) {
    return run(*prepared, config, engine, options, progress);
  }
  return run_topology(std::get<Topology>(workload), config, engine, options, progress);
}

}  // namespace systol
