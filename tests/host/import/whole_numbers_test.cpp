#include "host/import/whole_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "host/import/network_input.h"
#include "host/import/synthetic.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

/// Two numbers of int8 in steps of a half from 3 on, and a float.
Graph with_numbers() {
  Graph graph;
  graph.name = "net";
  const TensorId x = graph.add_input("x", {2});
  graph.add_input("y", {1});
  graph.whole_inputs = {{x, -128, 127, 0.5F, 3}};
  return graph;
}

SampleFile samples(std::vector<float> values) {
  SampleFile file;
  file.name = "x.npy";
  file.shape = {3};
  file.count = values.size() / 3;
  file.values = std::move(values);
  file.how = "float32";
  return file;
}

TEST(WholeNumbers, BecomeRealOnes) {
  const NetworkInput input = network_input(samples({5, -128, 0.3F, 3, 127, 7}), with_numbers());
  EXPECT_EQ(input.values, (std::vector<float>{1, -65.5F, 0.3F, 0, 62, 7}));
  EXPECT_NE(input.how.find(", whole numbers as they are"), std::string::npos) << input.how;
}

TEST(WholeNumbers, RefusesOthersWithTheirPlace) {
  const auto error = [](std::vector<float> values) {
    return input_error_of([&] { network_input(samples(std::move(values)), with_numbers()); });
  };
  const std::string rest = " for 'x', which takes whole numbers from -128 to 127";
  EXPECT_EQ(error({0, 128, 0}), "x.npy: sample 0 has 128" + rest);
  EXPECT_EQ(error({0, 0, 0, 0.5F, 0, 0}), "x.npy: sample 1 has 0.5" + rest);
  EXPECT_EQ(error({0, NAN, 0}), "x.npy: sample 0 has nan" + rest);
  EXPECT_EQ(input_error_of([] {
              network_input(samples({0, 0, 0}), with_numbers(), {2.0, {}});
            }),
            "x.npy: 'net' takes whole numbers as they are, without scaling");
}

TEST(WholeNumbers, PixelsAreTheirNumbersAndRoundedWhereTheyWereAveraged) {
  Graph graph;
  graph.name = "net";
  graph.whole_inputs = {{graph.add_input("x", {1, 2}), 0, 255}};
  SampleFile file = samples({0, 254.5F});
  file.shape = {1, 2};
  file.count = 1;
  file.white = 255;
  EXPECT_EQ(network_input(file, graph).values, (std::vector<float>{0, 255}));
}

TEST(WholeNumbers, MadeUpOnesAreAllOfEightBitsOrThoseOfAMask) {
  Graph graph = with_numbers();
  const std::vector<float> values = synthetic_inputs(graph, 4'000, 1);
  std::set<float> seen;
  for (std::size_t i = 0; i < values.size(); i += 3) {
    seen.insert({values[i], values[i + 1]});
  }
  EXPECT_EQ(seen.size(), 256U);
  EXPECT_EQ(*seen.begin(), -65.5F);
  EXPECT_EQ(*seen.rbegin(), 62.0F);
  graph.whole_inputs = {{graph.inputs[0], -1000, 1000}};
  seen.clear();
  const std::vector<float> mask = synthetic_inputs(graph, 50, 1);
  for (std::size_t i = 0; i < mask.size(); i += 3) {
    seen.insert({mask[i], mask[i + 1]});
  }
  EXPECT_EQ(seen, (std::set<float>{0, 1}));
}

}  // namespace
}  // namespace systol::test
