// A quantised network through a compiled program, an engine and the check.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/compile/compile.h"
#include "host/run/output_check.h"
#include "sim/device.h"

namespace systol {

struct NetworkRun {
  RunResult result;
  std::vector<std::int8_t> outputs;  ///< [samples][outputs], as the machine stored them
  CheckReport check;
};

/// Runs `program` and, if `checked`, compares every layer's output with the integer reference.
/// `input` is what the program was loaded with. `watchers` see the run too.
NetworkRun run_network(Device& device, const QuantGraph& graph, LoadedProgram program,
                       std::span<const std::int8_t> input, std::uint32_t pe_columns, bool checked,
                       const std::vector<Observer*>& watchers = {});

}  // namespace systol
