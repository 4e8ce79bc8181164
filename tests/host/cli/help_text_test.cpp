#include "host/cli/help_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "host/cli/option_text.h"

namespace systol {
namespace {

TEST(Wrapped, BreaksBetweenWordsAndIndents) {
  EXPECT_EQ(wrapped("one two three", 0, 7), "one two\nthree");
  EXPECT_EQ(wrapped("one two three", 2, 9), "one two\n  three");
  EXPECT_EQ(wrapped("one two three", 2, 8), "one\n  two\n  three");
  EXPECT_EQ(wrapped("", 0, 7), "");
}

TEST(Wrapped, DoesNotBreakAWord) { EXPECT_EQ(wrapped("a longword b", 0, 4), "a\nlongword\nb"); }

TEST(Wrapped, KeepsLinesAndExamples) {
  EXPECT_EQ(wrapped("one two\n  --an example that is long", 1, 8),
            "one two\n   --an example that is long");
}

TEST(Wrapped, JoinsTheLinesOfASentence) {
  EXPECT_EQ(wrapped("one two\nthree four.\nFive\nsix:\n  an example\n\nseven", 0, 9),
            "one two\nthree\nfour.\nFive six:\n  an example\n\nseven");
  EXPECT_EQ(wrapped("one\ntwo", 0, 80), "one two");
}

class HelpTextTest : public ::testing::Test {
 protected:
  HelpTextTest() {
    use_help_text(app_);
    app_.set_help_flag("-h,--help", "print this help");
    command_->set_help_flag("-h,--help", "print this help");
    command_->add_option("MODEL", text_, "what runs")->required()->type_name(kFileValue);
    command_->add_option("-c,--config", text_, "the array")->required()->type_name(kFileValue);
    command_->option_defaults()->group("The engine");
    command_->add_option("--engine", text_, "which one.\n  --engine fast")
        ->check(CLI::IsMember(std::vector<std::string>{"fast", "rtl"}))
        ->default_str("fast");
    command_->add_option("--limit", number_, "so many")->check(CLI::Range(1U, 9U));
    command_->add_option("--set", texts_, "a key");
    command_->add_flag("--no-check", unchecked_, "not checked");
  }

  std::string text_;
  std::vector<std::string> texts_;
  unsigned number_ = 0;
  bool unchecked_ = false;
  CLI::App app_{"Simulates."};
  CLI::App* command_ = app_.add_subcommand("run", "Runs one model");
};

TEST_F(HelpTextTest, HasOptionsInTheirGroups) {
  EXPECT_EQ(help_text(*command_, 80),
            "Runs one model\n"
            "\n"
            "Usage: systol run [OPTIONS] MODEL\n"
            "\n"
            "Arguments:\n"
            "  MODEL                       what runs\n"
            "\n"
            "Options:\n"
            "  -h,--help                   print this help\n"
            "  -c,--config FILE            (required) the array\n"
            "\n"
            "The engine:\n"
            "  --engine {fast,rtl}         which one. (default: fast)\n"
            "                                --engine fast\n"
            "  --limit N                   so many\n"
            "  --set TEXT...               a key\n"
            "  --no-check                  not checked\n");
}

TEST_F(HelpTextTest, HasCommandsInTheirGroups) {
  command_->group("Networks");
  EXPECT_EQ(help_text(app_, 80),
            "Simulates.\n"
            "\n"
            "Usage: systol [OPTIONS] SUBCOMMAND\n"
            "\n"
            "Options:\n"
            "  -h,--help                   print this help\n"
            "\n"
            "Networks:\n"
            "  run                         Runs one model\n");
}

TEST_F(HelpTextTest, FitsTheWidth) {
  command_->add_option("--long", text_, "words and words and words and words and words and words");
  for (const std::size_t width : {40U, 64U, 65U, 80U, 120U}) {
    std::istringstream lines(help_text(*command_, width));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), width) << line;
    }
  }
}

TEST_F(HelpTextTest, AFooterStandsWithItsCommandAlone) {
  app_.footer("Begin with run.");
  CLI::App* other = app_.add_subcommand("other", "Another");
  EXPECT_NE(help_text(app_, 80).find("\nBegin with run.\n"), std::string::npos);
  EXPECT_EQ(help_text(*other, 80).find("Begin with run."), std::string::npos);
}

}  // namespace
}  // namespace systol
