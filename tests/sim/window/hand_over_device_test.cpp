#include "sim/window/hand_over_device.h"

#include <set>

#include "tests/sim/window/small_networks.h"

namespace systol::test {
namespace {

class HandOverDevice : public EachDataflow {};

TEST_P(HandOverDevice, EndsAsAWholeRunDoes) {
  for (const auto& [rows, columns] : {std::pair{3U, 5U}, {1U, 1U}, {5U, 2U}, {8U, 8U}}) {
    const ArrayConfig config = array_of(GetParam(), rows, columns);
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const isa::Program program = small_program(config, seed);
      const Shown whole =
          run_on(*make_systemc_device("systemc", config, make_model_unit, {}), program);
      const Shown handed = run_on(*make_hand_over_device(config, make_model_unit), program);
      EXPECT_EQ(handed.result, whole.result);
      EXPECT_EQ(handed.times.all, whole.times.all);
      EXPECT_EQ(handed.times.all.size(), program.commands.size());
      expect_same_memory(handed, whole);
      ASSERT_FALSE(HasFailure()) << rows << "x" << columns << ", seed " << seed;
    }
  }
}

/// Where memory is slow, transfers are under way when the other engine takes over.
TEST_P(HandOverDevice, TakesOverWhatIsUnderWay) {
  for (const std::uint64_t latency : {std::uint64_t{0}, std::uint64_t{37'000}}) {
    ArrayConfig config = array_of(GetParam());
    config.memories[0].bandwidth = BytesPerSecond(1'300'000'000);
    config.memories[0].latency = Picoseconds(latency);
    config.weight_fifo_tiles = 2;
    config.command_queue_depth = 3;
    config.dma_outstanding = 2;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const isa::Program program = small_program(config, seed);
      const Shown whole =
          run_on(*make_systemc_device("systemc", config, make_model_unit, {}), program);
      const Shown handed = run_on(*make_hand_over_device(config, make_model_unit), program);
      EXPECT_EQ(handed.result, whole.result);
      EXPECT_EQ(handed.times.all, whole.times.all);
      expect_same_memory(handed, whole);
      ASSERT_FALSE(HasFailure()) << "latency " << latency << " ps, seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, HandOverDevice, kDataflows, dataflow_name);

TEST(HandOverDevice, SaysItsName) {
  const ArrayConfig config = array(4, 4);
  EXPECT_EQ(make_hand_over_device(config, make_model_unit)->engine(), "hand-over");
}

}  // namespace
}  // namespace systol::test
