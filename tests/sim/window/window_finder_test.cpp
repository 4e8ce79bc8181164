#include "sim/window/window_finder.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

const std::vector<std::string> kLayers{"conv", "fc", "0"};

/// A finder on a 4 x 4 array, shown commands one by one.
struct Finder {
  explicit Finder(WindowRequest request, Dataflow dataflow = Dataflow::WeightStationary)
      : config(make_config(dataflow)), finder(config, request, kLayers) {}

  static ArrayConfig make_config(Dataflow dataflow) {
    ArrayConfig config;
    config.rows = config.columns = 4;
    config.dataflow = dataflow;
    return config;
  }
  /// Of the tile that begins at sample 4, output 8 and input `4 * index`.
  void show(isa::Operation operation, std::uint32_t layer, std::uint64_t start, std::uint64_t end) {
    const auto depth = static_cast<std::uint32_t>(4 * index);
    finder.completed(index++, {std::move(operation), {}, {}, {layer, 4, 8, depth}}, Cycles(start),
                     Cycles(end));
  }
  /// Of four rows, complete four rows and R + C cycles later.
  void matmul(std::uint32_t layer, std::uint64_t start) {
    isa::Matmul matmul;
    matmul.buffer = {0, 4, 0};
    show(matmul, layer, start, start + 12);
  }
  /// Of four steps, complete 4 + 2R + C - 1 cycles later.
  void output_stationary(std::uint32_t layer, std::uint64_t start, bool drain) {
    isa::MatmulOutputStationary matmul;
    matmul.depth = 4;
    matmul.drain = drain;
    show(matmul, layer, start, start + 15);
  }
  void activate(std::uint32_t layer, std::uint64_t start, std::uint64_t end) {
    show(isa::Activate{}, layer, start, end);
  }
  void expect(std::uint64_t from, std::uint64_t to) const {
    EXPECT_EQ(finder.window().from, Cycles(from));
    EXPECT_EQ(finder.window().to, Cycles(to));
  }
  std::uint64_t hand_over() const { return finder.window().hand_over.count(); }

  ArrayConfig config;
  WindowFinder finder;
  std::uint64_t index = 0;
};

std::string error_of(const WindowRequest& request) {
  try {
    Finder finder(request);
    finder.matmul(1, 0);
    finder.matmul(1, 4);
    finder.finder.window();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(WindowFinder, ALayerGoesFromItsFirstMatmulToItsLastCompletion) {
  Finder finder({"fc", {}});
  finder.matmul(0, 10);
  finder.matmul(1, 14);
  finder.matmul(1, 18);
  finder.activate(0, 22, 30);
  finder.activate(1, 30, 39);
  finder.matmul(2, 39);
  finder.activate(2, 51, 60);
  finder.expect(14, 39);
}

TEST(WindowFinder, OfALayerThatComesAgainTheFirstTimeIsShown) {
  Finder finder({"fc", {}});
  finder.matmul(0, 0);
  finder.matmul(1, 4);
  finder.matmul(2, 8);
  finder.activate(0, 12, 21);
  finder.matmul(0, 12);
  finder.activate(1, 21, 30);
  finder.activate(2, 30, 39);
  finder.matmul(1, 40);
  finder.activate(1, 52, 61);
  finder.expect(4, 30);
}

TEST(WindowFinder, WhatComesBeforeTheFirstMatmulIsNotInIt) {
  Finder finder({"fc", {}});
  finder.activate(1, 0, 9);  // set_channels, say
  finder.matmul(1, 20);
  finder.expect(20, 32);
}

TEST(WindowFinder, ATileIsAMatmulOfTheLayer) {
  for (const auto& [tile, from] : {std::pair{TileRequest(0U), 4U},
                                   {TileRequest(1U), 8U},
                                   {TileRequest(2U), 30U},
                                   {TilePlace{4, 8, 4}, 4U},
                                   {TilePlace{4, 8, 16}, 30U}}) {
    Finder finder({"fc", tile});
    finder.matmul(0, 0);
    finder.matmul(1, 4);
    finder.matmul(1, 8);
    finder.matmul(2, 12);
    finder.matmul(1, 30);
    finder.activate(1, 42, 51);
    finder.expect(from, from + 12);
  }
}

TEST(WindowFinder, FindsALayerByNameBeforeNumber) {
  for (const auto& [text, layer] :
       {std::pair{"conv", 0U}, {"fc", 1U}, {"1", 1U}, {"2", 2U}, {"0", 2U}}) {
    Finder finder({text, {}});
    for (const std::uint32_t other : {0U, 1U, 2U}) {
      finder.matmul(other, 10 * other);
    }
    EXPECT_EQ(finder.finder.window().from, Cycles(10 * layer)) << text;
  }
}

TEST(WindowFinder, ALayerThatIsNotThereIsAnsweredWithThoseThatAre) {
  for (const std::string text : {"fc2", "3", "-1", "1x", "", "4294967297"}) {
    EXPECT_EQ(error_of({text, {}}),
              "layer '" + text + "': there is no such layer; there are 3: conv, fc, 0");
  }
}

TEST(WindowFinder, ATileThatIsNotThereIsAnsweredWithThoseThatAre) {
  EXPECT_EQ(error_of({"fc", TileRequest(1U)}), "no error");
  EXPECT_EQ(error_of({"fc", TileRequest(2U)}), "layer 'fc', tile 2: the layer has 2 tiles, 0 to 1");
  EXPECT_EQ(error_of({"fc", TilePlace{4, 8, 4}}), "no error");
  EXPECT_EQ(error_of({"fc", TilePlace{0, 8, 4}}),
            "layer 'fc': none of its 2 tiles begins at row 0, column 8, depth 4");
}

TEST(WindowFinder, ALayerWithoutAMatmulHasNoWindow) {
  EXPECT_EQ(error_of({"conv", {}}), "layer 'conv': it has no matmul");
  EXPECT_EQ(error_of({"conv", TileRequest(0U)}), "layer 'conv': it has no matmul");
}

TEST(WindowFinder, HandsOverAtTheStartIfNothingHasSettled) {
  Finder finder({"fc", {}});
  finder.matmul(0, 10);
  finder.matmul(1, 21);
  EXPECT_EQ(finder.hand_over(), 0U) << "the first matmul's last wave passes in cycle 21";
}

TEST(WindowFinder, HandsOverAtAMatmulWhoseWavesHavePassed) {
  Finder finder({"fc", {}});
  finder.matmul(0, 10);
  finder.matmul(1, 22);
  EXPECT_EQ(finder.hand_over(), 10U);
}

TEST(WindowFinder, HandsOverNotLongBeforeTheWindow) {
  Finder finder({"fc", {}});
  for (std::uint64_t start = 0; start < 4000; start += 4) {
    finder.matmul(0, start);
  }
  finder.matmul(1, 4000);
  EXPECT_LE(finder.hand_over(), 4000U - 12) << "its waves have passed";
  EXPECT_GE(finder.hand_over(), 4000U - 12 - 2 * 4);
  EXPECT_EQ(finder.hand_over() % 4, 0U) << "at the start of a matmul";
}

TEST(WindowFinder, OfOutputStationaryOnlyDrainedOnesSettle) {
  Finder finder({"fc", {}}, Dataflow::OutputStationary);
  finder.output_stationary(0, 10, true);
  finder.output_stationary(0, 40, false);
  finder.output_stationary(1, 80, true);
  EXPECT_EQ(finder.hand_over(), 10U);
  finder.expect(80, 95);
}

TEST(WindowFinder, ARunningActivationIsSimulatedFromItsStart) {
  const auto hand_over = [](std::uint64_t end) {
    Finder finder({"fc", {}});
    finder.matmul(0, 10);
    finder.matmul(0, 30);
    finder.activate(0, 5, end);
    finder.matmul(1, 50);
    return finder.hand_over();
  };
  EXPECT_EQ(hand_over(51), 5U);
  EXPECT_EQ(hand_over(50), 10U) << "complete when the window begins";
}

}  // namespace
}  // namespace systol
