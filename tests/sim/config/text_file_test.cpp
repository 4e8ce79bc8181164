#include "sim/config/text_file.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

using Lines = std::vector<std::string_view>;

std::string lines_error(std::string_view text) {
  return TempFiles().error_of([&] { lines_of(text, "a.csv"); });
}

TEST(TextFile, LinesEndInEitherWay) {
  EXPECT_EQ(lines_of("a\nb\r\n\n c", "a.csv"), (Lines{"a", "b", "", " c"}));
  EXPECT_EQ(lines_of("a\n", "a.csv"), Lines{"a"});
  EXPECT_EQ(lines_of("", "a.csv"), Lines{});
}

TEST(TextFile, AByteOrderMarkIsNotPartOfTheText) {
  EXPECT_EQ(lines_of("\xEF\xBB\xBFLayer,M", "a.csv"), Lines{"Layer,M"});
}

TEST(TextFile, WhatIsNotTextIsRefusedWhereItIs) {
  EXPECT_EQ(lines_error(std::string_view("ab\nc\0d", 6)), "a.csv:2:2: byte 0x00 is not text");
  EXPECT_EQ(lines_error("a\rb\n"), "a.csv:1:2: byte 0x0d is not text");
  EXPECT_EQ(lines_error("\xFF\xFEL"), "a.csv:1:1: byte 0xff is not UTF-8");
  EXPECT_EQ(lines_error("a\ncaf\xE9,1\n"), "a.csv:2:4: byte 0xe9 is not UTF-8");
  EXPECT_EQ(lines_error("Größe\t1"), "no error");
}

TEST(TextFile, FilesThatCannotBeReadSaySo) {
  const TempFiles files;
  const auto error = [&](const std::string& name) {
    return files.error_of([&] { read_text_file(files.path(name), "a topology"); });
  };
  EXPECT_EQ(error("none.csv"), "none.csv: no such file");
  std::filesystem::create_directory(files.path("folder"));
  EXPECT_EQ(error("folder"), "folder: is a directory, expected a topology");
  EXPECT_EQ(files.error_of([] { read_text_file("/proc/self/mem", "a topology"); }),
            "/proc/self/mem: cannot be read: Input/output error");
  files.write("large.csv", std::string(kTextMaximumBytes + 1, 'x'));
  EXPECT_EQ(error("large.csv"), "large.csv: is larger than 1 MiB, the limit for a topology");
  files.write("whole.csv", std::string(kTextMaximumBytes, 'x'));
  EXPECT_EQ(read_text_file(files.path("whole.csv"), "a topology").size(), kTextMaximumBytes);
}

TEST(TextFile, TrimmedKeepsWhatIsInside) {
  EXPECT_EQ(trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(trimmed("  "), "");
}

}  // namespace
}  // namespace systol
