#include "host/import/network_input.h"

#include <gtest/gtest.h>

#include "host/import/sizes.h"
#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

/// Pixels i, i + 1, ... of one sample.
SampleFile pixels(const Shape& shape, float first = 0) {
  SampleFile file;
  file.name = "i.png";
  file.count = 1;
  file.shape = shape;
  file.white = 255;
  file.how = size_text(shape);
  for (std::uint64_t i = 0; i < elements(shape); ++i) {
    file.values.push_back(first + static_cast<float>(i));
  }
  return file;
}

SampleFile table_of(std::vector<float> values, std::int64_t columns) {
  SampleFile file;
  file.name = "t.csv";
  file.shape = {columns};
  file.values = std::move(values);
  file.count = file.kept();
  file.how = "columns";
  return file;
}

/// A network that takes this shape, whose first layer is of no interest here.
Graph taking(const Shape& shape) {
  Graph graph;
  graph.name = "net";
  graph.outputs = {graph.add_input("input", shape)};
  return graph;
}

std::string shape_error(const SampleFile& file, const Graph& graph) {
  return input_error([&] { network_input(file, graph); });
}

/// Takes them as they are, so that what is seen is the order.
std::vector<float> in_order(const SampleFile& file, const Shape& shape) {
  return network_input(file, taking(shape), {1.0, 0.0}).values;
}

TEST(Resize, AveragesAdjacentAreasThatMayOverlap) {
  // From 3 to 2: areas [0, 2) and [1, 3).
  EXPECT_EQ(area_average(pixels({1, 3}), {1, 2}), (std::vector<float>{0.5F, 1.5F}));
  EXPECT_EQ(area_average(pixels({4, 4}), {2, 2}), (std::vector<float>{2.5F, 4.5F, 10.5F, 12.5F}));
}

TEST(Resize, AveragesEachChannel) {
  EXPECT_EQ(area_average(pixels({2, 1, 3}), {1, 1}), (std::vector<float>{1.5F, 2.5F, 3.5F}));
}

TEST(Resize, KeepsPixelsWholeAndOtherNumbersAsTheyAre) {
  SampleFile file = pixels({1, 2});
  resize(file, {1, 1});
  EXPECT_EQ(file.values, (std::vector<float>{1}));
  EXPECT_EQ(file.shape, (Shape{1, 1}));
  EXPECT_EQ(file.how, "1x2 resized to 1x1");
  SampleFile numbers = pixels({1, 2});
  numbers.white.reset();
  resize(numbers, {1, 1});
  EXPECT_EQ(numbers.values, (std::vector<float>{0.5F}));
}

TEST(Resize, RefusesWhatIsNoImageOrSmaller) {
  SampleFile table = table_of({1, 2}, 2);
  EXPECT_EQ(
      input_error([&] {
        resize(table, {1, 1});
      }),
      "t.csv: its samples are 2; only images of height x width, or height x width x channels, "
      "can be resized");
  SampleFile small = pixels({2, 2});
  EXPECT_EQ(input_error([&] {
              resize(small, {2, 3});
            }),
            "i.png: its images are 2x2 and can only be made smaller, not 2x3");
}

TEST(NetworkInputRange, IsZeroToOneForDigits) {
  SampleFile white = pixels({28, 28});
  white.values.assign(784, 255);
  const NetworkInput input = network_input(white, dense_from_sizes("784x10"));
  EXPECT_EQ(input.values, std::vector<float>(784, 1.0F));
  EXPECT_EQ(input.how, "28x28, pixels 0..255 scaled to [0, 1], guessed from the 784 inputs");
}

TEST(NetworkInputRange, IsAroundZeroForSmallDigits) {
  SampleFile black = pixels({28, 28});
  black.values.assign(784, 0);
  const NetworkInput input = network_input(black, dense_from_sizes("256x10"));
  EXPECT_EQ(input.values, std::vector<float>(256, -1.0F));
  EXPECT_EQ(input.how,
            "28x28 resized to 16x16, pixels 0..255 scaled to [-1, 1], guessed from the 256 inputs");
}

TEST(NetworkInputRange, OfPixelsIsTheNetworksOrAsAsked) {
  Graph graph = dense_from_sizes("4x2");
  graph.input_range = ValueRange{0.0F, 2.0F};
  SampleFile file = pixels({2, 2});
  file.values = {0, 255, 255, 0};
  const NetworkInput own = network_input(file, graph);
  EXPECT_EQ(own.values, (std::vector<float>{0, 2, 2, 0}));
  EXPECT_EQ(own.how, "2x2, pixels 0..255 scaled to the network's range [0, 2]");
  const NetworkInput asked = network_input(file, graph, {1.0 / 255, -1.0});
  EXPECT_EQ(asked.values, (std::vector<float>{-1, 0, 0, -1}));
  EXPECT_EQ(asked.how, "2x2, pixels 0..255 scaled to [-1, 0], as asked");
  EXPECT_EQ(network_input(file, graph, {std::nullopt, -1.0}).values,
            (std::vector<float>{-1, 0, 0, -1}))
      << "without a scale white is one more than black";
}

TEST(NetworkInputRange, OfPixelsOf16BitsIsTheSame) {
  SampleFile file = pixels({2, 2});
  file.white = 65535;
  file.values = {0, 65535, 0, 0};
  const NetworkInput input = network_input(file, dense_from_sizes("4x2"));
  EXPECT_EQ(input.values, (std::vector<float>{0, 1, 0, 0}));
  EXPECT_EQ(input.how, "2x2, pixels 0..65535 scaled to [0, 1], guessed from the 4 inputs");
}

TEST(NetworkInputRange, OfOtherNumbersStaysUnlessAsked) {
  Graph graph = dense_from_sizes("2x2");
  const SampleFile file = table_of({-1.5F, 2, 3, 4}, 2);
  EXPECT_EQ(network_input(file, graph).values, file.values);
  EXPECT_EQ(network_input(file, graph).how, "columns, values -1.5 to 4 as they are");
  const NetworkInput asked = network_input(file, graph, {0.5, 1.0});
  EXPECT_EQ(asked.values, (std::vector<float>{0.25F, 2, 2.5F, 3}));
  EXPECT_EQ(asked.how, "columns, values -1.5 to 4 times 0.5 plus 1, as asked");
  graph.input_range = ValueRange{0.0F, 4.0F};
  EXPECT_EQ(network_input(file, graph).how,
            "columns, values -1.5 to 4 as they are, outside the network's range [0, 4]");
}

TEST(NetworkInputRange, OfWhatLooksLikePixelsIsAskedAbout) {
  const Graph graph = dense_from_sizes("2x2");
  EXPECT_EQ(network_input(table_of({0, 255, 128, 7}, 2), graph).how,
            "columns, values 0 to 255 as they are; if they are pixels, a scale of 1/255 makes them "
            "0 to 1");
  EXPECT_EQ(network_input(table_of({0, 255, 0.5F, 7}, 2), graph).how,
            "columns, values 0 to 255 as they are");
}

TEST(NetworkInputRange, IsFinite) {
  EXPECT_EQ(input_error([] {
              network_input(table_of({1, 1e30F}, 2), dense_from_sizes("2x2"), {1e30, 0.0});
            }),
            "t.csv: scaled as asked, its values are no finite float32 numbers");
}

TEST(NetworkInputLayout, OfTheSameShapeOrFlatStays) {
  const std::vector<float> order = pixels({2, 3}).values;
  EXPECT_EQ(in_order(pixels({2, 3}), {2, 3}), order);
  EXPECT_EQ(in_order(pixels({2, 3}), {6}), order);
  EXPECT_EQ(in_order(pixels({2, 3}), {1, 2, 3}), order);
  EXPECT_EQ(in_order(pixels({2, 3, 1}), {1, 2, 3}), order);
  EXPECT_EQ(in_order(pixels({6}), {2, 3}), order);
  EXPECT_EQ(in_order(pixels({2, 2, 3}), {12}), pixels({12}).values) << "height, width, colours";
}

TEST(NetworkInputLayout, PutsChannelsFirstWhereTheNetworkHasThemThere) {
  const SampleFile file = pixels({1, 2, 3});
  EXPECT_EQ(in_order(file, {3, 1, 2}), (std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(in_order(file, {1, 2, 3}), file.values);
  EXPECT_EQ(network_input(file, taking({3, 1, 2})).how,
            "1x2x3, channels put first, pixels 0..255 scaled to [0, 1], guessed from the 6 inputs");
  SampleFile two = pixels({1, 2, 2});
  two.values.insert(two.values.end(), {10, 11, 12, 13});
  EXPECT_EQ(in_order(two, {2, 1, 2}), (std::vector<float>{0, 2, 1, 3, 10, 12, 11, 13}));
}

TEST(NetworkInputLayout, PutsChannelsLastWhereTheModelHasThemThere) {
  const SampleFile file = pixels({3, 1, 2});
  EXPECT_EQ(in_order(file, {1, 2, 3}), (std::vector<float>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(network_input(file, taking({1, 2, 3})).how,
            "3x1x2, channels put last, pixels 0..255 scaled to [0, 1], guessed from the 6 inputs");
  EXPECT_EQ(in_order(pixels({2, 1, 2}), {1, 2, 2}), pixels({4}).values)
      << "as many values in the same order are not moved";
}

/// As of a convolution in ONNX: [C][H][W] in the model's file and in arrays for it, [H][W][C] in
/// the tensor.
TEST(NetworkInputLayout, PutsChannelsLastWhereTheTensorHasThemThere) {
  Graph graph = taking({1, 2, 3});
  graph.input_layouts = {InputLayout::ChannelsFirst};
  const auto values = [&](const SampleFile& file) {
    return network_input(file, graph, {1.0, 0.0}).values;
  };
  const std::vector<float> channels_last{0, 2, 4, 1, 3, 5};
  EXPECT_EQ(values(pixels({3, 1, 2})), channels_last);
  EXPECT_EQ(values(pixels({6})), channels_last) << "flat, in the order of the model's file";
  EXPECT_EQ(values(pixels({1, 2, 3})), pixels({6}).values) << "as a picture is";
  EXPECT_EQ(network_input(pixels({6}), graph, {1.0, 0.0}).how,
            "6, channels first, taken as 3x1x2, pixels 0..255 scaled to [0, 255], as asked");
  EXPECT_EQ(network_input(pixels({3, 1, 2}), graph, {1.0, 0.0}).how,
            "3x1x2, channels first, pixels 0..255 scaled to [0, 255], as asked");
  EXPECT_EQ(network_input(pixels({1, 2, 3}), graph, {1.0, 0.0}).how,
            "1x2x3, channels last, pixels 0..255 scaled to [0, 255], as asked");
  EXPECT_EQ(shape_error(pixels({2, 1, 3}), graph),
            "i.png: its samples are 2x1x3 (6 values), but 'net' takes 3x1x2 inputs");
}

TEST(NetworkInputLayout, OfAsManyChannelsAsPixelsIsTheModelsUnlessItIsAPicture) {
  Graph graph = taking({2, 2, 2});
  graph.input_layouts = {InputLayout::ChannelsFirst};
  SampleFile file = pixels({2, 2, 2});
  EXPECT_EQ(network_input(file, graph, {1.0, 0.0}).values,
            (std::vector<float>{0, 4, 1, 5, 2, 6, 3, 7}));
  file.channels_last = true;
  EXPECT_EQ(network_input(file, graph, {1.0, 0.0}).values, file.values);
}

TEST(NetworkInputLayout, OfSeveralInputsIsOneAfterAnother) {
  Graph graph = taking({2});
  graph.add_input("image", {2, 1, 2});
  graph.input_layouts = {InputLayout::AsTensor, InputLayout::ChannelsFirst};
  SampleFile two = pixels({6});
  two.values.insert(two.values.end(), {10, 11, 12, 13, 14, 15});
  EXPECT_EQ(network_input(two, graph, {1.0, 0.0}).values,
            (std::vector<float>{0, 1, 2, 4, 3, 5, 10, 11, 12, 14, 13, 15}));
  EXPECT_EQ(shape_error(pixels({3, 3}), graph),
            "i.png: its samples are 3x3 (9 values), but 'net' takes 6 inputs");
}

/// ITU-R BT.601.
TEST(NetworkInputLayout, MakesColoursGreyForOneChannel) {
  SampleFile file = pixels({1, 2, 3});
  file.values = {100, 200, 50, 255, 255, 255};
  const std::vector<float> grey = in_order(file, {2});
  EXPECT_FLOAT_EQ(grey[0], 0.299F * 100 + 0.587F * 200 + 0.114F * 50);
  EXPECT_FLOAT_EQ(grey[1], 255);
  EXPECT_EQ(
      network_input(file, taking({1, 1, 2})).how,
      "1x2x3 made grey (0.299 red + 0.587 green + 0.114 blue), pixels 0..255 scaled to [0, 1], "
      "guessed from the 2 inputs");
}

TEST(NetworkInputLayout, MakesImagesOfPixelsSmallerWhereTheNetworkTakesASquare) {
  EXPECT_EQ(in_order(pixels({4, 4}), {2, 2}), (std::vector<float>{2.5F, 4.5F, 10.5F, 12.5F}));
  EXPECT_EQ(in_order(pixels({2, 2, 3}), {3, 1, 1}), (std::vector<float>{4.5F, 5.5F, 6.5F}));
  EXPECT_EQ(in_order(pixels({2, 2, 3}, 10), {1}).size(), 1U) << "smaller and grey";
}

TEST(NetworkInputLayout, RefusesOtherShapes) {
  EXPECT_EQ(shape_error(pixels({28, 28}), dense_from_sizes("300x2")),
            "i.png: its samples are 28x28 (784 values), but '300x2' takes 300 inputs");
  EXPECT_EQ(shape_error(pixels({28, 28}), dense_from_sizes("1024x2")),
            "i.png: its samples are 28x28 (784 values), but '1024x2' takes 1024 inputs");
  EXPECT_EQ(shape_error(pixels({4, 6}), taking({6, 4})),
            "i.png: its samples are 4x6 (24 values), but 'net' takes 6x4 inputs");
  EXPECT_EQ(shape_error(pixels({2, 2}), taking({3, 2, 2})),
            "i.png: its samples are 2x2 (4 values), but 'net' takes 3x2x2 inputs")
      << "grey is not made colours";
}

TEST(NetworkInputLayout, NeverTakesATableForAnImage) {
  EXPECT_EQ(shape_error(table_of(std::vector<float>(13), 13), dense_from_sizes("784x10")),
            "t.csv: it has 13 values a sample, but '784x10' takes 784 inputs");
  EXPECT_EQ(shape_error(table_of(std::vector<float>(784), 784), dense_from_sizes("256x10")),
            "t.csv: it has 784 values a sample, but '256x10' takes 256 inputs");
  SampleFile image = pixels({28, 28});
  image.white.reset();
  EXPECT_EQ(shape_error(image, dense_from_sizes("256x10")),
            "i.png: its samples are 28x28 (784 values), but '256x10' takes 256 inputs")
      << "nor other numbers for pixels";
}

}  // namespace
}  // namespace systol::test
