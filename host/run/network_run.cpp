#include "host/run/network_run.h"

#include <optional>

namespace systol {

NetworkRun run_network(Device& device, const QuantGraph& graph, const CompiledProgram& compiled,
                       std::span<const std::int8_t> input, std::uint32_t pe_columns, bool checked,
                       const std::vector<Observer*>& watchers) {
  std::optional<IntegerResult> expected;
  std::optional<OutputCheck> check;
  Observers observers;
  for (Observer* watcher : watchers) {
    observers.add(watcher);
  }
  if (checked) {
    expected = run_integer(graph, input, compiled.output.rows);
    check.emplace(graph, *expected, pe_columns);
    observers.add(&*check);
  }
  MemoryImage memory(compiled.program);
  CommandList commands(compiled.program.commands);
  NetworkRun run;
  run.result = device.run(commands, compiled.program.layers, memory,
                          observers.empty() ? nullptr : &observers);

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
