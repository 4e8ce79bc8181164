#include "hw/isa/requantisation.h"

#include <gtest/gtest.h>

#include <vector>

namespace systol::isa {
namespace {

TEST(Requantisation, AChannelIsAByteOfEachOfNinePlanes) {
  std::vector<std::uint8_t> planes(18, 0xee);
  write_channel({-2, 0x12345678, 62}, planes.data(), 2, 1);
  const std::vector<std::uint8_t> expected = {0xee, 0xfe, 0xee, 0xff, 0xee, 0xff, 0xee, 0xff, 0xee,
                                              0x78, 0xee, 0x56, 0xee, 0x34, 0xee, 0x12, 0xee, 62};
  EXPECT_EQ(planes, expected);
  EXPECT_EQ(read_channel(planes.data(), 2, 1), (Channel{-2, 0x12345678, 62}));
}

TEST(Requantisation, BitsThatAChannelDoesNotHaveAreLeftOut) {
  EXPECT_EQ(read_channel(std::vector<std::uint8_t>(9, 0xff).data(), 1, 0),
            (Channel{-1, 0x7fffffff, 63}));
}

}  // namespace
}  // namespace systol::isa
