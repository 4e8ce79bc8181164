// A sweep whose points run on the nodes of a cluster that Slurm manages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/sweep/shard_folder.h"
#include "host/sweep/sweep.h"

namespace systol {

struct SlurmOptions {
  /// The command that runs a shard, "1/100", which is put after it, and writes its file to the
  /// folder. Nodes start it in this process' working folder.
  std::vector<std::string> worker;
  /// Points of a task; without a value, as many as take some seconds, which is measured with a few
  /// of them.
  std::optional<std::uint64_t> points_per_task;
  /// Whose files were taken in before; what their tasks printed is removed.
  std::vector<Shard> taken;
};

/// Submits the shards that lack rows as tasks of array jobs, adds their rows to `results` when
/// their files are in `folder`, which all nodes see, and submits again what has left the queue
/// without a file. A shard whose tasks end without a file kMostTries times gets rows that say so.
/// What an earlier process has submitted is not submitted a second time. Throws InputError and
/// EnvironmentError; tasks in the queue stay there.
SweepProgress run_on_slurm(const Sweep& sweep, ResultDatabase& results, const ShardFolder& folder,
                           const SlurmOptions& options,
                           const std::function<void(const SweepProgress&)>& progress);

}  // namespace systol
