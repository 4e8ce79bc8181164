#include "host/run/network_run.h"

#include <optional>

namespace systol {

NetworkRun run_network(Device& device, const QuantGraph& graph, LoadedProgram program,
                       std::span<const std::int8_t> input, std::uint32_t pe_columns, bool checked,
                       const std::vector<Observer*>& watchers) {
  std::optional<IntegerResult> expected;
  std::optional<OutputCheck> check;
  Observers observers;
  for (Observer* watcher : watchers) {
    observers.add(watcher);
  }
  if (checked) {
    expected = run_integer(graph, input, program.output.rows);
    check.emplace(graph, *expected, pe_columns);
    observers.add(&*check);
  }
  NetworkRun run;
  run.result = device.run(*program.commands, program.layers, program.memory,
                          observers.empty() ? nullptr : &observers);

  const OutputPlace& place = program.output;
  const std::span<const std::uint8_t> output =
      program.memory.space(isa::Space::Activations)
          .subspan(place.address, place.rows * place.columns);
  run.outputs.assign(output.begin(), output.end());
  run.check.enabled = checked;
  if (check) {
    run.check = check->finish(output);
  }
  return run;
}

}  // namespace systol
