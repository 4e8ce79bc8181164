// A program on an engine, compared with the integer reference.
#pragma once

#include <vector>

#include "host/compile/program.h"
#include "host/reference/integer_network.h"
#include "host/run/output_check.h"
#include "sim/device.h"

namespace systol::test {

struct CheckedRun {
  RunResult result;
  CheckReport check;
  std::vector<std::vector<std::int8_t>> outputs;  ///< of the graph
};

inline CheckedRun checked_run(Device& device, const NetworkProgram& program,
                              const QuantGraph& graph, const std::vector<std::int8_t>& input) {
  const IntegerResult expected = run_integer(graph, input, program.plan().rows);
  OutputCheck check(program, expected);
  MemoryImage memory = program.memory(input);
  CheckedRun run;
  run.result = device.run(*program.commands(), program.nodes(), memory, &check);
  run.check = check.finish(memory);
  for (const OutputPlace& place : program.outputs()) {
    const auto bytes =
        memory.space(isa::Space::Activations).subspan(place.address, place.rows * place.columns);
    run.outputs.emplace_back(bytes.begin(), bytes.end());
  }
  return run;
}

}  // namespace systol::test
