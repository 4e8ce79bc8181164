#include "host/sweep/slurm_queue.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

TEST(SlurmQueue, NumbersThatFollowOneAnotherAreARange) {
  EXPECT_EQ(slurm_array({5}), "5");
  EXPECT_EQ(slurm_array({0, 1, 2, 7, 9, 10}), "0-2,7,9-10");
  EXPECT_EQ(slurm_array({}), "");
}

TEST(SlurmQueue, FindsItsTasksAmongOthers) {
  EXPECT_EQ(slurm_tasks("systol-ab-40-0 3 PD\n"
                        "systol-ab-40-2 7 R\n"
                        "systol-ab-40-0 4 CG\n"
                        "systol-ab-4-0 5 R\n"
                        "systol-cd-40-0 6 R\n"
                        "somebody's N/A R\n"
                        "systol-ab-40 9 R\n"
                        "slurm_load_jobs error: nothing\n",
                        "systol-ab-40"),
            (std::vector<SlurmTask>{{3, false}, {2007, true}, {4, true}}));
}

TEST(SlurmQueue, OutputsOfTasksAreByBlock) {
  EXPECT_EQ(SlurmQueue("a", "/s", "/o").output(2007), "/o/output-2-7.txt");
}

}  // namespace
}  // namespace systol::test
