#include "host/sweep/slurm_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/process.h"

namespace systol {
namespace {

/// In the names of files, where it begins Slurm's own patterns.
std::string without_patterns(std::string_view path) {
  std::string text;
  for (const char letter : path) {
    text += letter == '%' ? "%%" : std::string(1, letter);
  }
  return text;
}

[[noreturn]] void fail_without(const std::string& command) {
  throw EnvironmentError(
      fmt::format("--on slurm: {} is not in the folders of PATH, so that no task can be given to "
                  "Slurm from here; without --on, the points run on this machine",
                  command));
}

/// Both outputs of one of Slurm's commands, and how it ended.
ProcessResult run_command(const std::vector<std::string>& command, std::string& text) {
  const ProcessResult result = run_process(command, text);
  if (!result.found) {
    fail_without(command.front());
  }
  return result;
}

}  // namespace

void require_slurm() {
  for (const char* command : {"squeue", "sbatch"}) {
    if (!is_command(command)) {
      fail_without(command);
    }
  }
}

std::string slurm_array(const std::vector<std::uint64_t>& places) {
  std::string text;
  for (std::size_t i = 0; i < places.size();) {
    std::size_t last = i;
    while (last + 1 < places.size() && places[last + 1] == places[last] + 1) {
      ++last;
    }
    text += fmt::format("{}{}", text.empty() ? "" : ",", places[i]);
    text += last > i ? fmt::format("-{}", places[last]) : "";
    i = last + 1;
  }
  return text;
}

std::vector<SlurmTask> slurm_tasks(const std::string& lines, const std::string& name) {
  std::vector<SlurmTask> tasks;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string job;
    std::uint64_t place = 0;
    std::string state;
    std::uint64_t block = 0;
    if (!(words >> job >> place >> state) || !job.starts_with(name + "-") ||
        !(std::istringstream(job.substr(name.size() + 1)) >> block)) {
      continue;
    }
    tasks.push_back({block * kSlurmArray + place, state != "PD"});
  }
  return tasks;
}

SlurmQueue::SlurmQueue(std::string name, std::filesystem::path script,
                       std::filesystem::path outputs)
    : name_(std::move(name)), script_(std::move(script)), outputs_(std::move(outputs)) {}

std::optional<std::vector<SlurmTask>> SlurmQueue::tasks() const {
  std::string text;
  const ProcessResult result =
      run_command({"squeue", "--me", "--array", "--noheader", "--format=%j %K %t"}, text);
  return result.ok() ? std::optional(slurm_tasks(text, name_)) : std::nullopt;
}

void SlurmQueue::submit(const std::vector<std::uint64_t>& numbers) const {
  std::map<std::uint64_t, std::vector<std::uint64_t>> blocks;
  for (const std::uint64_t number : numbers) {
    blocks[number / kSlurmArray].push_back(number % kSlurmArray);
  }
  for (const auto& [block, places] : blocks) {
    submit_block(block, places);
  }
}

std::filesystem::path SlurmQueue::output(std::uint64_t number) const {
  return outputs_ / fmt::format("output-{}-{}.txt", number / kSlurmArray, number % kSlurmArray);
}

void SlurmQueue::submit_block(std::uint64_t block, const std::vector<std::uint64_t>& places) const {
  const std::string folder = without_patterns(outputs_.string());
  std::string text;
  const ProcessResult result = run_command(
      {"sbatch", "--parsable", fmt::format("--job-name={}-{}", name_, block),
       "--array=" + slurm_array(places), fmt::format("--output={}/output-{}-%a.txt", folder, block),
       script_.string(), std::to_string(block * kSlurmArray)},
      text);
  if (!result.ok()) {
    throw EnvironmentError(fmt::format("sbatch ended with status {}: {}", result.status,
                                       text.substr(text.rfind('\n') + 1)));
  }
}

}  // namespace systol
