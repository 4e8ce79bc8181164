#include "host/import/images.h"

#include <gtest/gtest.h>

#include "host/import/sizes.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// One image whose pixel (y, x) is y * width + x.
IdxImages ramp(std::size_t height, std::size_t width) {
  IdxImages images{1, height, width, {}};
  for (std::size_t i = 0; i < height * width; ++i) {
    images.pixels.push_back(static_cast<std::uint8_t>(i));
  }
  return images;
}

TEST(Images, AveragesAdjacentAreasThatMayOverlap) {
  // From 3 to 2: areas [0, 2) and [1, 3).
  EXPECT_EQ(average_down(ramp(1, 3), 1, 2), (std::vector<float>{0.5F, 1.5F}));
  EXPECT_EQ(average_down(ramp(4, 4), 2, 2), (std::vector<float>{2.5F, 4.5F, 10.5F, 12.5F}));
}

TEST(Images, ScalesToZeroToOneForDigits) {
  const PreparedImages prepared = prepare_images({1, 28, 28, std::vector<std::uint8_t>(784, 255)},
                                                 dense_from_sizes("784x10"), "digits");
  EXPECT_EQ(prepared.values, std::vector<float>(784, 1.0F));
  EXPECT_EQ(prepared.how, "pixels scaled to [0, 1], guessed from the 784 inputs");
}

TEST(Images, ResizesToSixteenAndScalesAroundZero) {
  const PreparedImages prepared = prepare_images({1, 28, 28, std::vector<std::uint8_t>(784, 0)},
                                                 dense_from_sizes("256x10"), "digits");
  EXPECT_EQ(prepared.values, std::vector<float>(256, -1.0F));
  EXPECT_EQ(prepared.how,
            "pixels scaled to [-1, 1] and resized 28x28 -> 16x16, guessed from the 256 inputs");
}

TEST(Images, TakesTheRangeThatIsAskedFor) {
  Graph graph = dense_from_sizes("4x2");
  graph.input_range = ValueRange{0.0F, 2.0F};
  const IdxImages images{1, 2, 2, {0, 255, 255, 0}};
  EXPECT_EQ(prepare_images(images, graph, "i").values, (std::vector<float>{0, 2, 2, 0}));
  EXPECT_EQ(prepare_images(images, graph, "i").how, "pixels scaled to [0, 2], the network's range");
  const PreparedImages asked = prepare_images(images, graph, "i", ValueRange{-1.0F, 0.0F});
  EXPECT_EQ(asked.values, (std::vector<float>{-1, 0, 0, -1}));
  EXPECT_EQ(asked.how, "pixels scaled to [-1, 0], as asked");
}

TEST(Images, RefusesImagesThatDoNotFit) {
  const IdxImages images{1, 28, 28, std::vector<std::uint8_t>(784)};
  const auto error = [&](const char* sizes) -> std::string {
    try {
      prepare_images(images, dense_from_sizes(sizes), "digits.gz");
    } catch (const InputError& caught) {
      return caught.what();
    }
    return "no error";
  };
  EXPECT_EQ(error("300x2"),
            "digits.gz: its images are 28x28 (784 values), but '300x2' takes 300 inputs");
  EXPECT_EQ(error("1024x2"),
            "digits.gz: its images are 28x28 (784 values), but '1024x2' takes 1024 inputs");
}

}  // namespace
}  // namespace systol
