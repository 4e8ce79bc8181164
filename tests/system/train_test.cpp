// Training as a whole: what is learned, stopped, resumed, exported and refused.
#include <algorithm>
#include <csignal>

#include "tests/system/program.h"

namespace systol::test {
namespace {

const std::string kTraining = SYSTOL_SOURCE_DIR "/configs/training/";

class TrainRun : public ProgramTest {
 protected:
  TrainRun() {
    write_array();
    folder_.write("floats.yaml", "extends: array.yaml\nname: floats\narray: {pe: bf16}\n");
  }

  /// An example of configs/training, with its data and labels or targets.
  static std::vector<std::string> words(const std::string& name, const std::string& wanted,
                                        const std::vector<std::string>& more) {
    std::vector<std::string> words{"train",       kTraining + name + ".yaml",
                                   "-c",          "floats.yaml",
                                   "--data",      kTraining + name + ".csv",
                                   "--" + wanted, kTraining + name + "-" + wanted + ".csv",
                                   "--json",      "out.json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  nlohmann::json last_epoch() const { return json("out.json")["runs"][0]["epochs"].back(); }
  void expect_refused(const std::vector<std::string>& more, const std::string& message) const {
    EXPECT_EQ(systol(words("xor", "labels", more)), error(kWrongInput, message));
  }
};

TEST_F(TrainRun, LearnsWhatTheExamplesAre) {
  ASSERT_EQ(systol(words("xor", "labels",
                         {"--learning-rate", "1", "--epochs", "500", "--batch", "4", "--export",
                          "xor.onnx"}))
                .status,
            kOk);
  EXPECT_EQ(last_epoch()["accuracy"], 1.0);
  ASSERT_EQ(systol({"run", "xor.onnx", "-c", "array.yaml", "--input", kTraining + "xor.csv",
                    "--labels", kTraining + "xor-labels.csv", "--json", "run.json"})
                .status,
            kOk);
  EXPECT_EQ(json("run.json")["accuracy"]["quantised"], 1.0) << "one output, which says yes or no";
  ASSERT_EQ(systol(words("adder", "targets", {"--learning-rate", "0.1", "--epochs", "40"})).status,
            kOk);
  EXPECT_LT(last_epoch()["loss"], 1e-10);
  ASSERT_EQ(systol(words("line", "targets", {"--learning-rate", "0.1", "--epochs", "40"})).status,
            kOk);
  EXPECT_LT(last_epoch()["loss"], 1e-10);
  ASSERT_EQ(systol(words("perceptron", "labels",
                         {"--learning-rate", "1", "--epochs", "200", "--batch", "8"}))
                .status,
            kOk);
  EXPECT_EQ(last_epoch()["accuracy"], 1.0);
}

TEST_F(TrainRun, ExportsTheSigmoidThatCrossEntropyTookAnOutputToHave) {
  folder_.write("bare.yaml",
                "name: bare\ninput: {shape: [2], range: [0, 1]}\nlayers:\n  - dense: {units: 1}\n");
  const std::string samples = kTraining + "perceptron.csv";
  const std::string labels = kTraining + "perceptron-labels.csv";
  ASSERT_EQ(
      systol({"train", "bare.yaml", "-c", "floats.yaml", "--data", samples, "--labels", labels,
              "--learning-rate", "1", "--epochs", "200", "--batch", "8", "--export", "bare.onnx"})
          .status,
      kOk);
  ASSERT_EQ(systol({"run", "bare.onnx", "-c", "array.yaml", "--input", samples, "--labels", labels,
                    "--json", "run.json"})
                .status,
            kOk);
  EXPECT_EQ(json("run.json")["accuracy"]["quantised"], 1.0) << "above one half, not above 0";
}

TEST_F(TrainRun, AGivenPerceptronFiresAboveItsThreshold) {
  // 7 * 0.5 + 3 * 0.4 = 4.7 and 7 * 0.5 + 3 * 0.6 = 5.3 beside 5
  folder_.write("in.csv", "0.5,0.4\n0.5,0.6\n");
  ASSERT_EQ(systol({"run", kTraining + "perceptron-given.yaml", "-c", "array.yaml", "--input",
                    "in.csv", "--outputs", "out.csv"})
                .status,
            kOk);
  std::istringstream lines(content("out.csv"));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  EXPECT_LT(std::stof(line), 0.5);
  std::getline(lines, line);
  EXPECT_GT(std::stof(line), 0.5);
}

TEST_F(TrainRun, OfDigitsIsExportedAndRunsInInt8) {
  const std::string digits = SYSTOL_SOURCE_DIR "/configs/digits/t10k-1000-";
  ASSERT_EQ(systol({"train", kTraining + "mnist-linear.yaml", "-c", "floats.yaml", "--data",
                    digits + "images.idx3-ubyte.gz", "--labels", digits + "labels.idx1-ubyte.gz",
                    "--epochs", "4", "--batch", "10", "--learning-rate", "0.1", "--export",
                    "digits.onnx"})
                .status,
            kOk);
  ASSERT_EQ(
      systol({"run", "digits.onnx", "-c", "array.yaml", "--input", digits + "images.idx3-ubyte.gz",
              "--labels", digits + "labels.idx1-ubyte.gz", "--json", "run.json"})
          .status,
      kOk);
  EXPECT_GT(json("run.json")["accuracy"]["quantised"], 0.9);
}

/// What it multiplied, an array of adders could not run.
TEST_F(TrainRun, OfDistancesIsExportedAndRunsOnAdders) {
  const std::string digits = SYSTOL_SOURCE_DIR "/configs/digits/t10k-1000-";
  const Ended trained = systol({"train",
                                kTraining + "mnist-adder.yaml",
                                "-c",
                                "floats.yaml",
                                "--data",
                                digits + "images.idx3-ubyte.gz",
                                "--labels",
                                digits + "labels.idx1-ubyte.gz",
                                "--epochs",
                                "4",
                                "--batch",
                                "10",
                                "--momentum",
                                "0.9",
                                "--learning-rate",
                                "0.02",
                                "--schedule",
                                "cosine",
                                "--export",
                                "l1.onnx"});
  ASSERT_EQ(trained.status, kOk) << trained.err;
  const Ended run = systol({"run", "l1.onnx", "-c", "array.yaml", "--set", "array.pe=adder",
                            "--input", digits + "images.idx3-ubyte.gz", "--labels",
                            digits + "labels.idx1-ubyte.gz", "--json", "run.json"});
  ASSERT_EQ(run.status, kOk) << run.err;
  const nlohmann::json accuracy = json("run.json")["accuracy"];
  EXPECT_GT(accuracy["float"], 0.9) << "one of ten by chance";
  EXPECT_NEAR(accuracy["quantised"].get<double>(), accuracy["float"].get<double>(), 0.01);
  EXPECT_EQ(systol({"run", "l1.onnx", "-c", "array.yaml"}).status, kWrongInput);
}

/// The exported weights are two numbers for each output, so that one bit loses none of them, and
/// signs are exact.
TEST_F(TrainRun, OfBinaryWeightsLosesNothingOnABinaryArray) {
  const std::string digits = SYSTOL_SOURCE_DIR "/configs/digits/t10k-1000-";
  const Ended trained =
      systol({"train", kTraining + "mnist-binary.yaml", "-c", config("edge_16x16_bf16.yaml"),
              "--data", digits + "images.idx3-ubyte.gz", "--labels",
              digits + "labels.idx1-ubyte.gz", "--epochs", "4", "--batch", "40", "--optimiser",
              "adam", "--learning-rate", "0.005", "--export", "binary.onnx"});
  ASSERT_EQ(trained.status, kOk) << trained.err;
  const Ended run =
      systol({"run", "binary.onnx", "-c", config("edge_16x16.yaml"), "--set", "array.pe=binary",
              "--input", digits + "images.idx3-ubyte.gz", "--labels",
              digits + "labels.idx1-ubyte.gz", "--limit", "500", "--json", "run.json"});
  ASSERT_EQ(run.status, kOk) << run.err;
  const nlohmann::json accuracy = json("run.json")["accuracy"];
  EXPECT_GT(accuracy["quantised"], 0.8);
  EXPECT_NEAR(accuracy["quantised"].get<double>(), accuracy["float"].get<double>(), 0.01);
}

TEST_F(TrainRun, KilledAtAnyMomentGoesOnToTheSameBits) {
  const std::vector<std::string> more{"--learning-rate",    "0.5", "--epochs", "600",
                                      "--momentum",         "0.5", "--batch",  "3",
                                      "--checkpoint-every", "1"};
  std::vector<std::string> whole = more;
  whole.insert(whole.end(), {"--checkpoint", "whole.checkpoint"});
  ASSERT_EQ(systol(words("xor", "labels", whole)).status, kOk);
  std::vector<std::string> stopped = more;
  stopped.insert(stopped.end(), {"--checkpoint", "stopped.checkpoint"});
  Setting kill;
  kill.signal = SIGKILL;
  kill.signal_when_there_is = "stopped.checkpoint";
  ASSERT_EQ(systol(words("xor", "labels", stopped), kill).status, 128 + SIGKILL);
  ASSERT_NE(content("stopped.checkpoint"), content("whole.checkpoint"));
  stopped.emplace_back("--resume");
  const Ended ended = systol(words("xor", "labels", stopped));
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("stopped.checkpoint"), content("whole.checkpoint"));
}

/// A generator of 4 x 4 pixels: what it makes is a picture, and its int8 makes one, too.
class Contest : public TrainRun {
 protected:
  Contest() {
    folder_.write(
        "generator.yaml",
        "name: gen\ninput: {shape: [3]}\nlayers:\n  - dense: {units: 8, activation: relu, "
        "name: g}\n  - reshape: {shape: [2, 2, 2]}\n  - conv_transpose: {filters: 1, "
        "kernel: 4, stride: 2, padding: 1, activation: sigmoid, name: paint}\n");
    folder_.write("judge.yaml",
                  "name: judge\ninput: {shape: [16]}\nlayers:\n  - dense: {units: 4, activation: "
                  "relu, name: d}\n  - dense: {units: 1, activation: sigmoid, name: say}\n");
    std::string rows;
    for (int i = 0; i < 10; ++i) {
      rows += "0,0,0,0,1,1,1,1,0,0,0,0,1,1,1,1\n";
    }
    folder_.write("stripes.csv", rows);
  }
  static std::vector<std::string> contest(const std::vector<std::string>& more) {
    std::vector<std::string> words{"train",
                                   "generator.yaml",
                                   "--adversary",
                                   "judge.yaml",
                                   "--data",
                                   "stripes.csv",
                                   "-c",
                                   "floats.yaml",
                                   "--batch",
                                   "4",
                                   "--learning-rate",
                                   "0.01",
                                   "--optimiser",
                                   "adam",
                                   "--beta1",
                                   "0.5"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(Contest, MakesPicturesThatInt8MakesToo) {
  const Ended ended =
      systol(contest({"--epochs", "3", "--samples", "made.png", "--report", "made.html", "--json",
                      "made.json", "--export", "made.onnx"}));
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("made.png").substr(1, 3), "PNG");
  EXPECT_NE(content("made.html").find("data:image/png;base64,iVBORw0KGgo"), std::string::npos);
  const nlohmann::json made = json("made.json");
  EXPECT_EQ(made["runs"][0]["step_losses"].size(), 9U);
  EXPECT_EQ(made["adversary"]["runs"][0]["step_losses"].size(), 9U);
  EXPECT_GT(made["runs"][0]["step_cycles"][0], 0);
  EXPECT_GT(made["adversary"]["runs"][0]["step_cycles"][0], 0);
  ASSERT_EQ(systol({"run", "made.onnx", "-c", "array.yaml", "--outputs", "int8.png"}).status, kOk);
  EXPECT_EQ(content("int8.png").substr(1, 3), "PNG");
}

TEST_F(Contest, GoesOnFromACheckpoint) {
  ASSERT_EQ(systol(contest({"--epochs", "4", "--checkpoint", "whole.checkpoint"})).status, kOk);
  ASSERT_EQ(systol(contest({"--epochs", "2", "--checkpoint", "part.checkpoint"})).status, kOk);
  ASSERT_EQ(
      systol(contest({"--epochs", "4", "--checkpoint", "part.checkpoint", "--resume"})).status,
      kOk);
  EXPECT_EQ(content("part.checkpoint"), content("whole.checkpoint"));
}

TEST_F(Contest, RefusesWhatDoesNotGoWithIt) {
  const auto refuses = [&](const std::vector<std::string>& more, const std::string& message) {
    EXPECT_EQ(systol(contest(more)), error(kWrongInput, message));
  };
  refuses({"--labels", "stripes.csv"},
          "--adversary takes no --labels, --targets or --test: --data FILE is all");
  refuses({"--fixed", "g.bias"}, "--adversary needs one --learning-rate, and no --fixed");
  refuses({"--samples", "made.jpg"}, "--samples made.jpg: allowed: a name that ends in .png");
  expect_refused({"--samples", "made.png"}, "--samples needs --adversary FILE");
  expect_refused({"--beta1", "0.5"}, "--beta1 needs --optimiser adam");
}

TEST_F(TrainRun, OfTheCopyTaskSaysWhatLongerSequencesCopy) {
  folder_.write("copy.yaml",
                "name: copy\nvariables: {length: 2, steps: 5}\ninput: {shape: [$steps, 3]}\n"
                "layers:\n  - ntm: {units: 2, controller: 8, slots: 4, width: 4, answers: $length, "
                "name: m}\n  - activation: {activation: sigmoid}\n");
  const std::vector<std::string> copy{"train", "copy.yaml", "-c", "floats.yaml", "--copy-task"};
  std::vector<std::string> learns = copy;
  learns.insert(learns.end(),
                {"40", "--batch", "10", "--json", "out.json", "--report", "out.html"});
  const Ended ended = systol(learns);
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const nlohmann::json recall = json("out.json")["recall"];
  ASSERT_EQ(recall.size(), 4U);
  EXPECT_EQ(recall[0]["length"], 2);
  EXPECT_EQ(recall[0]["bits"], 200 * 2 * 2);
  EXPECT_EQ(recall[3]["length"], 8);
  EXPECT_NE(content("out.html").find("data:image/png;base64,iVBORw0KGgo"), std::string::npos);

  std::vector<std::string> wrong = copy;
  wrong.insert(wrong.end(), {"40", "--limit", "3"});
  EXPECT_EQ(systol(wrong),
            error(kWrongInput,
                  "--copy-task makes its samples: --data, --labels, --targets, --test, --limit, "
                  "--text and --adversary do not go with it"));
  expect_refused({"--copy-task", "3"},
                 "--copy-task makes its samples: --data, --labels, --targets, --test, --limit, "
                 "--text and --adversary do not go with it");
  EXPECT_EQ(
      systol({"train", kTraining + "xor.yaml", "-c", "floats.yaml", "--copy-task", "4"}).status,
      kWrongInput);
}

TEST_F(TrainRun, ThatDivergesKeepsItsCheckpoint) {
  const Ended ended = systol(
      words("adder", "targets",
            {"--learning-rate", "1e30", "--epochs", "9", "--checkpoint", "adder.checkpoint"}));
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_NE(ended.err.find("adder.yaml: step 2 (epoch 1): "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("'neuron"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("adder.checkpoint holds step 0\n"), std::string::npos) << ended.err;
  EXPECT_NE(content("adder.checkpoint"), "");
}

TEST_F(TrainRun, SaysWhatItsMatmulsTakeOnTheArray) {
  const Ended ended =
      systol(words("xor", "labels", {"--learning-rate", "1", "--epochs", "5", "--batch", "3"}));
  ASSERT_EQ(ended.status, kOk);
  const nlohmann::json run = json("out.json")["runs"][0];
  const nlohmann::json& cost = run["cost"];
  // 4 samples in batches of 3: five steps of 3 samples, five of one
  ASSERT_EQ(cost["steps"].size(), 2U);
  EXPECT_EQ(cost["steps"][0]["samples"], 3);
  EXPECT_EQ(cost["steps"][0]["count"], 5);
  EXPECT_EQ(cost["steps"][1]["samples"], 1);
  // 2-4-1: forward 8 and 4 products for each sample, backward 4, 4 and 8
  EXPECT_EQ(cost["macs"], 28 * 4 * 5);
  std::uint64_t of_steps = 0;
  ASSERT_EQ(run["step_cycles"].size(), 10U);
  for (const auto& cycles : run["step_cycles"]) {
    of_steps += cycles.get<std::uint64_t>();
  }
  EXPECT_EQ(cost["cycles"], of_steps);
  std::uint64_t of_layers = 0;
  for (const auto& layer : cost["layers"]) {
    of_layers += layer["all"]["cycles"].get<std::uint64_t>();
  }
  EXPECT_EQ(cost["cycles"], of_layers);
  double energy = 0;
  for (const auto& of_step : run["step_energy_pj"]) {
    energy += of_step.get<double>();
  }
  EXPECT_GT(energy, 0.0);
  EXPECT_NEAR(cost["energy_pj"].get<double>() / energy, 1.0, 1e-12);
  EXPECT_EQ(cost["seconds"], static_cast<double>(of_steps) / 1e9);
  EXPECT_NE(ended.out.find("10 steps on the array: "), std::string::npos) << ended.out;
}

TEST_F(TrainRun, OfSeveralRatesGoesOnWhereOneDiverges) {
  const Ended ended =
      systol(words("adder", "targets",
                   {"--learning-rate", "0.1,1e30,0.2", "--epochs", "4", "--report", "rates.html"}));
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_NE(ended.err.find("1 of 3 learning rates diverged, the first of them 1e+30: "),
            std::string::npos)
      << ended.err;
  EXPECT_NE(ended.out.find("\ndiverged: "), std::string::npos);
  const nlohmann::json runs = json("out.json")["runs"];
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0]["diverged"], nullptr);
  EXPECT_NE(runs[1]["diverged"], nullptr);
  EXPECT_EQ(runs[2]["epochs"].size(), 4U);
  EXPECT_NE(content("rates.html").find("--learning-rate 0.1,1e30,0.2"), std::string::npos);
}

TEST_F(TrainRun, RefusesWhatCannotBe) {
  EXPECT_EQ(systol({"train", kTraining + "xor.yaml", "-c", "array.yaml", "--data",
                    kTraining + "xor.csv", "--labels", kTraining + "xor-labels.csv"}),
            error(kWrongInput,
                  "array.yaml: its PEs are of the type 'int8'; allowed for training: an array with "
                  "'pe: bf16', such as configs/edge_16x16_bf16.yaml, or --set array.pe=bf16"));
  expect_refused({"--learning-rate", "0"},
                 "--learning-rate 0: allowed is a number above 0 that float32 holds, such as 0.01");
  expect_refused(
      {"--learning-rate", "inf"},
      "--learning-rate inf: allowed is a number above 0 that float32 holds, such as 0.01");
  expect_refused(
      {"--label", "x\xff"},
      "--label 'x\\xff': allowed is UTF-8 of at most 100 bytes without control characters");
  folder_.write("two.csv", "0\n1\n");
  EXPECT_EQ(systol({"train", kTraining + "xor.yaml", "-c", "floats.yaml", "--data",
                    kTraining + "xor.csv", "--labels", "two.csv"}),
            error(kWrongInput, "two.csv: it holds 2 labels, but there are 4 samples"));
  folder_.write("three.csv", "0\n1\n2\n0\n");
  EXPECT_EQ(
      systol({"train", kTraining + "xor.yaml", "-c", "floats.yaml", "--data", kTraining + "xor.csv",
              "--labels", "three.csv"}),
      error(kWrongInput,
            "three.csv: label 2 is 2, but the network has one output, for the labels 0 and 1"));
  folder_.write("old.checkpoint", "a picture");
  expect_refused({"--checkpoint", "old.checkpoint"},
                 "--checkpoint old.checkpoint: that file is there already: go on with --resume, or "
                 "name another");
  expect_refused({"--checkpoint", "old.checkpoint", "--resume"},
                 "old.checkpoint: it is no checkpoint of a training");
  EXPECT_EQ(content("old.checkpoint"), "a picture");
}

TEST_F(TrainRun, OfATextIsExportedAndContinuesOne) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "abcd";
  }
  folder_.write("text.txt", text);
  folder_.write(
      "net.yaml",
      "name: net\nvariables: {tokens: 16, cached: 0}\ninput: {shape: [$tokens]}\nlayers:\n"
      "  - embedding: {rows: 128, size: 8}\n"
      "  - residual:\n      layers:\n"
      "        - attention: {heads: 2, causal: true, cached: $cached, joined: true}\n"
      "  - dense: {units: 128}\n");
  const Ended trained =
      systol({"train", "net.yaml", "-c", "floats.yaml", "--text", "text.txt", "--optimiser", "adam",
              "--learning-rate", "0.05", "--epochs", "12", "--batch", "3", "--export", "net.onnx"});
  ASSERT_EQ(trained.status, kOk) << trained.err;
  EXPECT_NE(trained.out.find("A text that it makes, drawn byte by byte at temperature 0.7:"),
            std::string::npos);
  const std::vector<std::string> words{"generate", "net.yaml",   "--weights", "net.onnx",
                                       "-c",       "array.yaml", "--text",    "text.txt"};
  const auto generated = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return systol(all);
  };
  const Ended result = generated({"--prompt", "ab", "--tokens", "8"});
  EXPECT_EQ(result.status, kOk) << result.err;
  EXPECT_EQ(result.out.substr(0, 11), "abcdabcdab\n");
  EXPECT_EQ(generated({"--prompt", ""}),
            error(kWrongInput, "the argument after '--prompt' is empty"));
  EXPECT_EQ(
      generated({"--prompt", "\xc3", "--tokens", "8"}),
      error(kWrongInput, "--prompt: byte 0 is 195; the network's embedding has rows for 0 to 127"));
  EXPECT_EQ(
      systol({"train", "net.yaml", "-c", "floats.yaml", "--text", "text.txt", "--labels", "x"}),
      error(kWrongInput,
            "--text is learned without --labels, --targets, --test, --adversary, --input-scale and "
            "--input-offset"));
}

}  // namespace
}  // namespace systol::test
