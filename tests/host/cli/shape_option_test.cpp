#include "host/cli/shape_option.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

TEST(ShapeOption, GivesExtentsOfInputsAndSizesOfDimensions) {
  const GivenShapes given = given_shapes({"image=1x3x224x200", "length=128", "a=b:0=2x1"});
  EXPECT_EQ(given.inputs,
            (std::map<std::string, Shape>{{"image", {1, 3, 224, 200}}, {"a=b:0", {2, 1}}}));
  EXPECT_EQ(given.dimensions, (std::map<std::string, std::int64_t>{{"length", 128}}));
  EXPECT_TRUE(given_shapes({}).empty());
}

TEST(ShapeOption, RefusesWhatIsNoSize) {
  for (const std::string text : {"", "x", "x=", "=3", "x=0", "x=-1x3", "x=1x", "x=x1", "x=1x2y",
                                 "x=1X2", "x=1.5", "x=2147483649", "x=99999999999999999999"}) {
    try {
      given_shapes({text});
      FAIL() << text;
    } catch (const InputError& error) {
      EXPECT_EQ(error.what(), "--shape '" + text +
                                  "': expected NAME=EXTENTS, as image=1x3x224x224, or NAME=SIZE, "
                                  "as length=128, with sizes from 1 to 2147483648");
    }
  }
  EXPECT_THROW(given_shapes({"x=2", "x=3"}), InputError);
}

}  // namespace
}  // namespace systol
