#include "host/compile/channel.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

std::vector<std::uint64_t> bandwidths_of(const std::vector<ArrayConfig>& machines) {
  std::vector<std::uint64_t> bandwidths;
  for (const ArrayConfig& machine : machines) {
    bandwidths.push_back(machine.memories.front().bandwidth->count());
  }
  return bandwidths;
}

TEST(Channel, SlowerMachinesComeBeforeTheMachineItself) {
  ArrayConfig config = array(4, 4);
  config.memories.front().bandwidth = BytesPerSecond(20'000'000'000);
  std::vector<std::uint64_t> megabytes = bandwidths_of(machines_up_to(config));
  std::ranges::for_each(megabytes, [](std::uint64_t& bytes) { bytes /= 1'000'000; });
  // Halves of 20 GB/s, and powers of two and one and a half times these.
  EXPECT_EQ(megabytes, (std::vector<std::uint64_t>{312, 375, 500, 625, 750, 1'000, 1'250, 1'500,
                                                   2'000, 2'500, 3'000, 4'000, 5'000, 6'000, 8'000,
                                                   10'000, 12'000, 16'000, 20'000}));
}

TEST(Channel, SlowerMachinesKeepTheirMemoriesRatiosAndSomeBandwidth) {
  ArrayConfig config = array(4, 4);
  config.memories.push_back(config.memories.front());
  config.memories[0].bandwidth = BytesPerSecond(8'000'000'000);
  config.memories[1].bandwidth = BytesPerSecond(3);
  const std::vector<ArrayConfig> machines = machines_up_to(config);
  EXPECT_EQ(machines.front().memories[0].bandwidth->count(), 125'000'000U);
  EXPECT_EQ(machines.front().memories[1].bandwidth->count(), 1U);
  EXPECT_EQ(machines[machines.size() - 2].memories[0].bandwidth->count(), 6'000'000'000U);
  EXPECT_EQ(machines[machines.size() - 2].memories[1].bandwidth->count(), 2U);
}

TEST(Channel, AMachineWithoutALimitHasNoSlowerOnes) {
  ArrayConfig config = array(4, 4);
  config.memories.front().bandwidth.reset();
  EXPECT_EQ(machines_up_to(config).size(), 1U);
}

}  // namespace
}  // namespace systol::test
