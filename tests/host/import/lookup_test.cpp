#include "host/import/lookup.h"

#include <gtest/gtest.h>

#include "host/import/synthetic.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

/// Two rows of a table of three, and two values of their own.
Graph with_lookup() {
  Graph graph;
  graph.name = "net";
  const TensorId rows = graph.add_input("ids", {2, 2});
  graph.add_input("x", {2});
  graph.lookups = {{rows, {1, 2, 3, 4, 5, 6}}};
  return graph;
}

SampleFile file_of(const Shape& shape, std::vector<float> values) {
  SampleFile file;
  file.name = "ids.npy";
  file.shape = shape;
  file.count = values.size() / elements(shape);
  file.values = std::move(values);
  return file;
}

TEST(Lookup, PutsRowsInPlaceOfIndices) {
  SampleFile file = file_of({4}, {2, 0, 70, 80, 1, -1, 90, 91});
  look_up(file, with_lookup());
  EXPECT_EQ(file.values, (std::vector<float>{5, 6, 1, 2, 70, 80, 3, 4, 5, 6, 90, 91}));
  EXPECT_EQ(file.shape, (Shape{6}));
}

TEST(Lookup, RefusesWhatNamesNoRow) {
  const auto error = [](std::vector<float> values) {
    return input_error_of([&] {
      SampleFile file = file_of({4}, std::move(values));
      look_up(file, with_lookup());
    });
  };
  const std::string rest = " for 'ids', which takes whole numbers from 0 to 2";
  EXPECT_EQ(error({0, 3, 0, 0}), "ids.npy: sample 0 has 3" + rest);
  EXPECT_EQ(error({0, 0, 0, 0, 0.5, 0, 0, 0}), "ids.npy: sample 1 has 0.5" + rest);
  EXPECT_EQ(error({-4, 0, 0, 0}), "ids.npy: sample 0 has -4" + rest);
}

TEST(Lookup, RefusesSamplesOfAnotherSize) {
  EXPECT_EQ(input_error_of([] {
              SampleFile file = file_of({6}, {0, 0, 0, 0, 0, 0});
              look_up(file, with_lookup());
            }),
            "ids.npy: it has 6 numbers a sample, but 'net' takes 4");
}

TEST(Lookup, MadeUpSamplesAreRowsOfTheTable) {
  const std::vector<float> values = synthetic_inputs(with_lookup(), 50, 1);
  for (std::size_t sample = 0; sample < 50; ++sample) {
    for (const std::size_t at : {6 * sample, 6 * sample + 2}) {
      EXPECT_TRUE(values[at] == 1 || values[at] == 3 || values[at] == 5);
      EXPECT_EQ(values[at + 1], values[at] + 1);
    }
  }
}

}  // namespace
}  // namespace systol::test
