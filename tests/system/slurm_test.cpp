// Sweeps in shards, and on a Slurm that is made of scripts: what happens when tasks or its commands
// fail. tests/system/slurm has a real one.
#include <algorithm>
#include <filesystem>

#include "tests/system/program.h"

namespace systol::test {
namespace {

namespace fs = std::filesystem;

class SweepInShards : public ProgramTest {
 protected:
  SweepInShards() {
    write_array();
    write_plan("parameters: {array.rows: {from: 0, to: 9}}\n");
    command("sbatch", "exit 0");
    command("squeue", "exit 0");
  }

  void write_plan(const std::string& more) const {
    folder_.write("plan.yaml", "models: [20x10]\narrays: [array.yaml]\n" + more);
  }
  /// One of Slurm's commands, in front of those that may be installed.
  void command(const std::string& name, const std::string& script) const {
    fs::create_directories(folder_.path("bin"));
    folder_.write("bin/" + name, "#!/bin/sh\n" + script + "\n");
    fs::permissions(folder_.path("bin/" + name), fs::perms::owner_all);
  }
  /// Runs the tasks of the array when they are submitted, one after another.
  void obedient_sbatch() const {
    command("sbatch",
            "for word; do\n"
            "  case $word in --array=*) array=${word#--array=} ;; esac\n"
            "  before=$last last=$word\n"
            "done\n"
            "echo \"$array\" >>submitted\n"
            "for part in $(echo \"$array\" | tr , ' '); do\n"
            "  for SLURM_ARRAY_TASK_ID in $(seq \"${part%-*}\" \"${part#*-}\"); do\n"
            "    export SLURM_ARRAY_TASK_ID\n"
            "    sh \"$before\" \"$last\"\n"
            "  done\n"
            "done");
  }
  Ended on_slurm(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"sweep", "plan.yaml", "--on", "slurm"};
    words.insert(words.end(), more.begin(), more.end());
    return systol(words,
                  {{"PATH=" + folder_.path("bin").string() + ":/usr/bin:/bin"}, "", 0, 0, ""});
  }
  void expect_rows_of_one_machine(const std::string& csv) const {
    ASSERT_EQ(systol({"sweep", "plan.yaml", "--results", "one.db", "--csv", "one.csv"}).status,
              kOk);
    EXPECT_EQ(content(csv), content("one.csv"));
  }
};

TEST_F(SweepInShards, AreTakenInByASweepThatDoesTheRest) {
  for (const char* shard : {"1/3", "3/3", "3/3"}) {
    EXPECT_EQ(systol({"sweep", "plan.yaml", "--shards", "s", "--shard", shard}), (Ended{}));
  }
  const Ended ended = systol({"sweep", "plan.yaml", "--shards", "s", "--csv", "s.csv"});
  EXPECT_EQ(ended.out.rfind("10 points, 0 of them from before, 1 failed in this run: plan.db\n", 0),
            0U)
      << ended.out;
  EXPECT_TRUE(fs::is_empty(folder_.path("s")));
  expect_rows_of_one_machine("s.csv");
}

TEST_F(SweepInShards, RunAsTasksOfAnArray) {
  obedient_sbatch();
  const Ended ended = on_slurm({"--points-per-task", "3", "--csv", "s.csv"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("submitted"), "0-3\n");
  EXPECT_FALSE(fs::exists(folder_.path("plan.db.shards")));
  expect_rows_of_one_machine("s.csv");
}

TEST_F(SweepInShards, ATaskThatAlwaysEndsWithoutAResultIsSubmittedThreeTimes) {
  write_plan("parameters: {array.rows: [3, 4]}\n");
  command("sbatch",
          "for word; do case $word in --array=*) echo \"$word\" >>submitted ;; esac; done\n"
          "echo 'not enough memory' >plan.db.shards/output-0-1.txt");
  const Ended ended = on_slurm({"--points-per-task", "1", "--json-lines", "s.jsonl"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("submitted"), "--array=0-1\n--array=0-1\n--array=0-1\n");
  const std::string rows = content("s.jsonl");
  EXPECT_NE(rows.find("\"error\":\"its task on Slurm, shard 2/2, ended 3 times without a result; "),
            std::string::npos)
      << rows;
  EXPECT_NE(rows.find("/plan.db.shards/output-0-1.txt ends in: not enough memory\""),
            std::string::npos)
      << rows;
  obedient_sbatch();
  EXPECT_EQ(on_slurm({"--retry-failed", "--csv", "s.csv"}).status, kOk);
  expect_rows_of_one_machine("s.csv");
}

TEST_F(SweepInShards, WhatIsInTheQueueIsNotSubmittedAgain) {
  write_plan("parameters: {array.rows: [3, 4]}\n");
  ASSERT_EQ(on_slurm({"--points-per-task", "1"}).status, kOk);  // fails; its names are known
  command("sbatch",
          "for word; do case $word in --job-name=*) echo \"${word#*=} 1 R\" >name ;; esac; done\n"
          "exit 1");
  ASSERT_EQ(on_slurm({"--retry-failed"}).status, kWrongEnvironment);
  // The second shard is in the queue until somebody has written its file.
  command("squeue", "if [ -e asked ]; then\n" + std::string("  ") + SYSTOL_PROGRAM +
                        " sweep plan.yaml --shards plan.db.shards --shard 2/2\n" +
                        "else cat name; fi; touch asked");
  obedient_sbatch();
  EXPECT_EQ(on_slurm({"--csv", "s.csv"}).status, kOk);
  EXPECT_EQ(content("submitted"), "0\n");
  expect_rows_of_one_machine("s.csv");
}

TEST_F(SweepInShards, WithoutSlurmThereIsOneSentence) {
  fs::remove_all(folder_.path("bin"));
  fs::create_directories(folder_.path("bin"));
  EXPECT_EQ(systol({"sweep", "plan.yaml", "--on", "slurm", "--points-per-task", "1"},
                   {{"PATH=" + folder_.path("bin").string()}, "", 0, 0, ""}),
            error(kWrongEnvironment,
                  "--on slurm: squeue is not in the folders of PATH, so that no task can be given "
                  "to Slurm from here; without --on, the points run on this machine"));
  for (const char* file : {"plan.db", "plan.db.shards"}) {
    EXPECT_FALSE(fs::exists(folder_.path(file))) << file;
  }
  EXPECT_EQ(systol({"sweep", "plan.yaml", "--on", "lsf"}),
            error(kWrongInput, "--on: lsf not in {slurm} (see --help)"));
}

TEST_F(SweepInShards, WhatSlurmRefusesIsSaid) {
  command("sbatch", "echo 'sbatch: error: invalid partition specified: none' >&2; exit 1");
  EXPECT_EQ(on_slurm({"--points-per-task", "1"}),
            error(kWrongEnvironment,
                  "sbatch ended with status 1: sbatch: error: invalid partition "
                  "specified: none"));
  EXPECT_FALSE(fs::exists(folder_.path("plan.db.shards")));
  command("squeue", "exit 1");
  const Ended silent = on_slurm({"--points-per-task", "1"});
  EXPECT_EQ(silent.status, kWrongEnvironment);
  EXPECT_EQ(silent.err.rfind("systol: error: squeue fails again and again: ", 0), 0U) << silent.err;
}

TEST_F(SweepInShards, ForeignFilesAndAChangedPlanAreRefused) {
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--shards", "s", "--shard", "1/2"}).status, kOk);
  write_plan("parameters: {array.rows: {from: 1, to: 9}}\n");
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--shard", "1/2"}}) {
    std::vector<std::string> words{"sweep", "plan.yaml", "--shards", "s"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = systol(words);
    EXPECT_EQ(ended.status, kWrongInput);
    EXPECT_NE(ended.err.find("s/shard-1-of-2.jsonl: results of another sweep, "), std::string::npos)
        << ended.err;
  }
  EXPECT_EQ(systol({"sweep", "plan.yaml", "--shards", "s", "--shard", "2/1"}).err,
            "systol: error: --shard: found '2/1', allowed: a number and how many there are, as in "
            "3/100, at most 100000000\n");
}

}  // namespace
}  // namespace systol::test
