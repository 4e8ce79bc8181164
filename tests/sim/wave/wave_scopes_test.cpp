#include "sim/wave/wave_scopes.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

WaveScopes parse(std::vector<std::string> texts, const UnitShape& shape = {16, 8, 64}) {
  return parse_wave_scopes(texts, shape);
}

std::string error_of(const std::string& text) {
  try {
    parse({text});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(WaveScopes, DefaultIsPortsCommandsAndThePesOfASmallArray) {
  const WaveScopes scopes = parse({});
  EXPECT_TRUE(scopes.ports);
  EXPECT_TRUE(scopes.commands);
  EXPECT_FALSE(scopes.accumulators);
  EXPECT_EQ(scopes.pes, (std::vector<PeBlock>{{0, 15, 0, 7}}));
}

TEST(WaveScopes, DefaultShowsTheFirstPesOfALargeArray) {
  EXPECT_EQ(parse({}, {32, 32, 1}).pes, (std::vector<PeBlock>{{0, 31, 0, 31}}));
  EXPECT_EQ(parse({}, {32, 33, 1}).pes, (std::vector<PeBlock>{{0, 7, 0, 7}}));
  EXPECT_EQ(parse({}, {4, 1024, 1}).pes, (std::vector<PeBlock>{{0, 3, 0, 7}}));
}

TEST(WaveScopes, NamedScopesAreShownAndNoOthers) {
  const WaveScopes scopes = parse({"commands", "pe:3,4", "pe:0-2,5-7"});
  EXPECT_TRUE(scopes.commands);
  EXPECT_FALSE(scopes.ports);
  EXPECT_EQ(scopes.pes, (std::vector<PeBlock>{{3, 3, 4, 4}, {0, 2, 5, 7}}));
}

TEST(WaveScopes, AllIsEverything) {
  const WaveScopes scopes = parse({"all"});
  EXPECT_TRUE(scopes.ports && scopes.commands && scopes.accumulators);
  EXPECT_EQ(scopes.pes, (std::vector<PeBlock>{{0, 15, 0, 7}}));
}

TEST(WaveScopes, UnknownScopesListTheAllowed) {
  for (const std::string text : {"pes", "pe:", "pe:1", "pe:1,", "pe:2-1,0", "pe:a,b", "pe:1,2,3",
                                 "pe:-1,2", "", "pe:99999999999,1"}) {
    EXPECT_EQ(error_of(text), "unknown wave scope '" + text +
                                  "'; allowed are ports, pe, pe:R,C, pe:R0-R1,C0-C1, commands, "
                                  "accumulators, all");
  }
}

TEST(WaveScopes, PesOutsideTheArrayNameItsSize) {
  EXPECT_EQ(error_of("pe:0-16,0"),
            "wave scope 'pe:0-16,0' is outside the array: rows are 0 to 15, columns 0 to 7");
  EXPECT_EQ(error_of("pe:15,7"), "");
}

}  // namespace
}  // namespace systol
