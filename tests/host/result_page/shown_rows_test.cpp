#include "host/result_page/shown_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace systol::test {
namespace {

Criteria by_time_and_energy() {
  return {{}, {metric_index("time", ""), metric_index("energy", "")}, {}};
}

ResultRow timed_row(std::uint64_t number, double seconds, double picojoules) {
  ResultRow row;
  row.number = number;
  row.metrics[metric_index("time", "")] = seconds;
  row.metrics[metric_index("energy", "")] = picojoules;
  return row;
}

ShownRows shown_of(const std::vector<ResultRow>& rows) {
  Standings standings(by_time_and_energy(), std::nullopt);
  std::ranges::for_each(rows, [&](const ResultRow& row) { standings.add(row); });
  return shown_rows(standings,
                    [&](const auto& take) { std::ranges::for_each(rows, std::cref(take)); });
}

TEST(ShownRows, AreAllWhereThereIsRoom) {
  std::vector<ResultRow> rows = {timed_row(1, 1, 2), timed_row(2, 1, 1), timed_row(3, 1, 1)};
  rows[0].workload = 7;
  rows[2].error = "no result";
  const ShownRows shown = shown_of(rows);
  ASSERT_EQ(shown.groups.size(), 2U);
  EXPECT_EQ(shown.groups[0].workload, 0U);
  EXPECT_EQ(shown.groups[0].rows.front().number, 2U);
  EXPECT_EQ(shown.groups[1].rows.front().number, 1U);
  EXPECT_EQ(shown.groups[1].on_front, (std::vector<bool>{true})) << "of its workload";
  ASSERT_EQ(shown.failed.size(), 1U);
  EXPECT_EQ(shown.failed[0].number, 3U);
  EXPECT_EQ(shown.shown, 2U);
  EXPECT_EQ(shown.step, 1U);
}

TEST(ShownRows, OfMoreAreTheFrontTheBestAndSomeAtEqualDistances) {
  std::vector<ResultRow> rows;
  for (std::uint64_t i = 0; i < 3 * kMostPageRows; ++i) {
    rows.push_back(timed_row(i + 1, 2, 4));
  }
  rows[0] = timed_row(1, 2, 3);
  rows[12'346] = timed_row(12'347, 1, 4);  // the fastest
  rows[12'347].error = "no result";
  const ShownRows shown = shown_of(rows);
  // Two are on the front, so 9,998 others have room: every fourth of 30,000. Of the two, one is
  // among these.
  EXPECT_EQ(shown.step, 4U);
  ASSERT_EQ(shown.groups.size(), 1U);
  const RowGroup& group = shown.groups[0];
  EXPECT_EQ(group.rows.size(), 7'501U);
  EXPECT_EQ(shown.shown, 7'501U);
  EXPECT_EQ(std::ranges::count(group.on_front, true), 2);
  EXPECT_EQ(std::ranges::count(group.rows, 12'347U, &ResultRow::number), 1);
  EXPECT_EQ(shown.failed.size(), 1U);
}

TEST(ShownRows, OfALongFrontAreEvenlySpreadOnesAndTheBest) {
  std::vector<ResultRow> rows;
  for (std::uint64_t i = 0; i < 3 * kMostPageRows - 2; ++i) {
    rows.push_back(timed_row(i + 1, 2, 3));
  }
  rows[2] = timed_row(3, 1, 4);  // the fastest
  const ShownRows shown = shown_of(rows);
  // Every sixth of the front and of all, which are the same ones; and the third row.
  EXPECT_EQ(shown.shown, 5'001U);
  EXPECT_EQ(shown.groups[0].rows[1].number, 3U);
  EXPECT_EQ(shown.groups[0].rows[2].number, 7U);
}

}  // namespace
}  // namespace systol::test
