#include "hw/isa/binary.h"

#include <gtest/gtest.h>

#include "hw/isa/text.h"
#include "tests/hw/isa/random_program.h"

namespace systol::isa {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string error_of(const Bytes& bytes) {
  try {
    from_binary(bytes, "a.bin");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

TEST(Binary, RandomProgramsComeBackExactly) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const Program program = RandomProgram(seed).make(80);
    EXPECT_EQ(from_binary(to_binary(program), "a.bin"), program);
  }
}

TEST(Binary, TextAndBinaryCarryTheSame) {
  const Program program = RandomProgram(7).make(200);
  const Bytes bytes = to_binary(from_text(to_text(program), "a.txt"));
  EXPECT_EQ(to_text(from_binary(bytes, "a.bin")), to_text(program));
}

TEST(Binary, LayoutIsFixed) {
  Program program;
  program.nodes = {"f"};
  program.space_bytes = {0x1122, 3};
  program.image = {{Space::Activations, 5, {0xaa}}};
  program.commands = {
      {SetChannels{0x0102030405060708, 0x11121314}, {Unit::Load}, {Unit::Activate}, {1, 2, 3, 4}}};
  const Bytes expected = {
      'S',  'Y',  'S', 'T', 'O', 'L', 'P', 'R', 4,    0,    0,    0,   0,           // header
      1,    0,    0,   0,   1,   0,   0,   0,   'f',                                // nodes
      0x22, 0x11, 0,   0,   0,   0,   0,   0,   3,    0,    0,    0,   0, 0, 0, 0,  // spaces
      1,    0,    0,   0,   0,   0,   0,   0,   1,    5,    0,    0,   0, 0, 0, 0,
      0,    1,    0,   0,   0,   0,   0,   0,   0,                                  // image
      0xaa, 1,    0,   0,   0,   0,   0,   0,   0,    3,    2,    16,               // command
      1,    0,    0,   0,   2,   0,   0,   0,   3,    0,    0,    0,   4, 0, 0, 0,  // origin
      8,    7,    6,   5,   4,   3,   2,   1,   0x14, 0x13, 0x12, 0x11};            // fields
  EXPECT_EQ(to_binary(program), expected);
}

TEST(Binary, SegmentsMustNotOverlap) {
  Program program;
  program.image = {{Space::Weights, 4, {1, 2}}, {Space::Activations, 4, {1}}};
  EXPECT_EQ(from_binary(to_binary(program), "a.bin"), program);
  program.image.push_back({Space::Weights, 5, {3}});
  EXPECT_EQ(error_of(to_binary(program)),
            "a.bin: byte 96: the segment that ends here, weights 0x5, has bytes of an earlier one");
}

TEST(Binary, ForeignFilesAreNamed) {
  EXPECT_EQ(error_of({}),
            "a.bin: byte 0: the file ends here, in the magic number; 8 bytes expected, 0 left");
  EXPECT_EQ(error_of({'p', 'r', 'o', 'g', 'r', 'a', 'm', ' ', '1', '\n'}),
            "a.bin: byte 8: this is not a program in binary form");
  Bytes newer = to_binary({});
  newer[8] = 5;
  EXPECT_EQ(error_of(newer),
            "a.bin: byte 12: the program is of version 5, which is newer than this build of "
            "systol; version 4 can be read");
  Bytes older = to_binary({});
  older[8] = 3;
  EXPECT_EQ(error_of(older),
            "a.bin: byte 12: the program is of version 3, which is no longer read: its commands "
            "have other fields; version 4 can be read");
  Bytes longer = to_binary({});
  longer.push_back(0);
  EXPECT_EQ(error_of(longer), "a.bin: byte 49: 1 bytes too many after the last command");
}

TEST(Binary, LyingCountsAreNamedBeforeAnythingIsAllocated) {
  Bytes layers = to_binary({});
  layers[16] = 0xff;  // 0xff000000 layers
  EXPECT_EQ(error_of(layers),
            "a.bin: byte 13: 4278190080 nodes claimed, more than the 32 bytes left can hold");
  Bytes commands = to_binary({});
  commands[48] = 0xff;  // 0xff << 56 commands
  EXPECT_EQ(error_of(commands),
            "a.bin: byte 41: 18374686479671623680 commands claimed, more than the 0 bytes left can "
            "hold");
}

TEST(Binary, ValuesOutOfRangeAreNamed) {
  Program program;
  program.commands = {{SetTable{0}, {}, {}, {}}};
  Bytes opcode = to_binary(program);
  opcode[49] = kOpcodes;
  EXPECT_EQ(error_of(opcode), "a.bin: byte 49: opcode is 17; allowed is 0 to 16");
  Bytes wait = to_binary(program);
  wait[50] = 64;
  Bytes type = to_binary(program);
  type[12] = kPeTypes;
  EXPECT_EQ(error_of(type), "a.bin: byte 12: the PE type is 8; allowed is 0 to 7");
  EXPECT_EQ(error_of(wait), "a.bin: byte 50: wait is 64; allowed is 0 to 63");
}

TEST(Binary, DamagedBytesAreAnErrorOrAProgram) {
  const Bytes bytes = to_binary(RandomProgram(1).make(13));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THROW(from_binary(cut, "a.bin"), FormatError);
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes flipped = bytes;
      flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << bit));
      try {
        const Program program = from_binary(flipped, "a.bin");
        EXPECT_EQ(to_binary(program), flipped);
      } catch (const FormatError& error) {
        EXPECT_EQ(error.line, 0U);
      }
    }
  }
}

TEST(Binary, IsToldFromText) {
  EXPECT_TRUE(is_binary(to_binary({})));
  const std::string text = to_text(Program{});
  EXPECT_FALSE(is_binary(Bytes(text.begin(), text.end())));
}

}  // namespace
}  // namespace systol::isa
