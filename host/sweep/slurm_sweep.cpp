#include "host/sweep/slurm_sweep.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <numeric>
#include <thread>
#include <utility>

#include "host/sweep/fingerprint.h"
#include "host/sweep/slurm_queue.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/base/shell_word.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// One task is worth starting a process on another machine.
constexpr Seconds kTask{10};
/// Slurm's default is to know 10,000 jobs in all.
constexpr std::size_t kMostQueued = 4000;
constexpr unsigned kMostTries = 3;
/// Slurm may be started anew meanwhile.
constexpr unsigned kMostSilent = 3;

/// How many points take as long as a task is to take: runs some that lie far from each other.
std::uint64_t points_of_a_task(const Sweep& sweep, const std::vector<bool>& finished,
                               const RowSink& take) {
  constexpr Seconds kMeasured{1};
  constexpr std::uint64_t kMostMeasured = 64;
  const std::uint64_t size = sweep.space().size();
  const std::uint64_t step = std::max<std::uint64_t>(size / kMostMeasured, 1);
  const Clock::time_point begin = Clock::now();
  std::uint64_t next = 0;
  std::uint64_t measured = 0;
  const PointSource source = [&]() -> std::optional<NumberedPoint> {
    for (; next < size && Clock::now() - begin < kMeasured; next += step) {
      auto point = sweep.space().point(next);
      if (point && !finished[next]) {
        ++measured;
        return NumberedPoint(std::exchange(next, next + step), std::move(*point));
      }
    }
    return std::nullopt;
  };
  sweep.run(source, take, 1);
  const double each = Seconds(Clock::now() - begin).count() /
                      static_cast<double>(std::max<std::uint64_t>(measured, 1));
  return static_cast<std::uint64_t>(
      std::clamp(kTask.count() / each, 1.0, static_cast<double>(size)));
}

/// The shards that lack rows, and how each has fared.
class SlurmSweep {
 public:
  SlurmSweep(const Sweep& sweep, ResultDatabase& results, const ShardFolder& folder,
             const SlurmOptions& options, const std::function<void(const SweepProgress&)>& tell)
      : sweep_(sweep), results_(results), folder_(folder), tell_(tell) {
    shards_ = results_.shards().value_or(0);
    remove_outputs(options.taken);
    progress_ = sweep_.before(results_.finished(size()));
    if (progress_.done == progress_.points) {
      return;
    }
    choose_shards(options);
    find_open();
    write_script(options);
  }

  SweepProgress run() {
    const Clock::time_point begin = Clock::now();
    while (!open_.empty()) {
      const std::optional<std::vector<SlurmTask>> tasks = queue().tasks();
      take_in();  // after the queue was asked: what is in neither is lost
      if (!tasks) {
        count_silence();
      } else {
        silent_ = 0;
        submit_missing(*tasks);
      }
      if (tell_) {
        tell_(progress_);
      }
      if (!open_.empty()) {
        std::this_thread::sleep_for(
            std::clamp(Seconds(Clock::now() - begin) / 10, Seconds(0.1), Seconds(15)));
      }
    }
    tidy_up();
    return progress_;
  }

 private:
  struct Fate {
    unsigned tries = 0;
    bool missed = false;  ///< when the queue was asked last: files may be seen late
  };

  std::uint64_t size() const { return sweep_.space().size(); }
  std::filesystem::path script() const { return folder_.path() / "task.sh"; }

  /// Tells sweeps apart that run at the same time.
  std::string name() const {
    Fingerprint fingerprint;
    fingerprint.add(sweep_.identity().fingerprint);
    fingerprint.add(folder_.path().string());
    return fmt::format("systol-{}-{}", fingerprint.text(), shards_);
  }
  SlurmQueue queue() const { return {name_, script(), folder_.path()}; }

  void add(const ResultRow& row) {
    if (results_.add(row)) {
      progress_.count(row);
    }
  }

  /// Once for a sweep, so that one that goes on knows its tasks in the queue.
  void choose_shards(const SlurmOptions& options) {
    if (shards_ < 1 || shards_ > size() || options.points_per_task) {
      const std::uint64_t points =
          options.points_per_task ? *options.points_per_task
                                  : points_of_a_task(sweep_, results_.finished(size()),
                                                     [this](const ResultRow& row) { add(row); });
      shards_ = std::min((progress_.points + points - 1) / points, size());
      results_.set_shards(shards_);
    }
    name_ = name();
  }

  void find_open() {
    const std::vector<bool> finished = results_.finished(size());
    std::map<std::uint64_t, Fate> open;
    for (std::uint64_t i = 0; i < shards_; ++i) {
      const Shard shard{i, shards_};
      for (std::uint64_t k = shard.begin(size()); k < shard.end(size()); ++k) {
        if (!finished[k] && sweep_.space().point(k)) {
          open[i] = open_[i];
          break;
        }
      }
    }
    open_ = std::move(open);
  }

  void write_script(const SlurmOptions& options) const {
    std::string command;
    for (const std::string& word : options.worker) {
      command += in_shell_quotes(word) + " ";
    }
    write_file(
        script(),
        fmt::format(
            "#!/bin/sh\n"
            "# One task of {}: a shard of the sweep's points. $1 is the first of its block.\n"
            "cd {} || exit 3\n"
            "exec {}\"$(($1 + SLURM_ARRAY_TASK_ID + 1))/{}\"\n",
            sweep_.plan().place, in_shell_quotes(std::filesystem::current_path().string()), command,
            shards_));
  }

  /// Shards of another size have no task of this sweep.
  void remove_outputs(const std::vector<Shard>& shards) const {
    for (const Shard& shard : shards) {
      if (shard.count == shards_) {
        std::filesystem::remove(queue().output(shard.index));
      }
    }
  }

  void take_in() {
    bool others = false;  // somebody has cut the sweep into shards of another size
    for (const Shard& shard :
         folder_.take_in(results_, [this](const ResultRow& row) { progress_.count(row); })) {
      if (shard.count == shards_) {
        open_.erase(shard.index);
        std::filesystem::remove(queue().output(shard.index));
      } else {
        others = true;
      }
    }
    if (others) {
      find_open();
    }
  }

  void count_silence() {
    if (++silent_ == kMostSilent) {
      throw EnvironmentError(
          "squeue fails again and again: Slurm does not answer; tasks that it has go on, and so "
          "does the "
          "sweep when it is started again");
    }
  }

  void submit_missing(const std::vector<SlurmTask>& tasks) {
    std::map<std::uint64_t, bool> queued;
    progress_.waiting = progress_.running = 0;
    for (const SlurmTask& task : tasks) {
      queued[task.number] = task.running;
      ++(task.running ? progress_.running : progress_.waiting);
    }
    std::vector<std::uint64_t> missing;
    std::vector<std::uint64_t> lost;
    for (auto& [index, fate] : open_) {
      const bool missed = !queued.contains(index);
      if (missed && fate.tries == kMostTries && fate.missed) {
        lost.push_back(index);
      } else if (missed && (fate.tries == 0 || fate.missed) &&
                 queued.size() + missing.size() < kMostQueued) {
        missing.push_back(index);
      }
      fate.missed = missed;
    }
    for (const std::uint64_t index : lost) {
      give_up(index);
    }
    submit(missing, !queued.empty());
  }

  /// Slurm may not take more for now from somebody who has tasks in its queue.
  void submit(const std::vector<std::uint64_t>& missing, bool has_tasks) {
    try {
      queue().submit(missing);
    } catch (const EnvironmentError&) {
      if (!has_tasks) {
        tidy_up();
        throw;
      }
      return;
    }
    for (const std::uint64_t index : missing) {
      ++open_[index].tries;
      open_[index].missed = false;
    }
    progress_.waiting += missing.size();
  }

  void give_up(std::uint64_t index) {
    const std::filesystem::path output = queue().output(index);
    std::ifstream file(output);
    std::string last;
    for (std::string line; std::getline(file, line);) {
      last = printable(line);
    }
    const Shard shard{index, shards_};
    const std::vector<bool> finished = results_.finished(size());
    for (std::uint64_t k = shard.begin(size()); k < shard.end(size()); ++k) {
      auto point = sweep_.space().point(k);
      if (point && !finished[k]) {
        ResultRow row = sweep_.unfinished({k, std::move(*point)});
        row.error = fmt::format(
            "its task on Slurm, shard {}, ended {} times without a result; {} ends in: {}",
            text_of(shard), kMostTries, output.string(), last);
        add(row);
      }
    }
    open_.erase(index);
  }

  /// Outputs of tasks that failed stay, and the folder with them.
  void tidy_up() const {
    std::error_code ignored;
    std::filesystem::remove(script(), ignored);
    ::rmdir(folder_.path().c_str());
  }

  const Sweep& sweep_;
  ResultDatabase& results_;
  const ShardFolder& folder_;
  const std::function<void(const SweepProgress&)>& tell_;
  SweepProgress progress_;
  std::uint64_t shards_ = 0;
  std::string name_;
  std::map<std::uint64_t, Fate> open_;  ///< by index of the shard
  unsigned silent_ = 0;
};

}  // namespace

SweepProgress run_on_slurm(const Sweep& sweep, ResultDatabase& results, const ShardFolder& folder,
                           const SlurmOptions& options,
                           const std::function<void(const SweepProgress&)>& progress) {
  return SlurmSweep(sweep, results, folder, options, progress).run();
}

}  // namespace systol
