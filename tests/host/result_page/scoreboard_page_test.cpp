#include "host/result_page/scoreboard_page.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/host/page_content.h"

namespace systol::test {
namespace {

TEST(ScoreboardPage, HasEachFigureAndHowFarItIsOff) {
  const std::vector<ScoreRow> rows = {{"one", "time of a", "us", 200, 150, std::nullopt},
                                      {"one", "share of b", "%", 40, 45, 60.0}};
  const nlohmann::ordered_json content = page_content(scoreboard_page(rows, "systol"));
  EXPECT_EQ(page_value(content, "scores", 0, "off"), -25) << "per cent of what was measured";
  EXPECT_EQ(page_value(content, "scores", 0, "scale_sim_off"), nullptr);
  EXPECT_EQ(page_value(content, "scores", 1, "off"), 5) << "points";
  EXPECT_EQ(page_value(content, "scores", 1, "scale_sim_off"), 20);
  EXPECT_EQ(content["data"]["residuals"]["rows"].size(), 3U);
}

}  // namespace
}  // namespace systol::test
