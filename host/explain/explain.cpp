#include "host/explain/explain.h"

#include <algorithm>

#include "host/compile/program.h"
#include "host/report/bound.h"
#include "host/session/engine.h"
#include "sim/base/thread_pool.h"

namespace systol {
namespace {

constexpr std::size_t kBest = 3;

NodeReport report_of(const Ledger& ledger, const Activity& activity, const Waits& waits) {
  NodeReport report;
  report.ledger = ledger;
  report.activity = activity;
  report.waits = waits;
  return report;
}

Waits sum_of(const std::vector<Waits>& nodes) {
  Waits sum{};
  for (const Waits& waits : nodes) {
    for (std::size_t i = 0; i < waits.size(); ++i) {
      sum[i] += waits[i];
    }
  }
  return sum;
}

RunResult walk(const NetworkProgram& program, const ArrayConfig& config, Observer& observer) {
  FastEngine engine;
  engine.values = false;
  MemoryImage memory;
  const std::unique_ptr<CommandSource> commands = program.commands();
  const std::vector<std::string> nodes = program.nodes();
  return make_engine(engine, config)->run(*commands, nodes, memory, &observer);
}

ProgramTime time_of(const RunResult& result, const ArrayConfig& config, const Waits& waits) {
  return {result.cycles,
          static_cast<double>(result.cycles.count()) / static_cast<double>(config.clock.count()),
          bound_of(report_of(result.ledger(), result.activity(), waits))};
}

ProgramTime time_with(const NetworkProgram& program, const ArrayConfig& array,
                      const Change& change) {
  const ArrayConfig changed = with_change(array, change);
  WaitTally tally(program.nodes().size());
  const RunResult result = walk(program, changed, tally);
  return time_of(result, changed, sum_of(tally.nodes()));
}

/// Takes better and better values until the best that there is would gain little more.
ParameterEffect effect_of(const NetworkProgram& program, const ArrayConfig& array,
                          const Parameter& parameter, const ProgramTime& now) {
  ParameterEffect effect{parameter, key_of(array, parameter), value_of(array, parameter), {}, {}};
  const std::vector<std::uint64_t> values = better_values(array, parameter);
  if (values.empty()) {
    return effect;
  }
  const StepEffect best{values.back(), time_with(program, array, {parameter, values.back()})};
  const double little = kLittle * now.seconds;
  if (now.seconds - best.time.seconds >= little) {
    for (std::size_t i = 0; i + 1 < values.size() && !effect.enough; ++i) {
      effect.steps.push_back({values[i], time_with(program, array, {parameter, values[i]})});
      if (effect.steps.back().time.seconds - best.time.seconds < little) {
        effect.enough = i;
      }
    }
    effect.enough = effect.enough.value_or(effect.steps.size());
  }
  effect.steps.push_back(best);
  return effect;
}

double seconds_at_best(const ParameterEffect& effect) {
  return effect.steps[*effect.enough].time.seconds;
}

std::vector<std::size_t> best_of(const std::vector<ParameterEffect>& effects) {
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (effects[i].enough) {
      best.push_back(i);
    }
  }
  std::ranges::stable_sort(best, {}, [&](std::size_t i) { return seconds_at_best(effects[i]); });
  best.resize(std::min(best.size(), kBest));
  return best;
}

/// What is seen of the run as it is.
class Seen : public Observer {
 public:
  explicit Seen(std::size_t nodes) : tally(nodes) {}
  void stalled(const Stall& stall) override {
    tally.stalled(stall);
    groups.stalled(stall);
  }
  WaitTally tally;
  ChainGroups groups;
};

}  // namespace

Explanation explain(const Prepared& prepared, const ArrayConfig& array, std::uint32_t batch,
                    unsigned threads) {
  const auto count = static_cast<std::uint32_t>(prepared.samples().count);
  const NetworkProgram program(prepared.shared_graph(), array, count, batch);
  const std::vector<std::string> names = program.nodes();
  Seen seen(names.size());
  const RunResult result = walk(program, array, seen);
  Explanation explanation;
  explanation.model = prepared.graph().name;
  explanation.array = array;
  explanation.batch = batch;
  explanation.ledger = result.ledger();
  explanation.waits = sum_of(seen.tally.nodes());
  explanation.time = time_of(result, array, explanation.waits);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NodeResult& node = result.nodes[i];
    const Waits& waits = seen.tally.nodes()[i];
    explanation.nodes.push_back({names[i], node.ledger.total(),
                                 bound_of(report_of(node.ledger, node.activity, waits)), waits});
  }
  explanation.chains = seen.groups.take();
  const std::vector<Parameter> parameters = parameters_of(array);
  explanation.effects.resize(parameters.size());
  ThreadPool(threads).run(parameters.size(), [&](std::size_t i) {
    explanation.effects[i] = effect_of(program, array, parameters[i], explanation.time);
  });
  explanation.best = best_of(explanation.effects);
  return explanation;
}

}  // namespace systol
