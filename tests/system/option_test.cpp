// The command line itself.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Options : public ProgramTest {
 protected:
  Ended run_with(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"run", "net.yaml", "-c", "array.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return systol(arguments);
  }
};

TEST_F(Options, VersionAndHelpSucceed) {
  const Ended version = systol({"--version"});
  EXPECT_EQ(version.status, kOk);
  EXPECT_EQ(version.out.rfind("systol ", 0), 0U);
  EXPECT_EQ(systol({"-V"}), version);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"run", "--help"},
                                                    {"compare", "--help"},
                                                    {"config", "check", "--help"},
                                                    {"rtl", "build", "--help"},
                                                    {"compile", "--help"}}) {
    const Ended help = systol(arguments);
    EXPECT_EQ(help.status, kOk);
    EXPECT_EQ(help.err, "");
    EXPECT_NE(help.out.find("Usage: "), std::string::npos) << help.out;
  }
}

TEST_F(Options, TheCommandHelpExplainsACommand) {
  EXPECT_EQ(systol({"help", "run"}), systol({"run", "--help"}));
  EXPECT_EQ(systol({"help", "rtl", "build"}), systol({"rtl", "build", "--help"}));
  EXPECT_NE(systol({"help"}).out.find("Usage: systol [OPTIONS] SUBCOMMAND"), std::string::npos);
  EXPECT_EQ(
      systol({"help", "config", "chek"}),
      error(kWrongInput, "unknown command 'chek' (did you mean 'check'?); there are check, show"));
  EXPECT_EQ(systol({"help", "run", "fast"}),
            error(kWrongInput, "unknown command 'fast'; 'run' has none"));
}

TEST_F(Options, EveryOptionOfRunHasAnExampleInItsHelp) {
  const std::string help = systol({"run", "--help"}).out;
  for (const std::string option : {"--input",        "--labels",
                                   "--limit",        "--batch",
                                   "--engine",       "--set",
                                   "--json",         "--wave",
                                   "--wave-from",    "--wave-to",
                                   "--wave-scope",   "--inject-fault",
                                   "--resize",       "--input-scale",
                                   "--input-offset", "--show",
                                   "--outputs",      "--predictions",
                                   "--class-names",  "--save-tensors",
                                   "--calibration",  "--export-quantised",
                                   "--percentile"}) {
    // Once as the option, once in its example.
    const std::size_t first = help.find("  " + option + " ");
    ASSERT_NE(first, std::string::npos) << option;
    EXPECT_NE(help.find(option + " ", first + option.size() + 2), std::string::npos) << option;
  }
}

TEST_F(Options, WithoutACommandTheProgramAsksForOne) {
  EXPECT_EQ(systol({}), error(kWrongInput, "A subcommand is required (see --help)"));
  EXPECT_EQ(systol({"config"}), error(kWrongInput, "A subcommand is required (see --help)"));
}

TEST_F(Options, AnUnknownCommandIsNamedWithThoseThatThereAre) {
  EXPECT_EQ(systol({"runn", "net.yaml"}),
            error(kWrongInput,
                  "unknown command 'runn' (did you mean 'run'?); there are run, compare, sweep, "
                  "train, generate, describe, explain, idle, "
                  "validate, check, config, asm, disasm, compile, rtl, fuzz, help, completion (see "
                  "--help)"));
  EXPECT_EQ(systol({"config", "print"}),
            error(kWrongInput, "unknown command 'print'; there are check, show (see --help)"));
}

TEST_F(Options, EmptyOnesAreNotIgnored) {
  write_array();
  write_workload();
  for (const std::string option :
       {"--resize", "--input-scale", "--inject-fault", "--wave", "--json", "--engine", "--timeline",
        "--show", "--set", "--report-as", "--estimate", "--input", "--wave-scope"}) {
    EXPECT_EQ(run_with({option, ""}),
              error(kWrongInput, "the argument after '" + option + "' is empty"));
    EXPECT_EQ(run_with({option + "="}), error(kWrongInput, option + " has an empty value"));
  }
  EXPECT_EQ(systol({"run", ""}), error(kWrongInput, "the argument after 'run' is empty"));
}

TEST_F(Options, NegativeNumbersDoNotWrapAround) {
  const std::string allowed = "', allowed: whole numbers from 0 to 18446744073709551615";
  for (const std::string option : {"--wave-from", "--wave-to"}) {
    for (const std::string value : {"-1", "18446744073709551616", "1.5"}) {
      EXPECT_EQ(run_with({option + "=" + value}),
                error(kWrongInput, option + ": found '" + value + allowed + " (see --help)"));
    }
  }
  EXPECT_EQ(systol({"fuzz", "--seed=-1"}),
            error(kWrongInput, "--seed: found '-1" + allowed + " (see --help)"));
  EXPECT_EQ(systol({"fuzz", "--cases=-1"}),
            error(kWrongInput, "--cases: Value -1 not in range 1 to 1000000000 (see --help)"));
}

TEST_F(Options, OutputsMustNotTakeInputsOrOneAnothersPlace) {
  write_array();
  write_workload();
  const std::string before = content("net.yaml");
  EXPECT_EQ(run_with({"--json", "net.yaml"}),
            error(kWrongInput, "--json net.yaml: that is the file of MODEL, which would be lost"));
  EXPECT_EQ(run_with({"--timeline", "./array.yaml"}),
            error(kWrongInput,
                  "--timeline ./array.yaml: that is the file of --config, which would be lost"));
  EXPECT_EQ(run_with({"--json", "a", "--timeline", "./a"}),
            error(kWrongInput, "--timeline ./a: --json writes the same file"));
  EXPECT_EQ(run_with({"--json", "-", "--timeline", "-"}),
            error(kWrongInput,
                  "--json and --timeline both want standard output: give one of them a file"));
  EXPECT_EQ(
      systol({"compare", "8", "-c", "array.yaml", "--json", "-", "--csv", "-"}),
      error(kWrongInput, "--csv and --json both want standard output: give one of them a file"));
  EXPECT_EQ(
      systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "net.yaml"}),
      error(kWrongInput, "--output net.yaml: that is the file of MODEL, which would be lost"));
  folder_.write("p.tpu", "program 4 int8\n");
  EXPECT_EQ(systol({"disasm", "p.tpu", "-o", "p.tpu"}),
            error(kWrongInput, "--output p.tpu: that is the file of BINARY, which would be lost"));
  EXPECT_EQ(content("net.yaml"), before);
  EXPECT_EQ(files(), (std::vector<std::string>{"array.yaml", "net.yaml", "p.tpu"}));
}

TEST_F(Options, OutputsMustNotTakeThePlaceOfWhatAnInputReads) {
  write_array("base.yaml");
  folder_.write("energy.yaml", "extends: " + config("energy/45nm.yaml") + "\n");
  folder_.write("array.yaml", "extends: base.yaml\nenergy: energy.yaml\n");
  write_workload("first.yaml");
  folder_.write("net.yaml", "extends: first.yaml\n");
  const auto lost = [this](const std::string& output, const std::string& what) {
    const std::string problem = output + ": that is the file of " + what + ", which would be lost";
    const std::string before = content(output);
    EXPECT_EQ(run_with({"--json", output}), error(kWrongInput, "--json " + problem));
    EXPECT_EQ(systol({"compare", "8", "net.yaml", "-c", "array.yaml", "--csv", output}).err,
              what.starts_with("MODEL")
                  ? "systol: error: --csv " + output +
                        ": that is the file of MODELS (extends), which would be lost\n"
                  : "systol: error: --csv " + problem + "\n");
    EXPECT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", output}),
              error(kWrongInput, "--output " + problem));
    EXPECT_EQ(content(output), before);
  };
  lost("base.yaml", "--config (extends)");
  lost("energy.yaml", "--config (energy)");
  lost("first.yaml", "MODEL (extends)");
}

TEST_F(Options, MissingOnesAreNamed) {
  EXPECT_EQ(systol({"run"}), error(kWrongInput, "MODEL is required (see --help)"));
  EXPECT_EQ(systol({"run", "net.yaml"}), error(kWrongInput, "--config is required (see --help)"));
  EXPECT_EQ(systol({"compare", "64"}), error(kWrongInput, "--config is required (see --help)"));
  EXPECT_EQ(systol({"asm"}), error(kWrongInput, "TEXT is required (see --help)"));
}

TEST_F(Options, UnknownOnesAreNamedWithTheNearest) {
  EXPECT_EQ(run_with({"--nope"}), error(kWrongInput, "unknown option '--nope' (see --help)"));
  EXPECT_EQ(run_with({"--engin", "fast"}),
            error(kWrongInput, "unknown option '--engin' (did you mean '--engine'?) (see --help)"));
  EXPECT_EQ(
      systol({"--versoin"}),
      error(kWrongInput, "unknown option '--versoin' (did you mean '--version'?) (see --help)"));
}

TEST_F(Options, NumbersOutOfRangeAreNamed) {
  for (const std::string option : {"--limit", "--batch"}) {
    for (const std::string value : {"0", "-1", "1000001", "x", "1.5"}) {
      EXPECT_EQ(run_with({option + "=" + value}),
                error(kWrongInput,
                      option + ": Value " + value + " not in range 1 to 1000000 (see --help)"));
    }
  }
}

TEST_F(Options, AnUnknownEngineIsAnsweredWithThoseThatAre) {
  EXPECT_EQ(run_with({"--engine", "spice"}),
            error(kWrongInput, "--engine: spice not in {fast,rtl,systemc} (see --help)"));
}

TEST_F(Options, ValuesOfAnotherFormAreNamed) {
  write_array();
  write_workload();
  EXPECT_EQ(run_with({"--inject-fault", "3,5"}),
            error(kWrongInput,
                  "--inject-fault '3,5': expected pe:ROW,COLUMN or pe:ROW,COLUMN:BIT "
                  "with a bit from 0 to 31, as pe:3,5"));
  EXPECT_EQ(run_with({"--resize", "16"}),
            error(kWrongInput, "--resize '16': expected HEIGHTxWIDTH in pixels, as 16x16"));
  EXPECT_EQ(run_with({"--set", "array.rows"}),
            error(kWrongInput, "--set array.rows: expected key.path=value, such as array.rows=64"));
  EXPECT_EQ(run_with({"--set", "array.rows=0"}),
            error(kWrongInput, "--set array.rows=0: array.rows: found '0', allowed: 1 to 1024"));
  EXPECT_EQ(run_with({"--show", "weights"}),
            error(kWrongInput, "--show 'weights': expected filters or filters=FILE"));
}

TEST_F(Options, OfAWaveNeedAWave) {
  write_array();
  write_workload();
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--wave-from", "3"}, {"--wave-to", "3"}, {"--wave-scope", "pe"}}) {
    EXPECT_EQ(run_with(more),
              error(kWrongInput,
                    "--wave-from, --wave-to, --wave-layer and --wave-scope need --wave FILE"));
  }
  EXPECT_EQ(run_with({"--wave", "a.fst", "--wave-from", "5", "--wave-to", "5"}),
            error(kWrongInput, "--wave-from 5 --wave-to 5: the window is empty"));
  for (const std::string engine : {"systemc", "rtl"}) {
    EXPECT_EQ(run_with({"--engine", engine, "--set", "array.rows=2", "--wave", "a.txt"}),
              error(kWrongInput, "the waveform 'a.txt' must be named .fst or .vcd"))
        << "before any RTL is built";
  }
  EXPECT_EQ(run_with({"--engine", "rtl", "--set", "array.rows=2", "--wave", "a.fst", "--wave-scope",
                      "alu"}),
            error(kWrongInput,
                  "--wave-scope: unknown wave scope 'alu'; allowed are ports, pe, pe:R,C, "
                  "pe:R0-R1,C0-C1, commands, accumulators, all"));
  EXPECT_EQ(files(), (std::vector<std::string>{"array.yaml", "net.yaml"}));
}

TEST_F(Options, LabelsNeedImages) {
  write_array();
  write_workload();
  EXPECT_EQ(run_with({"--labels", labels()}),
            error(kWrongInput, "--labels needs --input: synthetic inputs have no labels"));
}

TEST_F(Options, TheFastEngineHasNoClock) {
  write_array();
  write_workload();
  EXPECT_EQ(run_with({"--engine", "fast", "--wave", "a.fst"}),
            error(kWrongInput,
                  "--engine fast has no clock: --wave needs --wave-layer, or --engine rtl or "
                  "systemc; --inject-fault needs one of these"));
}

TEST_F(Options, FiltersOfADeepNetworkAreRefusedBeforeItRuns) {
  write_array();
  write_workload();
  EXPECT_EQ(
      run_with({"--show", "filters"}),
      error(kWrongInput, "net.yaml: filters are drawn of one matmul's weights; it has 2 matmuls"));
}

}  // namespace
}  // namespace systol::test
