// Slurm, by the commands that it has for its users.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace systol {

/// A job of an array: its number in it, and whether it has begun.
struct SlurmTask {
  std::uint64_t number = 0;
  bool running = false;
  bool operator==(const SlurmTask&) const = default;
};

/// The array jobs of one sweep, which all have its name in theirs: whoever knows the name finds
/// them in the queue, also after the process that submitted them has ended. Arrays are numbered up
/// to kSlurmArray alone, so the tasks are cut into blocks of as many, with a job's name each.
class SlurmQueue {
 public:
  /// `script` is what each task runs, with the first number of its block as its argument; it is
  /// to add $SLURM_ARRAY_TASK_ID. What it prints goes to files in `outputs`.
  SlurmQueue(std::string name, std::filesystem::path script, std::filesystem::path outputs);

  /// What waits or runs. Nothing where Slurm does not answer. Throws EnvironmentError where the
  /// command that asks is not there.
  std::optional<std::vector<SlurmTask>> tasks() const;
  /// `numbers` are in ascending order. Throws EnvironmentError where Slurm does not take them.
  void submit(const std::vector<std::uint64_t>& numbers) const;
  /// What the task has printed when it ran last.
  std::filesystem::path output(std::uint64_t number) const;

 private:
  void submit_block(std::uint64_t block, const std::vector<std::uint64_t>& places) const;

  std::string name_;
  std::filesystem::path script_;
  std::filesystem::path outputs_;
};

/// Throws EnvironmentError where a command of Slurm that is needed is not in the folders of PATH.
void require_slurm();

/// The numbers of an array are below it: Slurm's own default (MaxArraySize) allows one more.
inline constexpr std::uint64_t kSlurmArray = 1000;

/// "0-2,7,9-10".
std::string slurm_array(const std::vector<std::uint64_t>& places);

/// Of squeue's lines "NAME PLACE STATE", those of arrays whose names are `name` and a block.
std::vector<SlurmTask> slurm_tasks(const std::string& lines, const std::string& name);

}  // namespace systol
