#include "host/fuzz/change_check.h"

#include <gtest/gtest.h>

#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/sanitized.h"

namespace systol {
namespace {

std::unique_ptr<Device> clocked(const std::string& engine, const ArrayConfig& config) {
  return make_systemc_device(engine, config, make_model_unit, {});
}

constexpr std::uint32_t kChanges = test::kSanitized ? 6 : 60;

TEST(ChangeCheck, PredictionsHoldOnTheClockedEngine) {
  const ChangeCheck check = check_changes({.cases = kChanges, .seed = 4, .progress = {}}, clocked);
  EXPECT_EQ(check.difference, "");
  EXPECT_EQ(check.cases, kChanges);
  EXPECT_GT(check.changed, kChanges / 4) << "most changes must matter";
}

TEST(ChangeCheck, FindsAMachineThatTheChangeDoesNotReach) {
  // It always has the latency of its first memory doubled.
  const EngineMaker planted = [](const std::string& engine, const ArrayConfig& config) {
    static ArrayConfig other;  // lives as long as the device
    other = config;
    other.memories[0].latency = Picoseconds(other.memories[0].latency.count() * 2 + 10'000);
    return clocked(engine, other);
  };
  EXPECT_NE(check_changes({.cases = 20, .seed = 4, .progress = {}}, planted).difference, "");
}

}  // namespace
}  // namespace systol
