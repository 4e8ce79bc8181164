// Training as a whole: what is learned, stopped, resumed, exported and refused.
#include <algorithm>
#include <csignal>

#include "tests/system/program.h"

namespace systol::test {
namespace {

const std::string kTraining = SYSTOL_SOURCE_DIR "/configs/training/";

class TrainRun : public ProgramTest {
 protected:
  TrainRun() { write_array(); }

  /// An example of configs/training, with its data and labels or targets.
  static std::vector<std::string> words(const std::string& name, const std::string& wanted,
                                        const std::vector<std::string>& more) {
    std::vector<std::string> words{"train",       kTraining + name + ".yaml",
                                   "-c",          "array.yaml",
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
  ASSERT_EQ(
      systol(words("xor", "labels", {"--learning-rate", "1", "--epochs", "500", "--batch", "4"}))
          .status,
      kOk);
  EXPECT_EQ(last_epoch()["accuracy"], 1.0);
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
  ASSERT_EQ(systol({"train", kTraining + "mnist-linear.yaml", "-c", "array.yaml", "--data",
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
  // The signal may come while the first checkpoint still has its temporary name.
  for (int tries = 0; tries < 20 && std::ranges::count(files(), "stopped.checkpoint") == 0;
       ++tries) {
    ASSERT_EQ(systol(words("xor", "labels", stopped), kill).status, 128 + SIGKILL);
  }
  ASSERT_NE(content("stopped.checkpoint"), content("whole.checkpoint"));
  stopped.emplace_back("--resume");
  const Ended ended = systol(words("xor", "labels", stopped));
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(content("stopped.checkpoint"), content("whole.checkpoint"));
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

TEST_F(TrainRun, RefusesWhatCannotBe) {
  expect_refused({"--learning-rate", "0"},
                 "--learning-rate 0: allowed is a number above 0 that float32 holds, such as 0.01");
  expect_refused(
      {"--learning-rate", "inf"},
      "--learning-rate inf: allowed is a number above 0 that float32 holds, such as 0.01");
  folder_.write("two.csv", "0\n1\n");
  EXPECT_EQ(systol({"train", kTraining + "xor.yaml", "-c", "array.yaml", "--data",
                    kTraining + "xor.csv", "--labels", "two.csv"}),
            error(kWrongInput, "two.csv: it holds 2 labels, but there are 4 samples"));
  folder_.write("three.csv", "0\n1\n2\n0\n");
  EXPECT_EQ(
      systol({"train", kTraining + "xor.yaml", "-c", "array.yaml", "--data", kTraining + "xor.csv",
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

}  // namespace
}  // namespace systol::test
