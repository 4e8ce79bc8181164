#include "host/cli/parse_error.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

/// What is said about a command line of a program with
/// "build WORKS... --color C --colour-map F... --count N --quiet" and "set list"; empty if nothing.
std::string text_for(const std::string& line) {
  CLI::App app;
  app.require_subcommand(1);
  std::vector<std::string> works;
  std::string color;
  std::vector<std::string> maps;
  int count = 0;
  bool quiet = false;
  CLI::App& build = *app.add_subcommand("build", "");
  build.add_option("WORKS", works, "");
  build.add_option("--color", color, "");
  build.add_option("--colour-map", maps, "");
  build.add_option("--count", count, "");
  build.add_flag("--quiet", quiet);
  CLI::App& set = *app.add_subcommand("set", "");
  set.require_subcommand(1);
  set.add_subcommand("list", "");
  try {
    app.parse(line, false);
    require_positionals_together(app);
  } catch (const CLI::ParseError& error) {
    return parse_error_text(app, error);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(ParseError, NamesTheOptionsThatBeginWithWhatWasGiven) {
  EXPECT_EQ(text_for("build --col=red"),
            "unknown option '--col' (did you mean '--color' or '--colour-map'?)");
  EXPECT_EQ(text_for("build --coun 3"), "unknown option '--coun' (did you mean '--count'?)");
}

TEST(ParseError, NamesTheNearestOption) {
  EXPECT_EQ(text_for("build --clor red"), "unknown option '--clor' (did you mean '--color'?)");
  EXPECT_EQ(text_for("build --nothing-like-it"), "unknown option '--nothing-like-it'");
  EXPECT_EQ(text_for("build -q"), "unknown option '-q'");
}

TEST(ParseError, NamesTheNearestCommand) {
  EXPECT_EQ(text_for("biuld"),
            "unknown command 'biuld' (did you mean 'build'?); there are build, set");
  EXPECT_EQ(text_for("set lst"), "unknown command 'lst' (did you mean 'list'?); there are list");
}

TEST(ParseError, OtherMistakesAreInTheParsersWords) {
  EXPECT_EQ(text_for("build --count x"), "Could not convert: --count = x");
}

TEST(ParseError, PositionalWordsInOnePlaceAreTaken) {
  EXPECT_EQ(text_for("build a b --count 1"), "");
  EXPECT_EQ(text_for("build --count 1 a b"), "");
  EXPECT_EQ(text_for("build a --colour-map x y --count 2"), "");
}

TEST(ParseError, PositionalWordsInTwoPlacesAreRefused) {
  EXPECT_EQ(
      text_for("build a b --count 1 2 3"),
      "'2' after --count would be one more of WORKS, which must stand together; --count takes "
      "one value");
  EXPECT_EQ(
      text_for("build a --quiet b"),
      "'b' after --quiet would be one more of WORKS, which must stand together; --quiet takes "
      "no value");
}

}  // namespace
}  // namespace systol
