#include "host/sweep/axis.h"

#include <gtest/gtest.h>

#include "host/sweep/grid.h"
#include "sim/base/error.h"

namespace systol::test {
namespace {

using Levels = std::vector<std::vector<std::string>>;

std::string axis_error(std::string_view text) {
  try {
    parse_axis(text, "--sweep");
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Axis, IsAListOfValues) {
  const Axis axis = parse_axis("memory.dram.bandwidth=16 GB/s,unlimited", "");
  EXPECT_EQ(axis.keys, std::vector<std::string>{"memory.dram.bandwidth"});
  EXPECT_EQ(axis.levels, (Levels{{"16 GB/s"}, {"unlimited"}}));
}

TEST(Axis, IsARangeWithAStepOrAFactor) {
  EXPECT_EQ(parse_axis("a=8..24+8", "").levels, (Levels{{"8"}, {"16"}, {"24"}}));
  EXPECT_EQ(parse_axis("a=8..25+8", "").levels, (Levels{{"8"}, {"16"}, {"24"}}));
  EXPECT_EQ(parse_axis("a=8..64*2", "").levels, (Levels{{"8"}, {"16"}, {"32"}, {"64"}}));
  EXPECT_EQ(parse_axis("a=3..5", "").levels, (Levels{{"3"}, {"4"}, {"5"}}));
  EXPECT_EQ(parse_axis("a=64 KiB..256 KiB*2", "").levels,
            (Levels{{"64 KiB"}, {"128 KiB"}, {"256 KiB"}}));
  EXPECT_EQ(parse_axis("a=0.1 GHz..0.3 GHz+0.1", "").levels,
            (Levels{{"0.1 GHz"}, {"0.2 GHz"}, {"0.3 GHz"}}));
}

TEST(Axis, KeysCanChangeTogether) {
  const Axis axis = parse_axis("array.rows:array.columns=8:32,16:16", "");
  EXPECT_EQ(axis.keys, (std::vector<std::string>{"array.rows", "array.columns"}));
  EXPECT_EQ(axis.levels, (Levels{{"8", "32"}, {"16", "16"}}));
}

TEST(Axis, APathWithTwoDotsIsNoRange) {
  EXPECT_EQ(parse_axis("energy=../a.yaml,b.yaml", "").levels, (Levels{{"../a.yaml"}, {"b.yaml"}}));
}

TEST(Axis, WhatIsNoneIsRefused) {
  EXPECT_EQ(axis_error("a=1..5 KiB"),
            "--sweep: found a range from '1' to '5 KiB' in steps of '1', whose units differ; "
            "allowed: the same in all");
  EXPECT_EQ(axis_error("a=5..1"),
            "--sweep: found a range from 5 to 1 in steps of 1, allowed: an end that is not below "
            "the beginning, and a step above 0 or a factor above 1");
  EXPECT_EQ(axis_error("a=0..8*2").rfind("--sweep: found a range from 0 to 8 times 2", 0), 0U);
  EXPECT_EQ(axis_error("a=1..9000000"), "--sweep: found a range of more than 1000000 values");
  EXPECT_EQ(axis_error("a=1..x"),
            "--sweep: found 'x' where a range ends, expected a number, with its unit if it has "
            "one");
  EXPECT_EQ(axis_error("a:b=1:2,3"), "--sweep: found the values '3', expected 2 for a:b");
  EXPECT_EQ(axis_error("a=1,,2"), "--sweep: found the values '', expected one for a");
  for (const std::string_view text : {"a", "a=", "=1", ""}) {
    EXPECT_EQ(axis_error(text).rfind("--sweep: found ", 0), 0U) << text;
  }
}

TEST(Grid, TheLastAxisChangesFirst) {
  const std::vector<Axis> axes{parse_axis("a=1,2", ""), parse_axis("b:c=3:4,5:6,7:8", "")};
  ASSERT_EQ(grid_size(axes, ""), 6U);
  EXPECT_EQ(grid_settings(axes, 0), (std::vector<Setting>{{"a", "1"}, {"b", "3"}, {"c", "4"}}));
  EXPECT_EQ(grid_settings(axes, 1), (std::vector<Setting>{{"a", "1"}, {"b", "5"}, {"c", "6"}}));
  EXPECT_EQ(grid_settings(axes, 5), (std::vector<Setting>{{"a", "2"}, {"b", "7"}, {"c", "8"}}));
}

TEST(Grid, AnAstronomicOneIsRefused) {
  const std::vector<Axis> axes(40, parse_axis("a=1..1000", ""));
  EXPECT_THROW(grid_size(axes, "plan.yaml"), InputError);
}

TEST(Grid, AKeyStandsInOneAxisOnly) {
  EXPECT_THROW(check_keys({parse_axis("a=1", ""), parse_axis("b:a=1:2", "")}, ""), InputError);
}

}  // namespace
}  // namespace systol::test
