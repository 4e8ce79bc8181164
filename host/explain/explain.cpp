#include "host/explain/explain.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "host/compile/program.h"
#include "host/explain/kept_commands.h"
#include "host/explain/retiming.h"
#include "host/graph/work.h"
#include "host/report/bound.h"
#include "host/session/node_progress.h"
#include "sim/base/thread_pool.h"

namespace systol {
namespace {

/// The searches of all parameters, which threads do side by side, for one that waits for them.
class SearchProgress {
 public:
  SearchProgress(std::size_t parameters, const Progress& progress)
      : parameters_(parameters), progress_(progress) {}

  /// The program runs once more, with this key changed.
  void runs(std::string_view key) {
    if (!progress_) {
      return;
    }
    const std::lock_guard lock(mutex_);
    const double done = static_cast<double>(finished_) / static_cast<double>(parameters_);
    progress_({"changing one parameter at a time",
               ProgressPosition{
                   std::min(finished_ + 1, parameters_), parameters_, key, {}, done, "parameter"}});
  }
  void finished() {
    const std::lock_guard lock(mutex_);
    ++finished_;
  }

 private:
  std::size_t parameters_;
  const Progress& progress_;
  std::mutex mutex_;
  std::size_t finished_ = 0;
};

/// What each parameter gains.
class Search {
 public:
  Search(const Retiming& retiming, const ArrayConfig& array, const ProgramTime& now,
         SearchProgress& progress)
      : retiming_(retiming), array_(array), now_(now), progress_(progress) {}

  ParameterEffect effect_of(const Parameter& parameter) const {
    ParameterEffect effect{
        parameter, key_of(array_, parameter), value_of(array_, parameter), {}, {}};
    const std::vector<std::uint64_t> values = better_values(array_, parameter);
    if (values.empty()) {
      return effect;
    }
    std::map<std::size_t, StepEffect> tried;
    const auto gain_of = [&](std::size_t i) {
      const auto [step, fresh] = tried.try_emplace(i);
      if (fresh) {
        progress_.runs(effect.key);
        step->second = with(parameter, values[i]);
      }
      return gain(step->second);
    };
    std::size_t enough = values.size() - 1;
    const double most = gain_of(enough);
    const bool worth = most >= kLeastGain * now_.seconds;
    if (worth && enough > 0) {
      enough = first_with(kMostOfGain * most, enough, gain_of);
    }
    for (const auto& [i, step] : tried) {
      if (worth && i == enough) {
        effect.enough = effect.steps.size();
      }
      effect.steps.push_back(step);
    }
    return effect;
  }

 private:
  /// By bisection, as better values gain more; the first is always tried, and `last` gains enough.
  static std::size_t first_with(double enough, std::size_t last,
                                const std::function<double(std::size_t)>& gain_of) {
    std::size_t before = 0;
    if (gain_of(before) >= enough) {
      return before;
    }
    while (last - before > 1) {
      const std::size_t middle = before + (last - before) / 2;
      (gain_of(middle) >= enough ? last : before) = middle;
    }
    return last;
  }

  StepEffect with(const Parameter& parameter, std::uint64_t value) const {
    return {value, retiming_.with({parameter, value})};
  }
  double gain(const StepEffect& step) const { return now_.seconds - step.time.seconds; }

  const Retiming& retiming_;
  const ArrayConfig& array_;
  const ProgramTime& now_;
  SearchProgress& progress_;
};

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
  best.resize(std::min(best.size(), kBestChanges));
  return best;
}

/// What is seen of the run as it is.
class Seen : public Observer {
 public:
  Seen(std::span<const std::string> names, std::uint64_t macs, const Progress& progress)
      : tally(names.size()), progress_(progress), simulation_(names, macs, progress) {}
  void stalled(const Stall& stall) override {
    tally.stalled(stall);
    groups.stalled(stall);
  }
  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    if (progress_) {
      simulation_.completed(index, command, start, end);
    }
  }
  WaitTally tally;
  ChainGroups groups;

 private:
  const Progress& progress_;
  SimulationProgress simulation_;
};

ExplainedNode explained(const std::string& name, const NodeResult& result, const Waits& waits) {
  NodeReport report;
  report.ledger = result.ledger;
  report.activity = result.activity;
  report.waits = waits;
  return {name, result.ledger.total(), bound_of(report), waits};
}

}  // namespace

Explanation explain(const Prepared& prepared, const ArrayConfig& array, std::uint32_t batch,
                    unsigned threads, const Progress& progress) {
  const auto count = static_cast<std::uint32_t>(prepared.samples().count);
  const NetworkProgram program(prepared.shared_graph(), array, count, batch);
  const std::vector<std::string> names = program.nodes();
  Seen seen(names, total_work(prepared.graph()).macs * count, progress);
  KeptCommands commands(program, array);
  const RunResult result = walk(*commands.first(), names, array, seen);
  Explanation explanation;
  explanation.model = prepared.graph().name;
  explanation.array = array;
  explanation.batch = batch;
  explanation.ledger = result.ledger();
  explanation.waits = sum_of(result, seen.tally.nodes()).waits;
  explanation.time = time_of(result, array, seen.tally.nodes());
  for (std::size_t i = 0; i < names.size(); ++i) {
    explanation.nodes.push_back(explained(names[i], result.nodes[i], seen.tally.nodes()[i]));
  }
  explanation.chains = seen.groups.take();
  const std::vector<Parameter> parameters = parameters_of(array);
  SearchProgress searches(parameters.size(), progress);
  const Retiming retiming(commands, array, result, seen.tally.nodes());
  const Search search(retiming, array, explanation.time, searches);
  explanation.effects.resize(parameters.size());
  ThreadPool(threads).run(parameters.size(), [&](std::size_t i) {
    explanation.effects[i] = search.effect_of(parameters[i]);
    searches.finished();
  });
  if (progress) {
    progress({});
  }
  explanation.best = best_of(explanation.effects);
  return explanation;
}

}  // namespace systol
