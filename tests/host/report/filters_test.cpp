#include "host/report/filters.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "host/graph/dense.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

constexpr std::uint32_t kZoom = 6;
constexpr std::uint32_t kMargin = 8;

struct Rgb {
  int red, green, blue;
  bool operator==(const Rgb&) const = default;
};
void PrintTo(const Rgb& colour, std::ostream* out) {
  *out << colour.red << "," << colour.green << "," << colour.blue;
}
constexpr Rgb kWhite{255, 255, 255};
constexpr Rgb kRed{255, 0, 0};
constexpr Rgb kBlue{0, 0, 255};
constexpr Rgb kGround{224, 224, 224};

/// A PNG, decoded by libpng.
struct Decoded {
  explicit Decoded(const std::filesystem::path& path) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
    image.format = PNG_FORMAT_RGB;
    width = image.width;
    height = image.height;
    bytes.resize(PNG_IMAGE_SIZE(image));
    EXPECT_NE(png_image_finish_read(&image, nullptr, bytes.data(), 0, nullptr), 0) << image.message;
  }
  Rgb at(std::uint32_t x, std::uint32_t y) const {
    const std::uint8_t* pixel = &bytes.at(std::size_t{3} * (y * width + x));
    return {pixel[0], pixel[1], pixel[2]};
  }
  /// The middle of weight (`row`, `column`) of a filter, of `side` x `side` weights each.
  Rgb weight(std::uint32_t filter, std::uint32_t side, std::uint32_t row,
             std::uint32_t column) const {
    const std::uint32_t pitch = side * kZoom + kMargin;
    return at(kMargin + filter % 5 * pitch + column * kZoom + kZoom / 2,
              kMargin + filter / 5 * pitch + row * kZoom + kZoom / 2);
  }
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<std::uint8_t> bytes;
};

std::vector<float>& weights_of(Graph& graph) {
  return graph.constant(graph.nodes.front().inputs[1])->values;
}

Graph one_layer(std::uint32_t inputs, std::uint32_t outputs) {
  Graph graph;
  graph.name = "net";
  graph.outputs = {add_dense(graph, "fc", graph.add_input("input", {inputs}), outputs)};
  weights_of(graph).resize(std::size_t{inputs} * outputs);
  return graph;
}

class Filters : public ::testing::Test {
 protected:
  Decoded draw(const Graph& graph) const {
    write_filters(graph, files_.path("f.png"));
    return Decoded(files_.path("f.png"));
  }
  TempFiles files_;
};

TEST_F(Filters, FiveAreInARow) {
  const Decoded ten = draw(one_layer(28 * 28, 10));
  EXPECT_EQ(ten.width, 8U + 5 * (28 * 6 + 8));
  EXPECT_EQ(ten.height, 8U + 2 * (28 * 6 + 8));
  const Decoded two = draw(one_layer(4, 2));
  EXPECT_EQ(two.width, 8U + 2 * (2 * 6 + 8));
  EXPECT_EQ(two.height, 8U + 2 * 6 + 8);
}

TEST_F(Filters, ForIsRedAgainstIsBlueNothingIsWhite) {
  Graph graph = one_layer(4, 7);
  const auto weight = [&](std::uint32_t input, std::uint32_t output) -> float& {
    return weights_of(graph)[input * 7 + output];
  };
  weight(0, 0) = 0.5F;  // top left of the first filter
  weight(1, 0) = -0.5F;
  weight(2, 0) = 0.125F;  // a quarter of the largest: half as strong
  weight(3, 6) = -3.0F;   // bottom right of the last filter
  const Decoded picture = draw(graph);
  EXPECT_EQ(picture.weight(0, 2, 0, 0), kRed);
  EXPECT_EQ(picture.weight(0, 2, 0, 1), kBlue);
  EXPECT_EQ(picture.weight(0, 2, 1, 0), (Rgb{255, 127, 127}));
  EXPECT_EQ(picture.weight(0, 2, 1, 1), kWhite);
  EXPECT_EQ(picture.weight(6, 2, 1, 1), kBlue);
  EXPECT_EQ(picture.weight(6, 2, 0, 0), kWhite);
  EXPECT_EQ(picture.weight(3, 2, 0, 0), kWhite) << "a filter of zeros";
  EXPECT_EQ(picture.at(0, 0), kGround);
  EXPECT_EQ(picture.at(picture.width - 1, picture.height - 1), kGround)
      << "where the row has no more filters";
}

TEST_F(Filters, EveryWeightIsASquareOfSixPixels) {
  Graph graph = one_layer(4, 1);
  weights_of(graph) = {1, -1, -1, 1};
  const Decoded picture = draw(graph);
  for (std::uint32_t y = 0; y < 12; ++y) {
    for (std::uint32_t x = 0; x < 12; ++x) {
      EXPECT_EQ(picture.at(kMargin + x, kMargin + y), (x < 6) == (y < 6) ? kRed : kBlue);
    }
  }
  EXPECT_EQ(picture.at(kMargin - 1, kMargin), kGround);
  EXPECT_EQ(picture.at(kMargin + 12, kMargin), kGround);
}

TEST_F(Filters, OfOtherNetworksAreRefused) {
  const auto error = [&](const Graph& graph) {
    return files_.error_of([&] { write_filters(graph, files_.path("f.png")); });
  };
  const std::string rule = "net: filters are drawn of square inputs and at most 100 outputs; ";
  EXPECT_EQ(error(one_layer(5, 2)), rule + "it has 5 inputs and 2 outputs");
  EXPECT_EQ(error(one_layer(4, 101)), rule + "it has 4 inputs and 101 outputs");
  Graph two = one_layer(4, 4);
  add_dense(two, "fc2", two.outputs.front(), 4);
  EXPECT_EQ(error(two), "net: filters are drawn of one matmul's weights; it has 2 matmuls");
  Graph shapes = one_layer(4, 4);
  weights_of(shapes).clear();
  EXPECT_EQ(error(shapes), "net: filters are drawn of weights; those of 'fc' have no values");
  EXPECT_FALSE(std::filesystem::exists(files_.path("f.png")));
}

TEST_F(Filters, ThatCannotBeWrittenAreAnEnvironmentError) {
  EXPECT_THROW(write_filters(one_layer(4, 1), files_.path("none/f.png")), EnvironmentError);
}

}  // namespace
}  // namespace systol::test
