#include "host/sweep/slurm_sweep.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

/// A sweep of two points, each a shard, on a Slurm of two scripts. It has an empty queue, and its
/// sbatch runs all tasks at once: for each an output, and the files that lie in `ready`.
class SlurmSweepRun : public ::testing::Test {
 protected:
  SlurmSweepRun() {
    script("squeue", "exit 0\n");
    script("sbatch", "echo \"$@\" >>" + files_.path("submitted").string() +
                         "\n"
                         "for task in 0 1; do echo said >" +
                         files_.path("shards").string() +
                         "/output-0-$task.txt; done\n"
                         "mv " +
                         files_.path("ready").string() + "/* " + files_.path("shards").string() +
                         " 2>/dev/null\nexit 0\n");
    path_ = getenv("PATH");
    setenv("PATH", (files_.path("bin").string() + ":" + path_).c_str(), 1);
  }
  ~SlurmSweepRun() override { setenv("PATH", path_.c_str(), 1); }

  SweepProgress run(const std::vector<Shard>& taken) {
    return run_on_slurm(sweep_, results_, folder_, {{"worker"}, 1, taken}, {});
  }
  void finish(std::uint64_t index, const ShardFolder& folder) const {
    const Shard shard{index, 2};
    folder.write(shard, sweep_.run(shard, 1));
  }
  bool said(int task) const {
    return std::filesystem::exists(folder_.path() / ("output-0-" + std::to_string(task) + ".txt"));
  }
  void say(int task) const {
    files_.write("shards/output-0-" + std::to_string(task) + ".txt", "said\n");
  }
  std::vector<Shard> take_in() {
    return folder_.take_in(results_, [](const ResultRow&) {});
  }
  std::size_t submissions() const {
    std::ifstream file(files_.path("submitted"));
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines) {
    }
    return lines;
  }

  TempFiles files_;
  Sweep sweep_{load_sweep_plan(
      files_.write("plan.yaml", "models: [16x16]\narrays: [" SYSTOL_SOURCE_DIR
                                "/configs/edge_8x8.yaml]\nparameters: {array.rows: [8, 16]}\n"))};
  ShardFolder folder_{files_.path("shards"), sweep_.identity(), sweep_.space().size()};
  ShardFolder ready_{files_.path("ready"), sweep_.identity(), sweep_.space().size()};
  ResultDatabase results_{files_.path("results.db"), sweep_.identity()};

 private:
  void script(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = files_.write("bin/" + name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  std::string path_;
};

TEST_F(SlurmSweepRun, SubmitsEachTaskOnceAndLeavesNoFile) {
  finish(0, ready_);
  finish(1, ready_);
  const SweepProgress progress = run({});
  EXPECT_EQ(progress.done, 2U);
  EXPECT_EQ(results_.rows(), 2U);
  EXPECT_EQ(submissions(), 1U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path()));
}

TEST_F(SlurmSweepRun, StartedAgainAfterAllTasksFinishedLeavesNoFile) {
  results_.set_shards(2);
  for (const int task : {0, 1}) {
    finish(static_cast<std::uint64_t>(task), folder_);
    say(task);
  }
  const SweepProgress progress =
      run_on_slurm(sweep_, results_, folder_, {{"worker"}, std::nullopt, take_in()}, {});
  EXPECT_EQ(progress.done, 2U);
  EXPECT_EQ(submissions(), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path()));
}

TEST_F(SlurmSweepRun, StartedAgainSubmitsTheRest) {
  results_.set_shards(2);
  finish(0, folder_);
  say(0);
  const std::vector<Shard> taken = take_in();
  finish(1, ready_);
  const SweepProgress progress =
      run_on_slurm(sweep_, results_, folder_, {{"worker"}, std::nullopt, taken}, {});
  EXPECT_EQ(progress.done, 2U);
  EXPECT_EQ(submissions(), 1U);
  EXPECT_FALSE(said(1));
}

TEST_F(SlurmSweepRun, OutputsOfAnotherCutStay) {
  results_.set_shards(2);
  finish(0, folder_);
  finish(1, folder_);
  take_in();
  say(0);
  run_on_slurm(sweep_, results_, folder_, {{"worker"}, std::nullopt, {Shard{0, 3}}}, {});
  EXPECT_TRUE(said(0));
}

TEST_F(SlurmSweepRun, ATaskThatWritesNothingIsTriedThreeTimesAndSaysWhatItPrinted) {
  finish(0, ready_);
  const SweepProgress progress = run({});
  EXPECT_EQ(progress.done, 2U);
  EXPECT_EQ(progress.failed, 1U);
  EXPECT_EQ(submissions(), 3U);
  EXPECT_TRUE(said(1));
}

}  // namespace
}  // namespace systol::test
