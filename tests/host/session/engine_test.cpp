#include "host/session/engine.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

TEST(Engine, OfEachSpecificationSaysWhichItIs) {
  const ArrayConfig config = array(4, 5);
  EXPECT_EQ(make_engine(FastEngine{}, config)->engine(), "fast");
  EXPECT_EQ(make_engine(ClockedEngine{ClockedUnit::SystemC, {}, {}}, config)->engine(), "systemc");
  EXPECT_EQ(name_of(EngineSpec(ClockedEngine{})), "rtl");
  EXPECT_EQ(name_of(EngineSpec(WindowedEngine{})), "fast");
}

TEST(Engine, OnlyAFastOneMayHaveNoValues) {
  EXPECT_TRUE(has_values(FastEngine{}));
  EXPECT_FALSE(has_values(FastEngine{.values = false}));
  EXPECT_TRUE(has_values(ClockedEngine{}));
  EXPECT_TRUE(has_values(WindowedEngine{}));
}

TEST(Engine, AFaultMustBeInTheArray) {
  const ArrayConfig config = array(4, 5);
  const auto error_of = [&](std::uint32_t row, std::uint32_t column) -> std::string {
    try {
      make_engine(ClockedEngine{ClockedUnit::SystemC, {}, StuckBit{row, column, 31}}, config);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of(4, 0),
            "fault pe:4,0: there is no such PE; the array has rows 0 to 3 and columns 0 to 4");
  EXPECT_EQ(error_of(0, 5),
            "fault pe:0,5: there is no such PE; the array has rows 0 to 3 and columns 0 to 4");
  EXPECT_EQ(error_of(3, 4), "no error");
}

TEST(Engine, AWaveOfAPeThatIsNotThereIsRefusedAtOnce) {
  const ArrayConfig config = array(4, 5);
  WaveOptions wave;
  wave.path = "never-written.fst";
  wave.scopes = {"pe:9,9"};
  EXPECT_THROW(make_engine(ClockedEngine{ClockedUnit::SystemC, wave, {}}, config), InputError);
}

}  // namespace
}  // namespace systol::test
