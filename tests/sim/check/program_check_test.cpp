#include "sim/check/program_check.h"

#include <gtest/gtest.h>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "tests/file_text.h"

namespace systol {
namespace {

const std::string kHead =
    "program 4 int8\nnode 0 \"fc1\"\nspace weights 4096\nspace activations 4096\n";

ArrayConfig small_array() {
  ArrayConfig config;
  config.clock = Hertz(500'000'000);
  config.rows = 8;
  config.columns = 4;
  config.weight_fifo_tiles = 2;
  config.accumulator_rows = 32;
  config.unified_buffer = Bytes(2048);
  config.command_queue_depth = 4;
  config.dma_outstanding = 2;
  return config;
}

/// The first error of a program of these lines on an array of this dataflow, or "".
std::string error_of(const std::vector<std::string>& lines,
                     Dataflow dataflow = Dataflow::WeightStationary,
                     isa::PeType pe = isa::PeType::Int8) {
  std::string text = kHead;
  for (const std::string& line : lines) {
    text += line + " @0,0,0,0\n";
  }
  const isa::Program program = isa::from_text(text, "a.txt");
  ArrayConfig config = small_array();
  config.dataflow = dataflow;
  config.pe = pe;
  ProgramCheck check(config, program.space_bytes, program.nodes);
  try {
    for (const isa::Command& command : program.commands) {
      check.add(command);
    }
    check.finish();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// Whether the error has all the parts.
testing::AssertionResult says(const std::string& error, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    if (error.find(part) == std::string::npos) {
      return testing::AssertionFailure() << "'" << part << "' is not in '" << error << "'";
    }
  }
  return testing::AssertionSuccess();
}

// Building bricks; each ends where tokens may follow.
std::string load(const std::string& buffer, const std::string& memory = "0") {
  return "load space=activations memory=" + memory + ":2x64 buffer=" + buffer +
         ":2x64 piece_bytes=64";
}
std::string store(const std::string& buffer, const std::string& memory) {
  return "store space=activations memory=" + memory + ":2x64 buffer=" + buffer +
         ":2x64 piece_bytes=64";
}
std::string matmul(const std::string& buffer, const std::string& accumulator = "0",
                   const std::string& reuse = "0") {
  return "matmul buffer=" + buffer + ":4x8 depth=8 columns=4 accumulator=" + accumulator +
         " add=0 reuse=" + reuse;
}
std::string activate(const std::string& buffer, const std::string& accumulator = "0") {
  return "activate accumulator=" + accumulator + " columns=4 buffer=" + buffer +
         ":4x4 zero_point=0 minimum=-128 maximum=127 table=0";
}
const std::string kTile = "load_weights space=weights memory=0 rows=8 columns=4";
const std::string kChannels = "set_channels buffer=0x400 columns=4";

std::string output_stationary(const std::string& begin, const std::string& drain,
                              const std::string& buffer = "0") {
  return "matmul_output_stationary buffer=" + buffer +
         ":4x8 depth=8 columns=4 accumulator=2 begin=" + begin + " drain=" + drain;
}
std::string error_output_stationary(const std::vector<std::string>& lines) {
  return error_of(lines, Dataflow::OutputStationary);
}
/// Eight values of each of four samples.
const std::string kTileOfSamples = "load_tile buffer=0x100:4x16 depth=8 transposed=1";
/// Two channels of four samples, into 0x200..0x221.
std::string activate_transposed(const std::string& table = "0") {
  return "activate_transposed accumulator=0 rows=2 channels=0x400 buffer=0x200:4x10 zero_point=0 "
         "minimum=-128 maximum=127 table=" +
         table;
}

TEST(ProgramCheck, OrderedLayerPasses) {
  EXPECT_EQ(error_of({load("0") + " signal=matrix", load("0x400", "0x100") + " signal=activate",
                      kTile, matmul("0") + " wait=load signal=activate", kChannels + " wait=load",
                      activate("0x200") + " wait=matrix signal=store",
                      store("0x200", "0x800") + " wait=activate"}),
            "");
}

TEST(ProgramCheck, MatmulBeforeItsLoadIsAHazard) {
  EXPECT_EQ(error_of({load("0"), kTile, matmul("0")}),
            "unordered hazard: command 2 of node 'fc1' (matmul buffer=0x0:4x8 depth=8 columns=4 "
            "accumulator=0 add=0 reuse=0 @0,0,0,0) reads buffer 0x0..0x1f that command 0 of node "
            "'fc1' (load space=activations memory=0x0:2x64 buffer=0x0:2x64 piece_bytes=64 "
            "@0,0,0,0) writes; no token orders them");
  EXPECT_EQ(error_of({load("0") + " signal=matrix", kTile, matmul("0") + " wait=load"}), "");
}

TEST(ProgramCheck, LoadOverWhatAMatmulReadsIsAHazard) {
  EXPECT_TRUE(says(error_of({kTile, matmul("0"), load("0")}),
                   {"unordered hazard: command 2", "writes buffer 0x0..0x1f that command 1",
                    "reads; no token orders them"}));
  EXPECT_EQ(error_of({kTile, matmul("0") + " signal=load", load("0") + " wait=matrix"}), "");
}

TEST(ProgramCheck, TwoWritersAreAHazard) {
  EXPECT_TRUE(says(
      error_of({load("0x400") + " signal=activate", kChannels + " wait=load", activate("0x200"),
                load("0x1c0", "0x100")}),
      {"command 3", "writes buffer 0x200..0x20f that command 2", "(activate", "writes; no token"}));
  EXPECT_EQ(
      error_of({load("0x400") + " signal=activate", kChannels + " wait=load",
                activate("0x200") + " signal=load", load("0x1c0", "0x100") + " wait=activate"}),
      "");
}

TEST(ProgramCheck, AccumulatorsAreWatchedByRow) {
  const std::string ready = load("0x400") + " signal=activate";
  const std::string set = kChannels + " wait=load";
  EXPECT_TRUE(says(error_of({ready, set, kTile, matmul("0"), activate("0x200")}),
                   {"reads accumulator rows 0..3 that command 3", "writes; no token"}));
  EXPECT_TRUE(says(error_of({ready, set, activate("0x200"), kTile, matmul("0", "3")}),
                   {"writes accumulator rows 3..3 that command 2", "reads; no token"}));
  EXPECT_EQ(error_of({ready, set, kTile, matmul("0"), activate("0x200", "4")}), "");
}

TEST(ProgramCheck, MemorySpacesAreWatched) {
  EXPECT_TRUE(says(error_of({store("0", "0x100"), load("0x200", "0x140")}),
                   {"reads activations memory 0x140..0x17f that command 0", "(store", "writes"}));
  EXPECT_EQ(
      error_of({store("0", "0x100") + " signal=load", load("0x200", "0x140") + " wait=store"}), "");
  EXPECT_TRUE(says(error_of({"store space=weights memory=8:1x0 buffer=0:1x0 piece_bytes=1", kTile}),
                   {"(load_weights", "reads weights memory 0x8..0x8 that command 0"}));
}

std::string part(const std::string& pass, int columns, const std::string& rest) {
  return "softmax_part pass=" + pass +
         " source=0x200 destination=0x300 table=0 columns=" + std::to_string(columns) + rest;
}

TEST(ProgramCheck, PartsOfASoftmaxAreThreePassesOverAsManyValues) {
  const std::string first = " first=1";
  const std::string last = " last=1";
  const std::string only = first + last;
  const std::vector<std::string> row = {part("maximum", 10, first), part("maximum", 5, last),
                                        part("sum", 15, only), part("shares", 7, first),
                                        part("shares", 8, last)};
  EXPECT_EQ(error_of(row), "");
  const auto with = [&](std::size_t i, const std::string& line) {
    std::vector<std::string> lines = row;
    lines[i] = line;
    return error_of(lines);
  };
  EXPECT_TRUE(says(with(0, part("maximum", 10, "")),
                   {"it is a later part of the pass 'maximum', and the next part is the first of "
                    "the pass 'maximum'"}));
  EXPECT_TRUE(says(with(1, part("sum", 5, only)),
                   {"it is the first part of the pass 'sum', and the next part is a later one of "
                    "the pass 'maximum'"}));
  EXPECT_TRUE(says(with(2, part("sum", 14, only)),
                   {"the pass 'sum' goes over 14 values, and the pass 'maximum' went over 15"}));
  EXPECT_TRUE(says(with(3, part("shares", 16, first)), {"reaches 16 values"}));
  EXPECT_TRUE(says(with(4, part("shares", 8, "")), {"command 4", "no part makes the last shares"}));
  EXPECT_TRUE(says(with(4, part("shares", 0, last)), {"columns is 0"}));
}

TEST(ProgramCheck, ASoftmaxBetweenThePartsOfARowIsRefused) {
  const std::string softmax = "softmax source=0x400 destination=0x500 table=0 columns=10";
  EXPECT_TRUE(says(error_of({part("maximum", 10, " first=1 last=1"), softmax}),
                   {"between the parts of a row's softmax", "command 0"}));
}

TEST(ProgramCheck, PartsOfASoftmaxReadTheTableAndWriteInTheirPassesOnly) {
  const std::string only = " first=1 last=1";
  const std::vector<std::string> loads = {load("0x0") + " signal=vector",
                                          load("0x300") + " signal=vector"};
  const auto error = [&](const char* sum, const char* shares) {
    return error_of({loads[0], loads[1], part("maximum", 10, only), part("sum", 10, only + sum),
                     part("shares", 10, only + shares)});
  };
  EXPECT_TRUE(says(error("", " wait=load"), {"pass=sum", "reads buffer 0x0"}));
  EXPECT_TRUE(says(error(" wait=load", ""), {"pass=shares", "writes buffer 0x300"}));
}

TEST(ProgramCheck, SoftmaxReadsItsTableAndItsSource) {
  const std::string softmax = "softmax source=0x200:2x10 destination=0x300:2x10 table=0 columns=10";
  EXPECT_TRUE(says(error_of({load("0x180"), softmax}), {"reads buffer 0x180..0x1ff"}));
  EXPECT_TRUE(says(error_of({load("0x200"), softmax}), {"reads buffer 0x200..0x213"}));
  EXPECT_TRUE(says(error_of({load("0x300"), softmax}), {"writes buffer 0x300..0x313"}));
  EXPECT_EQ(error_of({load("0x400"), softmax}), "");
}

TEST(ProgramCheck, ACommandMayNotWriteWhatItReads) {
  const std::string softmax = "softmax source=0x200:2x10 destination=";
  const std::string rest = ":2x10 table=0 columns=10";
  EXPECT_TRUE(says(error_of({softmax + "0x20a" + rest}),
                   {"command 0", "writes buffer 0x20a..0x20a, which it also reads"}));
  EXPECT_TRUE(says(error_of({softmax + "0x1e0" + rest}), {"writes buffer 0x1e0..0x1e0"}))
      << "its table";
  EXPECT_EQ(error_of({softmax + "0x214" + rest}), "");
  EXPECT_TRUE(says(error_of({"activate_transposed accumulator=0 rows=2 channels=0x100 "
                             "buffer=0x108:4x10 zero_point=0 minimum=-128 maximum=127 table=0"}),
                   {"writes buffer 0x108..0x108, which it also reads"}));
}

TEST(ProgramCheck, TokensOrderThroughThirdUnits) {
  const std::string first = load("0") + " signal=store";
  const std::string second = store("0x100", "0x800") + " wait=load signal=matrix";
  EXPECT_EQ(error_of({first, second, kTile, matmul("0") + " wait=store"}), "");
}

TEST(ProgramCheck, TheKthWaitTakesTheKthToken) {
  const std::string early = load("0") + " signal=matrix";
  const std::string late = load("0x80", "0x100") + " signal=matrix";
  EXPECT_TRUE(says(error_of({early, late, kTile, matmul("0x80") + " wait=load",
                             matmul("0", "4", "1") + " wait=load"}),
                   {"command 3", "reads buffer 0x80..0x9f that command 1"}));
  EXPECT_EQ(error_of({early, late, kTile, matmul("0") + " wait=load",
                      matmul("0x80", "4", "1") + " wait=load"}),
            "");
}

TEST(ProgramCheck, TakingATileOrdersAfterItsLoad) {
  EXPECT_EQ(error_of({load("0") + " signal=weights", kTile + " wait=load", matmul("0")}), "");
}

TEST(ProgramCheck, WaitBeforeItsSignalIsNamed) {
  EXPECT_TRUE(says(error_of({kTile, matmul("0") + " wait=load", load("0") + " signal=matrix"}),
                   {"command 1 of node 'fc1' (matmul",
                    "it waits for a token of the load unit that no earlier command signals"}));
}

TEST(ProgramCheck, UnusedTokenIsNamed) {
  EXPECT_TRUE(says(error_of({load("0") + " signal=matrix"}),
                   {"command 0 of node 'fc1' (load",
                    "no command of the matrix unit waits for the token that it signals"}));
}

TEST(ProgramCheck, WeightTilesAndMatmulsPairUp) {
  EXPECT_TRUE(says(error_of({matmul("0")}),
                   {"deadlock: it waits for a weight tile that no earlier load_weights loads"}));
  EXPECT_TRUE(says(error_of({kTile, matmul("0"), matmul("0")}), {"command 2", "deadlock"}));
  EXPECT_TRUE(says(error_of({kTile, kTile, matmul("0")}),
                   {"command 1", "no matmul takes the weight tile that it loads"}));
  EXPECT_EQ(error_of({kTile, kTile, matmul("0"), matmul("0")}), "");
}

TEST(ProgramCheck, ReuseNeedsAnActiveTileOfTheSize) {
  EXPECT_TRUE(says(error_of({kTile, matmul("0", "0", "1")}),
                   {"it reuses the active weight tile, and no earlier matmul took one"}));
  EXPECT_TRUE(says(error_of({"load_weights space=weights memory=0 rows=7 columns=4", matmul("0")}),
                   {"its 8 x 4 (depth x columns) exceed the 7 x 4 weight tile of command 0"}));
  EXPECT_EQ(error_of({kTile, matmul("0"), matmul("0", "0", "1")}), "");
}

TEST(ProgramCheck, ActivateNeedsItsParameters) {
  EXPECT_TRUE(says(error_of({activate("0x200")}),
                   {"it needs the channel parameters of 4 columns; the last set_channels set 0"}));
  const std::string table =
      "activate accumulator=0 columns=1 buffer=0:1x1 zero_point=0 minimum=0 maximum=1 table=1";
  EXPECT_TRUE(says(error_of({kChannels, table}),
                   {"it looks up a table, and there is no set_table before it"}));
  EXPECT_EQ(error_of({kChannels, "set_table buffer=0x600", table}), "");
}

TEST(ProgramCheck, OnlyAnArrayOfSignsPacksSigns) {
  const std::string signs =
      "activate_signs accumulator=0 columns=4 buffer=0:4x1 zero_point=0 minimum=-128 maximum=127 "
      "table=0";
  for (const isa::PeType pe : {isa::PeType::Int8, isa::PeType::Adder, isa::PeType::Binary}) {
    const std::string name(isa::describe(pe).name);
    EXPECT_TRUE(
        says(error_of({signs}, Dataflow::WeightStationary, pe),
             {"command 0", "it packs signs, and the array's PEs are " + name + "; allowed: xnor"}))
        << name;
  }
  const std::string error = error_of({signs}, Dataflow::WeightStationary, isa::PeType::Xnor);
  EXPECT_EQ(error.find("packs signs"), std::string::npos) << error;
}

TEST(ProgramCheck, SizesAreChecked) {
  const auto with = [](std::string line, const std::string& from, const std::string& to) {
    return line.replace(line.find(from), from.size(), to);
  };
  EXPECT_TRUE(says(error_of({with(load("0"), ":2x64", ":0x64")}),
                   {"has a count of 0; at least 1 is needed"}));
  EXPECT_TRUE(
      says(error_of({with(load("0"), "piece_bytes=64", "piece_bytes=0")}), {"piece_bytes is 0"}));
  EXPECT_TRUE(says(error_of({with(matmul("0"), "depth=8", "depth=9")}),
                   {"depth is 9; the array's number of rows is 8"}));
  EXPECT_TRUE(says(error_of({with(matmul("0"), "columns=4", "columns=5")}),
                   {"columns is 5; the array's number of columns is 4"}));
  EXPECT_TRUE(says(error_of({with(kTile, "rows=8", "rows=9")}), {"rows is 9"}));
  EXPECT_TRUE(
      says(error_of({with(activate("0"), "minimum=-128 maximum=127", "minimum=3 maximum=2")}),
           {"minimum 3 is above maximum 2"}));
  EXPECT_TRUE(says(error_of({with(load("0"), "buffer=0:2x64", "buffer=0:2x63")}),
                   {"the pieces it writes overlap: 64 bytes each at 0x0:2x63; a stride must not be "
                    "less than what the loops with smaller strides walk"}));
}

TEST(ProgramCheck, RangesAreChecked) {
  EXPECT_EQ(error_of({load("0x780")}), "");
  EXPECT_TRUE(
      says(error_of({load("0x781")}),
           {"pieces of 64 bytes at 0x781:2x64 do not fit; the unified buffer has 2048 bytes"}));
  EXPECT_TRUE(says(error_of({load("0", "0xf81")}), {"the activations memory has 4096 bytes"}));
  EXPECT_TRUE(says(error_of({load("0xffffffffffffffff")}), {"the unified buffer"}));
  EXPECT_TRUE(says(error_of({kTile, matmul("0", "29")}),
                   {"4 accumulator rows from row 29 on do not fit; the array has 32"}));
  EXPECT_EQ(error_of({kTile, matmul("0", "28")}), "");
  EXPECT_TRUE(says(
      error_of({"load space=activations memory=0:3x0 buffer=0:3x0x8000000000000000 piece_bytes=1"}),
      {"the unified buffer"}));
  EXPECT_TRUE(says(error_of({"set_table buffer=0x701"}), {"the unified buffer"}));
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Dataflows

TEST(ProgramCheck, EachDataflowHasItsMatmul) {
  EXPECT_TRUE(
      says(error_output_stationary({kTile, matmul("0")}),
           {"command 1", "the array is output_stationary, which needs matmul_output_stationary"}));
  EXPECT_TRUE(says(error_of({kTile, output_stationary("1", "1")}),
                   {"command 1", "the array is weight_stationary, which needs matmul"}));
  EXPECT_TRUE(says(error_of({kTile, output_stationary("1", "1")}, Dataflow::InputStationary),
                   {"the array is input_stationary, which needs matmul"}));
  EXPECT_EQ(error_output_stationary({kTile, output_stationary("1", "1")}), "");
  EXPECT_EQ(error_of({kTile, matmul("0")}, Dataflow::InputStationary), "");
}

TEST(ProgramCheck, OutputStationaryAreBegunThenDrained) {
  EXPECT_EQ(error_output_stationary(
                {kTile, output_stationary("1", "0"), kTile, output_stationary("0", "0"), kTile,
                 output_stationary("0", "1"), kTile, output_stationary("1", "1")}),
            "");
  EXPECT_TRUE(
      says(error_output_stationary({kTile, output_stationary("0", "1")}),
           {"command 1",
            "it adds to sums in place, and no matmul_output_stationary before it begins them"}));
  EXPECT_TRUE(says(error_output_stationary(
                       {kTile, output_stationary("1", "1"), kTile, output_stationary("0", "1")}),
                   {"command 3", "it adds to sums in place"}))
      << "drained sums are gone";
  EXPECT_TRUE(says(error_output_stationary(
                       {kTile, output_stationary("1", "0"), kTile, output_stationary("1", "1")}),
                   {"command 3", "it begins new sums before those of command 1 are drained"}));
  EXPECT_TRUE(says(error_output_stationary(
                       {kTile, output_stationary("1", "0"), kTile, output_stationary("0", "0")}),
                   {"command 1 of node 'fc1' (matmul_output_stationary",
                    "the sums that it begins in place are never drained"}));
}

TEST(ProgramCheck, OutputStationaryFitTheArray) {
  const auto with = [](std::string line, const std::string& from, const std::string& to) {
    return line.replace(line.find(from), from.size(), to);
  };
  const std::string whole = output_stationary("1", "1");
  EXPECT_TRUE(says(error_output_stationary({kTile, with(whole, ":4x8", ":9x8")}),
                   {"rows is 9; the array's number of rows is 8"}));
  EXPECT_TRUE(
      says(error_output_stationary({kTile, with(whole, "depth=8", "depth=9")}), {"depth is 9"}));
  EXPECT_TRUE(says(error_output_stationary({kTile, with(whole, "accumulator=2", "accumulator=29")}),
                   {"4 accumulator rows from row 29 on do not fit; the array has 32"}));
}

TEST(ProgramCheck, AMatmulUsesAllColumnsOfItsTile) {
  const auto three = [](std::string line) {
    return line.replace(line.find("columns=4"), 9, "columns=3");
  };
  EXPECT_TRUE(
      says(error_of({kTile, three(matmul("0"))}),
           {"its 8 x 3 (depth x columns) are not all of the 8 x 4 weight tile of command 0"}));
  EXPECT_TRUE(
      says(error_output_stationary({kTile, three(output_stationary("1", "1"))}),
           {"its 8 x 3 (depth x columns) are not all of the 8 x 4 weight tile of command 0"}));
  EXPECT_TRUE(says(error_of({three(kTile), matmul("0")}),
                   {"its 8 x 4 (depth x columns) exceed the 8 x 3 weight tile of command 0"}));
  EXPECT_EQ(error_of({three(kTile), three(matmul("0"))}), "");
}

TEST(ProgramCheck, AMatmulOutputStationaryReadsTheBufferAndWritesTheAccumulatorsWhenItDrains) {
  EXPECT_TRUE(says(error_output_stationary({load("0"), kTile, output_stationary("1", "1")}),
                   {"reads buffer 0x0..0x1f that command 0"}));
  EXPECT_EQ(error_output_stationary(
                {load("0") + " signal=matrix", kTile, output_stationary("1", "1") + " wait=load"}),
            "");
  const std::string ready = load("0x400") + " signal=activate";
  const std::string set = kChannels + " wait=load";
  EXPECT_TRUE(says(
      error_output_stationary({ready, set, kTile, output_stationary("1", "1"), activate("0x200")}),
      {"reads accumulator rows 2..3 that command 3"}));
  // The first product's sums have left when the second begins to be summed up.
  EXPECT_EQ(error_output_stationary(
                {ready, set, kTile, output_stationary("1", "1") + " signal=activate", kTile,
                 output_stationary("1", "0"), activate("0x200") + " wait=matrix signal=matrix",
                 kTile, output_stationary("0", "1") + " wait=activate"}),
            "");
}

TEST(ProgramCheck, ALoadedTileReadsTheBuffer) {
  // Samples at 0x100, 0x110, 0x120 and 0x130, eight values each.
  EXPECT_TRUE(
      says(error_of({load("0xb9", "0"), kTileOfSamples, matmul("0x600")}),
           {"command 1 of node 'fc1' (load_tile", "reads buffer 0x100..0x107 that command 0"}));
  const std::string between = "load space=activations memory=0:4x8 buffer=0x108:4x16 piece_bytes=8";
  EXPECT_EQ(error_of({between, kTileOfSamples, matmul("0x600")}), "");
  EXPECT_TRUE(says(
      error_of({kTileOfSamples, matmul("0x600"), load("0x137")}),
      {"command 2", "writes buffer 0x137..0x137 that command 0", "(load_tile", "reads; no token"}));
  EXPECT_EQ(
      error_of({load("0x100") + " signal=weights", kTileOfSamples + " wait=load", matmul("0x600")}),
      "");
}

TEST(ProgramCheck, ALoadedTilePairsUpWithAMatmulAndFitsTheArray) {
  EXPECT_TRUE(says(error_of({kTileOfSamples}), {"no matmul takes the weight tile that it loads"}));
  EXPECT_TRUE(says(error_of({"load_tile buffer=0:4x16 depth=9 transposed=1"}),
                   {"rows is 9; the array's number of rows is 8"}));
  EXPECT_TRUE(says(error_of({"load_tile buffer=0:5x16 depth=8 transposed=1"}),
                   {"columns is 5; the array's number of columns is 4"}));
  EXPECT_TRUE(says(error_of({"load_tile buffer=0x7d0:4x16 depth=8 transposed=1"}),
                   {"the unified buffer has 2048 bytes"}));
  EXPECT_TRUE(says(error_of({"load_tile buffer=0:4x16 depth=7 transposed=1", matmul("0")}),
                   {"exceed the 7 x 4 weight tile of command 0"}));
}

TEST(ProgramCheck, SegmentsDivideTheRowsAndTheirDepth) {
  const auto row_error = [](const std::string& fields) {
    return error_of({kTile, "matmul columns=4 accumulator=0 add=0 reuse=0 " + fields});
  };
  EXPECT_EQ(row_error("buffer=0:4x8:2x3 depth=8 segments=2"), "");
  EXPECT_TRUE(
      says(row_error("buffer=0:4x8 depth=8 segments=0"), {"segments is 0; at least 1 is needed"}));
  EXPECT_TRUE(says(row_error("buffer=0:6x8 depth=8 segments=3"),
                   {"3 segments do not divide a depth of 8"}));
  EXPECT_TRUE(says(row_error("buffer=0:5x8 depth=8 segments=2"),
                   {"2 segments do not divide the 5 pieces of the walk 0x0:5x8"}));
  EXPECT_TRUE(says(error_of({"load_tile buffer=0:4x16 depth=6 transposed=1 segments=4"}),
                   {"4 segments do not divide a depth of 6"}));
  EXPECT_TRUE(
      says(error_output_stationary({kTile, output_stationary("0", "1", "1") + " segments=3"}),
           {"3 segments do not divide a depth of 8"}));
}

TEST(ProgramCheck, SegmentsAreReadPieceByPiece) {
  // Two rows of four values at 0, 1 and 0x10, 0x11: two bytes each.
  const std::string rows =
      "matmul buffer=0:2x1:2x16 depth=4 columns=4 accumulator=0 add=0 reuse=0 segments=2";
  const std::string tile = "load_weights space=weights memory=0 rows=4 columns=4";
  const auto loaded = [](const std::string& at) {
    return "load space=activations memory=0 buffer=" + at + " piece_bytes=1";
  };
  EXPECT_TRUE(says(error_of({loaded("0x12"), tile, rows}), {"reads buffer 0x12..0x12"}));
  EXPECT_EQ(error_of({loaded("3"), loaded("0x13"), tile, rows}), "");
}

/// Adds 0x100..0x13f and 0x140..0x17f to 0x200..0x23f.
const std::string kAdd =
    "vector operation=add columns=16 a=0x100:4x16 b=0x140:4x16 destination=0x200:4x16 "
    "a_multiplier=1 b_multiplier=1 multiplier=1 shift=1";

TEST(ProgramCheck, AVectorCommandIsOrderedByTokens) {
  EXPECT_EQ(error_of({kAdd}), "");
  EXPECT_TRUE(says(error_of({load("0x130"), kAdd}), {"command 1 of node 'fc1' (vector",
                                                     "reads buffer 0x130..0x13f that command 0"}));
  EXPECT_EQ(error_of({load("0x130") + " signal=vector", kAdd + " wait=load"}), "");
  EXPECT_TRUE(says(error_of({kAdd, store("0x210", "0x800")}),
                   {"command 1", "reads buffer 0x210..", "that command 0", "(vector", "writes"}));
  EXPECT_EQ(error_of({kAdd + " signal=store", store("0x210", "0x800") + " wait=vector"}), "");
  EXPECT_TRUE(says(error_of({kAdd, kTile, matmul("0x220")}), {"reads buffer 0x220.."}));
}

TEST(ProgramCheck, AVectorCommandKeepsItsHandsOffWhatItReads) {
  EXPECT_TRUE(says(error_of({"vector operation=copy columns=16 a=0x100:4x16 destination=0x10f "
                             "multiplier=1 shift=1"}),
                   {"destination has 1 pieces and a has 4"}));
  EXPECT_TRUE(says(error_of({"vector operation=copy columns=16 a=0x100:4x16 "
                             "destination=0x130:4x16 multiplier=1 shift=1"}),
                   {"it writes buffer 0x130..0x130, which it also reads"}));
  EXPECT_TRUE(says(error_of({"vector operation=copy columns=16 a=0x100 a_window=0:2x64 "
                             "destination=0x120 multiplier=1 shift=1"}),
                   {"it writes buffer 0x120..0x120, which it also reads"}))
      << "a window is read from its first byte to its last";
  EXPECT_TRUE(says(error_of({"vector operation=fill columns=16 destination=0x200:4x15 shift=1"}),
                   {"the pieces it writes overlap"}));
  EXPECT_TRUE(says(error_of({"vector operation=fill columns=16 destination=0x7f8 shift=1"}),
                   {"the unified buffer has 2048 bytes"}));
  EXPECT_TRUE(says(error_of({"vector operation=fill columns=4 destination=0x200 shift=1 channels=1 "
                             "planes=0x1fd"}),
                   {"it writes buffer 0x200..0x200, which it also reads"}));
  EXPECT_TRUE(says(error_of({"vector operation=fill columns=4 destination=0x200 shift=1 table=1 "
                             "entries=0x101"}),
                   {"it writes buffer 0x200..0x200, which it also reads"}));
}

TEST(ProgramCheck, ANormaliseReadsAndWritesValueByValue) {
  // Values of two rows take turns: 0x100, 0x102, ... and 0x101, 0x103, ...
  const std::string rows =
      "normalise source=0x100:2x1 destination=0x200:2x2 columns=5 source_stride=2 "
      "destination_stride=4 epsilon=7";
  EXPECT_EQ(error_of({rows}), "");
  const auto loaded = [](const std::string& at) {
    return "load space=activations memory=0 buffer=" + at + " piece_bytes=1";
  };
  EXPECT_TRUE(says(error_of({loaded("0x109"), rows}), {"reads buffer 0x109..0x109"}));
  EXPECT_EQ(error_of({loaded("0x10a"), loaded("0x214"), rows}), "");
  EXPECT_TRUE(says(error_of({rows, loaded("0x213")}), {"writes buffer 0x213..0x213"}));
  EXPECT_TRUE(says(error_of({"normalise source=0 destination=0x200 columns=5 "
                             "destination_stride=1"}),
                   {"the pieces it writes overlap"}));
}

TEST(ProgramCheck, ATransposedActivationNeedsItsTableButNoSetChannels) {
  EXPECT_EQ(error_of({activate_transposed()}), "");
  EXPECT_TRUE(says(error_of({activate_transposed("1")}),
                   {"it looks up a table, and there is no set_table before it"}));
  EXPECT_EQ(error_of({"set_table buffer=0x600", activate_transposed("1")}), "");
}

TEST(ProgramCheck, ATransposedActivationReadsItsChannelsAndWritesAColumnPerSample) {
  // Nine planes of two bytes from 0x400 on.
  EXPECT_TRUE(says(error_of({load("0x391"), activate_transposed()}),
                   {"reads buffer 0x400..0x410 that command 0"}));
  EXPECT_EQ(error_of({load("0x412"), activate_transposed()}), "");
  // Two bytes each at 0x200, 0x20a, 0x214 and 0x21e.
  EXPECT_TRUE(
      says(error_of({activate_transposed(), load("0x21f")}),
           {"writes buffer 0x21f..0x21f that command 0", "(activate_transposed", "writes"}));
  EXPECT_EQ(error_of({activate_transposed(), load("0x220")}), "");
  EXPECT_TRUE(says(error_of({kTile, matmul("0"), activate_transposed()}),
                   {"reads accumulator rows 0..1 that command 1"}));
  std::string overlapping = activate_transposed();
  overlapping.replace(overlapping.find(":4x10"), 5, ":4x1");
  EXPECT_TRUE(
      says(error_of({overlapping}), {"the pieces it writes overlap: 2 bytes each at 0x200:4x1"}));
}

/// With a buffer of a gibibyte.
std::string error_on_large_buffer(const std::vector<std::string>& lines) {
  std::string text =
      "program 4 int8\nnode 0 \"fc1\"\nspace weights 4096\nspace activations 1073741824\n";
  for (const std::string& line : lines) {
    text += line + " @0,0,0,0\n";
  }
  const isa::Program program = isa::from_text(text, "a.txt");
  ArrayConfig config = small_array();
  config.unified_buffer = Bytes(std::uint64_t{1} << 30U);
  ProgramCheck check(config, program.space_bytes, program.nodes);
  try {
    for (const isa::Command& command : program.commands) {
      check.add(command);
    }
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ProgramCheck, WalksOfAGibibyteAreComparedWhateverTheirStrides) {
  const std::string load =
      "load space=activations memory=0:268435456x4 buffer=0:268435456x4 piece_bytes=1";
  const std::string store = "store space=activations memory=1:178956970x4 buffer=";
  EXPECT_EQ(error_on_large_buffer({load, store + "1:178956970x6 piece_bytes=1"}), "")
      << "odd addresses";
  EXPECT_TRUE(says(error_on_large_buffer({load, store + "2:178956970x6 piece_bytes=1"}),
                   {"command 1", "reads buffer 0x8..0x8 that command 0"}));
}

TEST(ProgramCheck, WalksThatAreTooManyComparisonsApartAreRefused) {
  const std::string load =
      "load space=activations memory=0:1000x1000000:1000x1000:100x8 "
      "buffer=0:1000x1000000:1000x1000:100x8 piece_bytes=1";
  const std::string store =
      "store space=activations memory=1:100000000x2 buffer=1:1000x1000002:1000x1002:100x10 "
      "piece_bytes=1";
  EXPECT_TRUE(says(error_on_large_buffer({load, store}),
                   {"command 1 of node 'fc1' (store",
                    "it takes more than 1048576 comparisons to tell whether they meet"}));
}

TEST(ProgramCheck, TheDocumentsExampleIsRight) {
  const std::string page = test::text_of(SYSTOL_DOCS "/command-set.md");
  const std::size_t start = page.find("```text\n");
  ASSERT_NE(start, std::string::npos);
  const std::string text = page.substr(start + 8, page.find("```", start + 8) - start - 8);
  const isa::Program program = isa::from_text(text, "command-set.md");
  ArrayConfig config = small_array();
  config.rows = config.columns = 16;
  ProgramCheck check(config, program.space_bytes, program.nodes);
  for (const isa::Command& command : program.commands) {
    check.add(command);
  }
  check.finish();
  EXPECT_EQ(program.commands.size(), 7U);
}

TEST(ProgramCheck, LayerMustExist) {
  ProgramCheck check(small_array(), {4096, 4096}, {"fc1"});
  isa::Command command{isa::SetTable{0}, {}, {}, {1, 0, 0, 0}};
  try {
    check.add(command);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "command 0 (set_table buffer=0x0 @1,0,0,0): node 1 does not exist; the program has 1");
  }
}

TEST(ProgramCheck, ACommandOfLongAgoIsNamedByNumber) {
  ProgramCheck check(small_array(), {4096, 4096}, {"fc1"});
  isa::Load load;
  load.piece_bytes = 1;
  check.add({load, {}, {}, {}});
  for (int i = 0; i < 5000; ++i) {
    check.add({isa::SetTable{1024}, {}, {}, {}});
  }
  try {
    check.add({isa::SetTable{0}, {}, {}, {}});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_TRUE(says(error.what(), {"command 5001", "command 0 (of the load unit) writes"}));
  }
}

}  // namespace
}  // namespace systol
