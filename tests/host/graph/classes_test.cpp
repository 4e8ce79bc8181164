#include "host/graph/classes.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

using Classes = std::vector<std::size_t>;

TEST(ClassesOf, AreTheFirstOfTheLargestScores) {
  EXPECT_EQ(classes_of(std::vector<float>{1, 3, 3, 5, 2, 4}, 3), (Classes{1, 0}));
  EXPECT_EQ(class_count(3), 3U);
}

TEST(ClassesOf, ASingleScoreSaysYesAboveOneHalf) {
  EXPECT_EQ(classes_of(std::vector<float>{0.25F, 0.5F, 0.625F, -1, 2}, 1),
            (Classes{0, 0, 1, 0, 1}));
  EXPECT_EQ(class_count(1), 2U);
}

}  // namespace
}  // namespace systol::test
