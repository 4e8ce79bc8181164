// Outputs that cannot be written: one sentence, no crash, no part of a file.
#include <csignal>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class Disk : public ProgramTest {
 protected:
  Disk() {
    write_array();
    write_workload();
    before_ = files();
  }

  /// `systol run` of the small network, with more options.
  std::vector<std::string> run(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"run",      "net.yaml", "-c",      "array.yaml",
                                       "--engine", "systemc",  "--limit", "20"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  static std::string said(const std::string& message) { return "systol: error: " + message + "\n"; }

  std::vector<std::string> before_;
};

TEST_F(Disk, AFolderThatDoesNotExistIsNamedForEveryOutput) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> outputs = {
      {"none/a.json", run({"--json", "none/a.json"})},
      {"none/t.json", run({"--timeline", "none/t.json"})},
      {"none/a.fst", run({"--wave", "none/a.fst"})},
      {"none/r.csv", run({"--report-as", "scale-sim=none/r.csv"})},
      {"none/a.png",
       {"run", model("mnist_linear_softmax"), "-c", "array.yaml", "--show", "filters=none/a.png"}},
      {"none/a.csv", {"compare", "8", "-c", "array.yaml", "--csv", "none/a.csv"}},
      {"none/b.json", {"compare", "8", "-c", "array.yaml", "--json", "none/b.json"}},
      {"none/a.tpu", {"compile", "net.yaml", "-c", "array.yaml", "-o", "none/a.tpu"}},
  };
  for (const auto& [path, arguments] : outputs) {
    EXPECT_EQ(systol(arguments),
              error(kWrongEnvironment, path + ": cannot write: No such file or directory"))
        << "before anything runs";
  }
  EXPECT_EQ(files(), before_);
}

TEST_F(Disk, AFolderInAnOutputsPlaceIsNamed) {
  std::filesystem::create_directory(folder_.path("a.fst"));
  for (const std::string option : {"--json", "--timeline", "--wave"}) {
    EXPECT_EQ(systol(run({option, "a.fst"})),
              error(kWrongEnvironment, "a.fst: cannot write: Is a directory"));
  }
}

TEST_F(Disk, AnInterruptedRunLeavesNoFilesBehind) {
  folder_.write("big.yaml",
                "name: big\ninput: {shape: [2000]}\nlayers:\n  - dense: {units: 2000}\n");
  before_ = files();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Setting setting;
    setting.signal = signal;
    setting.signal_when_there_is = "w.vcd.";
    const Ended ended = systol({"run", "big.yaml", "-c", "array.yaml", "--engine", "systemc",
                                "--no-check", "--wave", "w.vcd", "--wave-scope", "ports"},
                               setting);
    EXPECT_EQ(ended.status, 128 + signal);
    EXPECT_EQ(files(), before_) << signal;
  }
}

TEST_F(Disk, AFullDiskIsNamed) {
  const Ended ended = systol(run({"--json", "/dev/full"}));
  EXPECT_EQ(ended.status, kWrongEnvironment);
  EXPECT_EQ(ended.err, said("/dev/full: cannot write: No space left on device"));
}

TEST_F(Disk, AFileThatDoesNotFitLeavesNothingBehind) {
  Setting small;
  small.stdout_to = "/dev/null";
  small.largest_file = 1'000;
  for (const std::vector<std::string>& arguments :
       {run({"--json", "out"}),
        {"compile", "net.yaml", "-c", "array.yaml", "-o", "out"},
        {"compare", "8", "9", "10", "11", "12", "13", "14", "15", "-c", "array.yaml", "--csv",
         "out"}}) {
    const Ended ended = systol(arguments, small);
    EXPECT_EQ(ended.status, kWrongEnvironment) << arguments[0];
    EXPECT_EQ(ended.err, said("out: cannot write: File too large")) << arguments[0];
    EXPECT_EQ(files(), before_) << arguments[0];
  }
}

TEST_F(Disk, AWaveThatDoesNotFitLeavesNothingBehind) {
  Setting small;
  small.stdout_to = "/dev/null";
  // The FST library has temporary files of its own, whose sizes have the limit, too.
  for (const std::uint64_t largest : {100U, 500U, 1'000U, 2'000U}) {
    small.largest_file = largest;
    for (const std::string name : {"w.vcd", "w.fst"}) {
      const Ended ended = systol(run({"--wave", name, "--wave-scope", "all"}), small);
      EXPECT_EQ(ended.status, kWrongEnvironment) << name << ", " << largest << " bytes";
      EXPECT_EQ(ended.err, said(name + ": cannot write: File too large"));
      EXPECT_EQ(files(), before_) << name;
    }
  }
}

TEST_F(Disk, AnOlderReportSurvivesAFailedOne) {
  folder_.write("old.json", "what was here");
  Setting small;
  small.stdout_to = "/dev/null";
  small.largest_file = 1'000;
  EXPECT_EQ(systol(run({"--json", "old.json"}), small).status, kWrongEnvironment);
  EXPECT_EQ(content("old.json"), "what was here");
}

TEST_F(Disk, StandardOutputOnAFullDiskIsNamedWhateverIsWrittenToIt) {
  ASSERT_EQ(
      systol({"compile", "net.yaml", "-c", "array.yaml", "--batch", "9", "-o", "net.tpu"}).status,
      kOk);
  Setting full;
  full.stdout_to = "/dev/full";
  // Short and long texts: the one fails when it is flushed, the other while it is written.
  const std::vector<std::vector<std::string>> commands = {
      run({}),
      run({"--json", "-"}),
      {"run", "net.tpu", "-c", "array.yaml", "--engine", "systemc"},
      {"compile", "net.yaml", "-c", "array.yaml"},
      {"disasm", "net.tpu"},
      {"config", "show", "array.yaml"},
      {"compare", "8",  "9",  "10", "11", "12", "13", "14", "15", "16", "17", "18",
       "19",      "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30",
       "31",      "32", "33", "34", "35", "36", "37", "38", "39", "40", "-c", "array.yaml"},
      {"run", "--help"},
      {"--version"}};
  for (const std::vector<std::string>& arguments : commands) {
    const Ended ended = systol(arguments, full);
    EXPECT_EQ(ended.status, kWrongEnvironment) << arguments[0];
    EXPECT_EQ(ended.err.rfind("systol: error: standard output", 0), 0U)
        << arguments[0] << ": " << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  }
}

TEST_F(Disk, ACacheThatCannotBeUsedIsNamed) {
  Setting setting;
  setting.environment = {"SYSTOL_CACHE=" + folder_.path("net.yaml").string() + "/cache"};
  // A size that is not built with the project.
  const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "rtl"}, setting);
  EXPECT_EQ(ended.status, kWrongEnvironment);
  EXPECT_EQ(ended.err, said("cannot use the cache " + folder_.path("net.yaml").string() +
                            "/cache: Not a directory; set SYSTOL_CACHE to another folder"));
}

}  // namespace
}  // namespace systol::test
