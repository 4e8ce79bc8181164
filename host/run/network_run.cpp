#include "host/run/network_run.h"

#include <optional>

namespace systol {

NetworkRun run_network(Device& device, const QuantGraph& graph, const CompiledProgram& compiled,
                       std::span<const std::int8_t> input, std::uint32_t pe_columns,
                       bool checked) {
  std::optional<IntegerResult> expected;
  std::optional<OutputCheck> check;
  if (checked) {
    expected = run_integer(graph, input, compiled.output.rows);
    check.emplace(graph, *expected, pe_columns);
  }
  MemoryImage memory(compiled.program);
  CommandList commands(compiled.program.commands);
  NetworkRun run;
  run.result =
      device.run(commands, compiled.program.layers, memory, check ? &*check : nullptr);

  const std::span<const std::uint8_t> output =
      memory.space(isa::Space::Activations)
          .subspan(compiled.output.address, compiled.output.rows * compiled.output.columns);
  run.outputs.assign(output.begin(), output.end());
  run.check.enabled = checked;
  if (check) {
    run.check = check->finish(output);
  }
  return run;
}

}  // namespace systol
