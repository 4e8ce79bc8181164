// Rows that are several pieces of the walk: they are fed as rows that lie together are.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

/// Two rows of two segments of two values: (1, 2 | 5, 6) and (2, 3 | 6, 7), as a convolution with a
/// kernel of 2 x 2 reads an image of rows of four.
const isa::Walk kRows(256, {{2, 1}, {2, 4}});

/// The same rows one after the other, at 512.
const isa::Walk kCopies(512, 2, 4);

/// An image at 256, the two rows at 512, weights, and channels that change nothing.
Script images() {
  Script script;
  script.put(Space::Activations, 0, {1, 2, 3, 4, 5, 6, 7, 8});
  script.put(Space::Activations, 16, {1, 2, 5, 6, 2, 3, 6, 7});
  script.put(Space::Weights, 0, {1, 0, 2, 0, 0, 1, 0, 3, 1, 1, 0, 0, 0, 0, 1, 0});
  std::vector<std::uint8_t> planes(36);
  std::fill_n(planes.begin() + 28, 4, std::uint8_t{0x40});
  std::fill_n(planes.begin() + 32, 4, std::uint8_t{30});
  script.put(Space::Weights, 64, planes);
  script(load(36, 8000, Space::Weights, 64), {.signal = {Unit::Activate}})(load(8, 256))(
      load(8, 512, Space::Activations, 16), {.signal = {Unit::Matrix, Unit::Weights}});
  return script;
}

/// Of the rows of a walk.
Outcome product(const isa::Walk& rows, std::uint32_t segments) {
  Script script = images();
  script(tile(), {.wait = {Unit::Load}})(isa::Matmul{rows, 4, 4, 0, false, false, segments},
                                         {.wait = {Unit::Load}, .signal = {Unit::Activate}});
  script(channels(), {.wait = {Unit::Load}})(activate(2, 1024), {.wait = {Unit::Matrix}});
  return run(script);
}

TEST(Segments, ARowIsFedACycleHoweverManyItHas) {
  const Outcome together = product(kCopies, 1);
  const Outcome apart = product(kRows, 2);
  // The weights' columns are (1 0 1 0), (0 1 1 0), (2 0 0 1) and (0 3 0 0).
  EXPECT_EQ(apart.rows, (std::vector<std::vector<std::int8_t>>{{6, 7, 8, 6}, {8, 9, 11, 9}}));
  EXPECT_EQ(apart.rows, together.rows);
  EXPECT_EQ(apart.spans, together.spans);
  EXPECT_EQ(apart.result, together.result) << "counters, too";
}

TEST(Segments, OfSumsInPlace) {
  const auto product_of = [](const isa::Walk& rows, std::uint32_t segments) {
    Script script = images();
    script(tile(), {.wait = {Unit::Load}})(
        isa::MatmulOutputStationary{rows, 4, 4, 0, true, true, segments},
        {.wait = {Unit::Load}, .signal = {Unit::Activate}});
    script(channels(), {.wait = {Unit::Load}})(activate(2, 1024), {.wait = {Unit::Matrix}});
    return run(script, output_stationary_array());
  };
  const Outcome together = product_of(kCopies, 1);
  const Outcome apart = product_of(kRows, 2);
  EXPECT_EQ(apart.rows, (std::vector<std::vector<std::int8_t>>{{6, 7, 8, 6}, {8, 9, 11, 9}}));
  EXPECT_EQ(apart.spans, together.spans);
  EXPECT_EQ(apart.result, together.result);
}

TEST(Segments, OfATile) {
  for (const bool transposed : {false, true}) {
    const auto product_by = [&](const isa::Walk& vectors, std::uint32_t segments) {
      Script script = images();
      const std::uint32_t depth = transposed ? 4 : 2;
      script(isa::LoadTile{vectors, 4, transposed, segments}, {.wait = {Unit::Load}})(
          isa::Matmul{isa::Walk(512, 2, 4), depth, transposed ? 2U : 4U, 0, false, false},
          {.wait = {Unit::Load}, .signal = {Unit::Activate}});
      script(channels(), {.wait = {Unit::Load}})(activate(2, 1024, 0, transposed ? 2 : 4),
                                                 {.wait = {Unit::Matrix}});
      return run(script);
    };
    const Outcome together = product_by(kCopies, 1);
    const Outcome apart = product_by(kRows, 2);
    const std::vector<std::vector<std::int8_t>> expected =
        transposed ? std::vector<std::vector<std::int8_t>>{{66, 80}, {80, 98}}
                   : std::vector<std::vector<std::int8_t>>{{5, 8, 17, 20}, {8, 13, 28, 33}};
    EXPECT_EQ(apart.rows, expected);
    EXPECT_EQ(apart.spans, together.spans);
    EXPECT_EQ(apart.result, together.result);
  }
}

}  // namespace
}  // namespace systol::test
