// `systol compile`, `asm`, `disasm` and running what they write.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Programs : public ProgramTest {
 protected:
  Programs() {
    write_array();
    write_workload();
  }
};

TEST_F(Programs, CompileThenRunTakesTheCyclesOfRunningTheModel) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "net.tpu"}),
            (Ended{kOk, "", ""}));
  ASSERT_EQ(
      systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc", "--json", "r.json"})
          .status,
      kOk);
  const nlohmann::json report = json("r.json");
  std::uint64_t commands = 0;
  for (const auto& count : report["commands"]) {
    commands += count.get<std::uint64_t>();
  }
  const Ended ended = systol({"run", "net.tpu", "-c", "array.yaml", "--engine", "systemc"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(has_line(ended.out, "net.tpu on small, systemc engine: " + std::to_string(commands) +
                                      " commands, " + report["cycles"].dump() + " cycles"))
      << ended.out;
  for (const auto& [name, cycles] : report["ledger"].items()) {
    const std::string count = cycles.dump();
    EXPECT_TRUE(has_line(ended.out, name + std::string(12 - name.size(), ' ') + " " +
                                        std::string(10 - count.size(), ' ') + count))
        << name << "\n"
        << ended.out;
  }
  EXPECT_TRUE(has_line(ended.out, "check: none, a program has no network to compare with"));
}

TEST_F(Programs, TextAndBinaryTurnIntoEachOtherWithoutLoss) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "--batch", "3", "-o", "a.tpu"}),
            (Ended{kOk, "", ""}));
  ASSERT_EQ(systol({"asm", "a.tpu", "-o", "a.bin"}), (Ended{kOk, "", ""}));
  ASSERT_EQ(systol({"disasm", "a.bin", "-o", "b.tpu"}), (Ended{kOk, "", ""}));
  ASSERT_EQ(systol({"asm", "b.tpu", "-o", "b.bin"}), (Ended{kOk, "", ""}));
  EXPECT_EQ(content("b.tpu"), content("a.tpu"));
  EXPECT_EQ(content("b.bin"), content("a.bin"));
  EXPECT_NE(content("a.bin"), content("a.tpu"));
  EXPECT_EQ(systol({"disasm", "a.bin"}).out, content("a.tpu"));
}

TEST_F(Programs, TextAndBinaryRunAlike) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "a.tpu"}).status, kOk);
  ASSERT_EQ(systol({"asm", "a.tpu", "-o", "a.bin"}).status, kOk);
  std::string text = systol({"run", "a.tpu", "-c", "array.yaml", "--engine", "systemc"}).out;
  const std::string binary =
      systol({"run", "a.bin", "-c", "array.yaml", "--engine", "systemc"}).out;
  ASSERT_EQ(text.substr(0, 5), "a.tpu");
  EXPECT_EQ(text.replace(0, 5, "a.bin"), binary);
}

TEST_F(Programs, AWrongLineIsNamedWithItsPlace) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "a.tpu"}).status, kOk);
  const std::string text = content("a.tpu");
  const auto lines = std::count(text.begin(), text.end(), '\n');
  folder_.write("a.tpu", text + "matmull buffer=0x0 @0,0,0,0\n");
  const Ended ended = systol({"asm", "a.tpu", "-o", "a.bin"});
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_EQ(ended.err.rfind("systol: error: a.tpu:" + std::to_string(lines + 1) + ":1: ", 0), 0U)
      << ended.err;
  EXPECT_NE(ended.err.find("'matmul'"), std::string::npos) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(folder_.path("a.bin")));
}

TEST_F(Programs, ABinaryThatIsCutShortIsNamedWithItsPlace) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "a.tpu"}).status, kOk);
  ASSERT_EQ(systol({"asm", "a.tpu", "-o", "a.bin"}).status, kOk);
  const std::string whole = content("a.bin");
  for (std::size_t length = 9; length < whole.size(); length += whole.size() / 20) {
    folder_.write("cut.bin", whole.substr(0, length));
    const Ended ended = systol({"run", "cut.bin", "-c", "array.yaml"});
    EXPECT_EQ(ended.status, kWrongInput) << length;
    EXPECT_EQ(ended.err.rfind("systol: error: cut.bin: byte ", 0), 0U) << ended.err;
  }
}

TEST_F(Programs, WhatTheArrayCannotRunIsNamed) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "a.tpu"}).status, kOk);
  const Ended ended =
      systol({"run", "a.tpu", "-c", "array.yaml", "--set", "array.rows=2", "--engine", "systemc"});
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err.rfind("systol: error: a.tpu: command ", 0), 0U) << ended.err;
  EXPECT_NE(ended.err.find(": rows is 3; the array's number of rows is 2\n"), std::string::npos)
      << ended.err;
}

TEST_F(Programs, ADeadlockIsNamedAndNotWaitedFor) {
  std::string text = "program 4 int8\nnode 0 \"fc\"\nspace weights 64\nspace activations 0\n";
  for (int i = 0; i < 4; ++i) {
    text += "load_weights space=weights memory=0x0 rows=3 columns=5 @0,0,0,0\n";
  }
  for (int i = 0; i < 4; ++i) {
    text += "matmul buffer=0x0:1x3 depth=3 columns=5 accumulator=0 add=0 reuse=0 @0,0,0,0\n";
  }
  folder_.write("dead.tpu", text);
  for (const std::string engine : {"systemc", "fast"}) {
    EXPECT_EQ(systol({"run", "dead.tpu", "-c", "array.yaml", "--engine", engine, "--set",
                      "weight_fifo.tiles=1", "--set", "command_queue.depth=1"}),
              error(kWrongInput,
                    "dead.tpu: the program deadlocks at cycle 6: command 2 (load_weights "
                    "space=weights memory=0x0 rows=3 columns=5 @0,0,0,0) waits for a free slot in "
                    "the weight FIFO, command 3 (load_weights space=weights memory=0x0 rows=3 "
                    "columns=5 @0,0,0,0) waits for room in the queue of the weights unit"));
  }
}

TEST_F(Programs, OptionsThatNeedAModelAreNotIgnored) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "a.tpu"}).status, kOk);
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--json", "r.json"},
                                               {"--input", digits()},
                                               {"--limit", "3"},
                                               {"--show", "filters"}}) {
    EXPECT_EQ(systol({"run", "a.tpu", "-c", "array.yaml", more[0], more[1]}),
              error(kWrongInput, "a.tpu: " + more[0] + " needs a model, and this is a program"));
  }
}

}  // namespace
}  // namespace systol::test
