#include "host/sweep/shard.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol::test {
namespace {

TEST(ShardOfPoints, AllPointsAreInOneShardEach) {
  EXPECT_EQ((Shard{0, 3}.begin(10)), 0U);
  EXPECT_EQ((Shard{0, 3}.end(10)), 3U);
  EXPECT_EQ((Shard{1, 3}.begin(10)), 3U);
  EXPECT_EQ((Shard{1, 3}.end(10)), 6U);
  EXPECT_EQ((Shard{2, 3}.begin(10)), 6U);
  EXPECT_EQ((Shard{2, 3}.end(10)), 10U);
  EXPECT_EQ((Shard{99'999'999, 100'000'000}.end(100'000'000)), 100'000'000U);
}

TEST(ShardOfPoints, IsWrittenAsPeopleCount) {
  EXPECT_EQ(text_of(Shard{2, 100}), "3/100");
  EXPECT_EQ(parse_shard("3/100", "here"), (Shard{2, 100}));
  EXPECT_EQ(parse_shard("1/1", "here"), (Shard{0, 1}));
}

TEST(ShardOfPoints, OtherTextIsRefused) {
  for (const char* text : {"", "3", "/", "3/", "/3", "0/3", "4/3", "1/0", "-1/3", "1/3x", " 1/3",
                           "1/100000001", "1/99999999999999999999"}) {
    try {
      parse_shard(text, "here");
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_EQ(std::string(error.what()).rfind("here: found '" + std::string(text) + "', ", 0), 0U)
          << error.what();
    }
  }
}

}  // namespace
}  // namespace systol::test
