#include "host/fuzz/walk_program.h"

#include <gtest/gtest.h>

#include "host/fuzz/random_walks.h"
#include "hw/isa/accesses.h"
#include "tests/sanitized.h"

namespace systol {
namespace {

/// The largest array that is drawn, where 24 rows of 40 sums of 4 bytes are more than there is room
/// for.
ArrayConfig largest() {
  ArrayConfig config;
  config.rows = 40;
  config.columns = 40;
  config.accumulator_rows = 512;
  config.pe = isa::PeType::Bf16;
  return config;
}

TEST(WalkProgram, LargeRowsOfWideSumsStayInTheBuffer) {
  const ArrayConfig config = largest();
  constexpr std::uint64_t kPrograms = test::kSanitized ? 2 : 20;
  std::uint64_t wide = 0;
  for (std::uint64_t seed = 0; seed < kPrograms; ++seed) {
    for (const isa::Command& command : draw_walk_program(config, SplitMix64(seed), 8).commands) {
      const auto* activate = std::get_if<isa::ActivateFloat>(&command.operation);
      wide += activate != nullptr && activate->wide ? 1 : 0;
      for (const isa::Access& access : isa::accesses_of(command.operation, config.pe)) {
        if (access.region == isa::Region::Buffer) {
          ASSERT_LE(access.end(), kWalkBuffer) << "seed " << seed;
        }
      }
    }
  }
  EXPECT_GT(wide, kPrograms) << "most fit";
}

TEST(WalkProgram, AWalkWithoutRoomIsAnError) {
  RandomWalks random(SplitMix64(1));
  EXPECT_THROW(random.read(1, 11, 0, 10), std::logic_error);
  EXPECT_THROW(random.write(2, 6, 0, 10), std::logic_error);
  EXPECT_NO_THROW(random.write(2, 5, 0, 10));
}

}  // namespace
}  // namespace systol
