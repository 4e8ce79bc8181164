#include "host/validate/scoreboard.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

ScoreRow row_of(std::string machine, std::string unit, double measured, double ours,
                std::optional<double> scale_sim) {
  return {std::move(machine), "row", std::move(unit), measured, ours, scale_sim};
}

TEST(Scoreboard, AResidualIsInPointsOfAShareAndOtherwiseInPerCent) {
  EXPECT_NEAR(residual(row_of("a", "%", 12.5, 0, {}), 13.5), 1, 1e-9);
  EXPECT_NEAR(residual(row_of("a", "us", 200, 0, {}), 190), -5, 1e-9);
}

TEST(Scoreboard, SumsUpEachMachineByAbsoluteResiduals) {
  const std::vector<ScoreRow> rows = {
      row_of("a", "us", 100, 110, 300.0), row_of("a", "us", 100, 70, std::nullopt),
      row_of("a", "us", 100, 101, 90.0), row_of("b", "W", 10, 9, std::nullopt)};
  const std::vector<ScoreSummary> summaries = summaries_of(rows);
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].rows, 3U);
  EXPECT_NEAR(summaries[0].median, 10, 1e-9) << "of 10, 30 and 1";
  EXPECT_NEAR(summaries[0].worst, -30, 1e-9);
  EXPECT_EQ(summaries[0].scale_sim_rows, 2U);
  EXPECT_NEAR(summaries[0].scale_sim_median, 105, 1e-9) << "of 200 and 10";
  EXPECT_NEAR(summaries[0].scale_sim_worst, 200, 1e-9);
  EXPECT_EQ(summaries[1].scale_sim_rows, 0U);
  EXPECT_NEAR(summaries[1].worst, -10, 1e-9);
}

TEST(Scoreboard, ShowsWhatIsMissed) {
  const std::vector<ScoreRow> rows = {row_of("a", "us", 100, 150, std::nullopt)};
  const std::string text = scoreboard_text(rows);
  EXPECT_NE(text.find("+50.0 %"), std::string::npos) << text;
  const nlohmann::ordered_json json = scoreboard_json(rows);
  EXPECT_NEAR(json.at("rows").at(0).at("residual").get<double>(), 50, 1e-9);
  EXPECT_TRUE(json.at("rows").at(0).at("scale_sim").is_null());
  EXPECT_TRUE(json.at("machines").at(0).at("scale_sim_worst").is_null());
}

}  // namespace
}  // namespace systol
