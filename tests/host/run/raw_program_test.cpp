#include "host/run/raw_program.h"

#include <gtest/gtest.h>

#include <fstream>

#include "hw/isa/binary.h"
#include "hw/isa/format_error.h"
#include "hw/isa/text.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/networks.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

const std::string kText =
    "program 4 int8\n"
    "node 0 \"fc\"\n"
    "space weights 16\n"
    "space activations 0\n"
    "load_weights space=weights memory=0x0 rows=4 columns=4 @0,0,0,0\n"
    "matmul buffer=0x0:4x4 depth=4 columns=4 accumulator=0 add=0 reuse=0 @0,0,0,0\n";

std::string binary() {
  const std::vector<std::uint8_t> bytes = isa::to_binary(isa::from_text(kText, "text"));
  return {bytes.begin(), bytes.end()};
}

class RawProgram : public ::testing::Test {
 protected:
  /// The message without the temporary folder.
  std::string error_of(const std::filesystem::path& path) const {
    std::string text;
    try {
      read_program(path);
      return "no error";
    } catch (const isa::FormatError& error) {
      text = error.what();
    } catch (const InputError& error) {
      text = error.what();
    }
    const std::string folder = files_.path("").string();
    EXPECT_EQ(text.rfind(folder, 0), 0U) << text;
    return text.substr(std::min(text.size(), folder.size()));
  }

  TempFiles files_;
};

TEST_F(RawProgram, IsReadAlikeFromTextAndBinary) {
  const isa::Program program = isa::from_text(kText, "text");
  EXPECT_EQ(read_program(files_.write("a.tpu", kText)), program);
  EXPECT_EQ(read_program(files_.write("a.bin", binary())), program);
}

TEST_F(RawProgram, IsToldFromAModelByItsStartOrItsExtension) {
  EXPECT_TRUE(is_program_file(files_.write("text", kText)));
  EXPECT_TRUE(is_program_file(files_.write("binary", binary())));
  EXPECT_TRUE(is_program_file(files_.write("wrong.tpu", "not a program at all")));
  EXPECT_FALSE(is_program_file(files_.write("m.onnx", "\x08\x07 something")));
  EXPECT_FALSE(is_program_file(files_.write("w.yaml", "programs: 1\n")));
  EXPECT_FALSE(is_program_file(files_.write("empty", "")));
  EXPECT_FALSE(is_program_file(files_.path("missing")));
  EXPECT_FALSE(is_program_file("/"));
}

TEST_F(RawProgram, ThatDoesNotExistIsNamed) {
  EXPECT_EQ(error_of(files_.path("none.tpu")), "none.tpu: no such file");
  std::filesystem::create_directory(files_.path("folder.tpu"));
  EXPECT_EQ(error_of(files_.path("folder.tpu")), "folder.tpu: is a directory, expected a program");
}

TEST_F(RawProgram, ThatIsEmptyOrForeignIsNamedWithItsPlace) {
  EXPECT_EQ(error_of(files_.write("a.tpu", "")), "a.tpu:1:1: expected 'program 4 int8' first");
  EXPECT_EQ(error_of(files_.write("a.tpu", "GIF89a")),
            "a.tpu:1:1: expected 'program 4 int8' first");
}

TEST_F(RawProgram, WithAWrongLineIsNamedWithItsPlace) {
  EXPECT_EQ(error_of(files_.write("a.tpu", kText + "matmull buffer=0 @0,0,0,0\n")).substr(0, 11),
            "a.tpu:7:1: ");
}

TEST_F(RawProgram, ThatIsCutShortIsNamedWithItsPlace) {
  const std::string whole = binary();
  const std::string text = error_of(files_.write("a.bin", whole.substr(0, whole.size() - 1)));
  EXPECT_EQ(text.substr(0, 12), "a.bin: byte ");
  EXPECT_NE(text.find("left"), std::string::npos) << text;
}

TEST_F(RawProgram, LargerThanAProgramMayBeIsRefusedWithoutBeingRead) {
  const std::filesystem::path path = files_.write("huge.tpu", "program 4 int8\n");
  std::filesystem::resize_file(path, (std::uintmax_t{4} << 30) + 1);  // sparse
  EXPECT_EQ(error_of(path), "huge.tpu: is larger than 4096 MiB, the limit for a program");
}

TEST_F(RawProgram, RunListsCommandsCyclesAndLedger) {
  const std::filesystem::path path = files_.write("a.tpu", kText);
  ArrayConfig config = array(4, 4);
  config.memories[0].bandwidth.reset();
  config.memories[0].latency = Picoseconds(0);
  const auto device = make_systemc_device("systemc", config, make_model_unit, {});
  EXPECT_EQ(run_raw_program(read_program(path), path, config, *device).text,
            path.string() +
                " on array, systemc engine: 2 commands, 14 cycles\n"
                "\n"
                "     start        end  number  command\n"
                "         0          1       0  load_weights space=weights memory=0x0 rows=4 "
                "columns=4 @0,0,0,0\n"
                "         2         14       1  matmul buffer=0x0:4x4 depth=4 columns=4 "
                "accumulator=0 add=0 reuse=0 @0,0,0,0\n"
                "\n"
                "array_active          4\n"
                "weight_stall          0\n"
                "weight_shift          1\n"
                "raw_stall             0\n"
                "input_stall           0\n"
                "non_matrix            9\n"
                "idle                  0\n"
                "check: none, a program has no network to compare with\n");
}

TEST_F(RawProgram, RunShowsTheFirst200CommandsAndCountsTheRest) {
  std::string text = kText;
  for (int i = 0; i < 203; ++i) {
    text += "set_channels buffer=0x0 columns=1 @0,0,0,0\n";
  }
  const ArrayConfig config = array(4, 4);
  const auto device = make_systemc_device("systemc", config, make_model_unit, {});
  const std::filesystem::path path = files_.write("a.tpu", text);
  const std::string shown = run_raw_program(read_program(path), path, config, *device).text;
  EXPECT_NE(shown.find(": 205 commands, "), std::string::npos);
  EXPECT_NE(shown.find("\n... and 5 more commands\n"), std::string::npos) << shown;
}

TEST_F(RawProgram, ThatTheArrayCannotRunIsAnInputError) {
  const ArrayConfig config = array(2, 4);
  const auto device = make_systemc_device("systemc", config, make_model_unit, {});
  EXPECT_EQ(files_.error_of([&] {
    const std::filesystem::path path = files_.write("a.tpu", kText);
    run_raw_program(read_program(path), path, config, *device);
  }),
            "a.tpu: command 0 of node 'fc' (load_weights space=weights memory=0x0 rows=4 columns=4 "
            "@0,0,0,0): rows is 4; the array's number of rows is 2");
}

}  // namespace
}  // namespace systol::test
