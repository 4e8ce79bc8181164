#include "host/account/action_energy.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "sim/config/array_file.h"

namespace systol {
namespace {

const std::filesystem::path kFiles = SYSTOL_CONFIGS;

Activity drawn_activity(std::mt19937& random) {
  Activity activity;
  for (std::uint64_t& count : activity.counts) {
    count = random() % 10'000;
  }
  return activity;
}

/// The account itself, which has tests of its own, of drawn activities.
TEST(ActionEnergy, IsTheAccountsOnEachDataflowAndClockGating) {
  std::mt19937 random(7);
  const EnergyTable table = load_energy_table(kFiles / "energy/45nm.yaml");
  ArrayConfig config = load_array_config(kFiles / "edge_8x8.yaml");
  for (const Dataflow dataflow : {Dataflow::WeightStationary, Dataflow::OutputStationary}) {
    for (const ClockGating gating : {ClockGating::None, ClockGating::Array, ClockGating::Pe}) {
      config.dataflow = dataflow;
      config.clock_gating = gating;
      const Activity activity = drawn_activity(random);
      const EnergyReport expected = account({activity, {Cycles(12'345)}}, config, table);
      const EnergyReport idle = account({{}, {Cycles(12'345)}}, config, table);
      const ActionEnergy energy(config, table);
      const Picojoules products = products_of(expected);
      EXPECT_NEAR(energy.products(activity).count() / products.count(), 1, 1e-9);
      EXPECT_NEAR(
          (energy.rest(activity) + idle.total).count() / (expected.total - products).count(), 1,
          1e-9);
    }
  }
}

}  // namespace
}  // namespace systol
