#include "hw/isa/text.h"

#include <gtest/gtest.h>

#include "tests/hw/isa/random_program.h"
#include "tests/sanitized.h"

namespace systol::isa {
namespace {

const std::string kHeader = "program 4 int8\nspace weights 16\nspace activations 0x20\n";

/// The message of the error that `text` gives, or "" if it is a program.
std::string error_of(const std::string& text) {
  try {
    from_text(text, "a.txt");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

std::string command_error(const std::string& line) { return error_of(kHeader + line); }

TEST(Text, MatmulReadsAsInTheDocument) {
  const Program program =
      from_text(kHeader +
                    "# a comment\n"
                    "matmul buffer=0x100:100x784 depth=16 columns=16 accumulator=0 add=0 reuse=1 "
                    "wait=load,activate signal=activate @0,0,16,32  # and one more\n",
                "a.txt");
  ASSERT_EQ(program.commands.size(), 1U);
  const Command expected{Matmul{.buffer = {0x100, 100, 784},
                                .depth = 16,
                                .columns = 16,
                                .accumulator = 0,
                                .add = false,
                                .reuse = true},
                         {Unit::Load, Unit::Activate},
                         {Unit::Activate},
                         {0, 0, 16, 32}};
  EXPECT_EQ(program.commands[0], expected);
  EXPECT_EQ(program.space_bytes[1], 32U);
}

TEST(Text, CommandIsOneLine) {
  const Command command{Activate{0, 3, {0x1f, 2, 0}, {.zero_point = -4}},
                        {Unit::Matrix},
                        {Unit::Store, Unit::Matrix},
                        {1, 2, 3, 4}};
  EXPECT_EQ(to_text(command),
            "activate accumulator=0 columns=3 buffer=0x1f:2x0 zero_point=-4 minimum=-128 "
            "maximum=127 table=0 wait=matrix signal=store,matrix @1,2,3,4");
  EXPECT_EQ(to_text(Command{}),
            "load space=activations memory=0x0 buffer=0x0 piece_bytes=0 @0,0,0,0");
}

std::string tile_with(const std::string& walk) {
  return "load_tile buffer=" + walk + " depth=8 transposed=0 @0,0,0,0";
}

TEST(Text, AWalkIsItsBaseAndItsLoopsFromTheOutside) {
  const auto walk = [](const std::string& text) {
    const Program program = from_text(kHeader + tile_with(text), "a.txt");
    return std::get<LoadTile>(program.commands.at(0).operation).buffer;
  };
  EXPECT_EQ(walk("0x100"), Walk(0x100));
  EXPECT_EQ(walk("256:4x16"), Walk(256, 4, 16));
  EXPECT_EQ(walk("0x100:5x640:3x28"), Walk(0x100, {{5, 640}, {3, 28}}));
  EXPECT_EQ(walk("0:2x0x100:3x0:16x1"), Walk(0, {{2, 256}, {3, 0}, {16, 1}}));
  EXPECT_EQ(to_text(walk("0:2x0x100:3x0:1x0")), "0x0:2x256:3x0:1x0");
  EXPECT_EQ(walk("0:0x16"), Walk(0, 0, 16)) << "a count is decimal";
  EXPECT_EQ(to_text(walk("7:1x0:2x5")), "0x7:2x5") << "a loop that does nothing is not written";
}

TEST(Text, ErrorsInWalksNameThePlace) {
  const std::string form =
      "a walk is <address>:<count>x<stride>, with up to three of the last part";
  EXPECT_EQ(command_error(tile_with("0x100:4")), "a.txt:4:24: " + form);
  EXPECT_EQ(command_error(tile_with("0:1x1:1x1:1x1:1x1")), "a.txt:4:32: " + form);
  EXPECT_EQ(command_error(tile_with("0:4x")), "a.txt:4:22: buffer is '', which is not a number");
  EXPECT_EQ(command_error(tile_with("0:4x18446744073709551616")),
            "a.txt:4:22: buffer is '18446744073709551616'; allowed is 0 to 18446744073709551615");
  EXPECT_EQ(command_error(tile_with("x:4x1")), "a.txt:4:18: buffer is 'x', which is not a number");
}

TEST(Text, RandomProgramsComeBackExactly) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const Program program = RandomProgram(seed).make(80);
    const std::string text = to_text(program);
    EXPECT_EQ(from_text(text, "a.txt"), program);
    EXPECT_EQ(to_text(from_text(text, "a.txt")), text);
  }
}

TEST(Text, AdjacentSegmentsStaySeparate) {
  Program program;
  program.image = {{Space::Weights, 0, {1, 2}}, {Space::Weights, 2, {3}}};
  EXPECT_EQ(from_text(to_text(program), "a.txt"), program);
}

TEST(Text, SegmentsMustNotOverlap) {
  const std::string data = "data weights 0x10 01020304\nmore weights 0x14 0506\n";
  const std::string message = ": weights has data here already, from a line above";
  EXPECT_EQ(command_error(data + "data weights 0x15 00"), "a.txt:6:14" + message);
  EXPECT_EQ(command_error(data + "data weights 0xe 000000"), "a.txt:6:14" + message);
  EXPECT_EQ(command_error(data + "data weights 0x0 00\ndata weights 0x12 00"),
            "a.txt:7:14" + message);
  EXPECT_EQ(command_error(data + "data weights 0xf 00\nmore weights 0x10 00"),
            "a.txt:7:14" + message);
  const std::string beside =
      "program 4 int8\nspace weights 64\nspace activations 64\n" + data +
      "data weights 0x16 00\ndata weights 0xf 00\ndata activations 0x10 00\ndata weights 0x10\n";
  EXPECT_EQ(from_text(beside, "a.txt").image.size(), 5U);
}

TEST(Text, ErrorsInKeysNameThePlaceAndTheCure) {
  EXPECT_EQ(command_error("set_table bufer=0x0 @0,0,0,0"),
            "a.txt:4:11: unknown key 'bufer' (nearest: 'buffer')");
  EXPECT_EQ(command_error("set_table buffer=0 buffer=1 @0,0,0,0"),
            "a.txt:4:20: key 'buffer' is given twice");
  EXPECT_EQ(command_error("set_channels buffer=0 @0,0,0,0"),
            "a.txt:4:31: key 'columns' is missing");
  EXPECT_EQ(command_error("set_table buffer @0,0,0,0"),
            "a.txt:4:11: expected key=value, found 'buffer'");
  EXPECT_EQ(command_error("matmull buffer=0 @0,0,0,0"),
            "a.txt:4:1: unknown command 'matmull' (nearest: 'matmul')");
  EXPECT_EQ(command_error("xyz"),
            "a.txt:4:1: unknown command 'xyz' (known: load, load_weights, matmul, set_channels, "
            "set_table, activate, softmax, store, matmul_output_stationary, load_tile, "
            "activate_transposed, vector, normalise, activate_float, activate_add, "
            "activate_signs, softmax_part)");
}

TEST(Text, ErrorsInValuesNameThePlaceAndTheRange) {
  EXPECT_EQ(command_error("set_channels buffer=0 columns=4294967296 @0,0,0,0"),
            "a.txt:4:31: columns is '4294967296'; allowed is 0 to 4294967295");
  EXPECT_EQ(command_error("set_table buffer=0x10000000000000000 @0,0,0,0"),
            "a.txt:4:18: buffer is '0x10000000000000000'; allowed is 0 to 18446744073709551615");
  EXPECT_EQ(command_error("set_table buffer=-1 @0,0,0,0"),
            "a.txt:4:18: buffer is '-1'; allowed is 0 to 18446744073709551615");
  EXPECT_EQ(command_error("set_table buffer=12k @0,0,0,0"),
            "a.txt:4:18: buffer is '12k', which is not a number");
  EXPECT_EQ(command_error("load_weights space=dram memory=0 rows=1 columns=1 @0,0,0,0"),
            "a.txt:4:20: unknown space 'dram' (known: weights, activations)");
  EXPECT_EQ(command_error("activate accumulator=0 columns=3 buffer=0:2x0 zero_point=-129 "
                          "minimum=-128 maximum=127 table=0 @0,0,0,0"),
            "a.txt:4:58: zero_point is '-129'; allowed is -128 to 127");
  EXPECT_EQ(command_error("activate accumulator=0 columns=3 buffer=0:2x0 zero_point=0 minimum=-128 "
                          "maximum=127 table=2 @0,0,0,0"),
            "a.txt:4:91: table is '2'; allowed is 0 to 1");
}

TEST(Text, ErrorsInTokensAndOriginsNameThePlace) {
  EXPECT_EQ(command_error("set_table buffer=0 wait=lod @0,0,0,0"),
            "a.txt:4:25: unknown unit 'lod' (nearest: 'load')");
  EXPECT_EQ(command_error("set_table buffer=0 wait=load,load @0,0,0,0"),
            "a.txt:4:30: unit 'load' is given twice");
  EXPECT_EQ(command_error("set_table buffer=0"),
            "a.txt:4:19: the origin is missing: @node,row,column,depth");
  EXPECT_EQ(command_error("set_table buffer=0 @0,0,0"),
            "a.txt:4:26: an origin has four numbers: @node,row,column,depth");
  EXPECT_EQ(command_error("set_table buffer=0 @0,0,0,0,5"),
            "a.txt:4:29: an origin has four numbers: @node,row,column,depth");
}

TEST(Text, ErrorsInTheHeadNameThePlace) {
  EXPECT_EQ(error_of(""), "a.txt:1:1: expected 'program 4 int8' first");
  EXPECT_EQ(error_of("node 0 \"a\""), "a.txt:1:1: expected 'program 4 int8' first");
  EXPECT_EQ(error_of("program 3 int8"),
            "a.txt:1:9: the program is of version 3, which is no longer read: its commands have "
            "other fields; version 4 can be read");
  EXPECT_EQ(error_of("program 5"),
            "a.txt:1:9: the program is of version 5, which is newer than this build of systol; "
            "version 4 can be read");
  EXPECT_EQ(error_of("program 4 int9"), "a.txt:1:11: unknown PE type 'int9' (nearest: 'int8')");
  EXPECT_EQ(error_of("program 4"), "a.txt:1:10: expected: program <version> <PE type>");
  EXPECT_EQ(error_of("program 4 int8\nprogram 4 int8"), "a.txt:2:1: 'program' is given twice");
  EXPECT_EQ(error_of("program 4 int8\nspace weights 1"),
            "a.txt:2:16: the line 'space activations <bytes>' is missing");
  EXPECT_EQ(error_of("program 4 int8\nspace weights 1\nspace weights 2"),
            "a.txt:3:7: space 'weights' is given twice");
  EXPECT_EQ(error_of("program 4 int8\nnode 1 \"a\""),
            "a.txt:2:6: nodes count up from 0; expected 0");
  EXPECT_EQ(error_of("program 4 int8\nnode 0 \"a"), "a.txt:2:8: the name lacks its closing quote");
  EXPECT_EQ(error_of("program 4 int8\nnode 0 \"a\\q\""),
            "a.txt:2:10: unknown escape in a name; allowed are \\\", \\\\ and \\xNN");
  EXPECT_EQ(
      command_error("node 0 \"a\""),
      "a.txt:4:1: 'node' is too late here; the order is program, node, space, data, commands");
}

TEST(Text, ErrorsInDataNameThePlace) {
  EXPECT_EQ(command_error("data weights 0x0 0g"), "a.txt:4:18: expected two hex digits per byte");
  EXPECT_EQ(command_error("data weights 0x0 012"), "a.txt:4:20: expected two hex digits per byte");
  EXPECT_EQ(command_error("data weights 0x0 " + std::string(66, '0')),
            "a.txt:4:18: at most 32 bytes per line");
  EXPECT_EQ(command_error("data weights 0x0 0102\nmore weights 0x3 00"),
            "a.txt:5:6: 'more' continues the line above: weights 0x2 expected");
  EXPECT_EQ(command_error("more weights 0x0 00"),
            "a.txt:4:1: 'more' continues a 'data' line, and there is none above");
}

TEST(Text, ErrorCarriesLineAndColumn) {
  try {
    from_text(kHeader + "\nxyz", "a.txt");
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_EQ(error.line, 5U);
    EXPECT_EQ(error.column, 1U);
  }
}

TEST(Text, DamagedTextIsAnErrorOrAProgram) {
  const std::string text = to_text(RandomProgram(1).make(13));
  constexpr std::size_t kStep = test::kSanitized ? 3 : 1;
  for (std::size_t i = 0; i < text.size(); i += kStep) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ static_cast<char>(1U << (i % 8)));
    for (const std::string& damaged : {text.substr(0, i), flipped}) {
      try {
        const Program program = from_text(damaged, "a.txt");
        EXPECT_EQ(from_text(to_text(program), "a.txt"), program);
      } catch (const FormatError& error) {
        EXPECT_GT(error.line, 0U);
      }
    }
  }
}

}  // namespace
}  // namespace systol::isa
