// The trained networks of configs/models with real digits: int8 on the array is as good as float,
// and the RTL computes what the reference does.
#include "tests/system/program.h"

namespace systol::test {
namespace {

struct Trained {
  std::string name;
  std::string input;        ///< of configs/digits
  int digits;               ///< that the fast engine runs
  std::uint64_t one_digit;  ///< values that the nodes compute of one sample, and outputs as stored
};

void PrintTo(const Trained& network, std::ostream* out) { *out << network.name; }

const std::string kDigits = "t10k-1000-images";

class TrainedTest : public ProgramTest, public ::testing::WithParamInterface<Trained> {
 protected:
  /// Whether the check compared each value of this many digits.
  static void expect_all_compared(const nlohmann::json& report, int digits) {
    const std::uint64_t values = GetParam().one_digit * static_cast<std::uint64_t>(digits);
    const auto compared = report["check"]["compared"].get<std::uint64_t>();
    EXPECT_EQ(compared, values);
  }

  /// The JSON of a run that ends well, in which all values are compared and equal.
  nlohmann::json run(std::vector<std::string> more) const {
    std::vector<std::string> arguments{
        "run",     model(GetParam().name),
        "--input", config("digits/" + GetParam().input + ".idx3-ubyte.gz"),
        "--json",  "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << ended.err;
    if (ended.status != kOk) {
      return {};
    }
    nlohmann::json report = nlohmann::json::parse(ended.out);
    EXPECT_EQ(report["check"]["mismatches"], 0);
    EXPECT_EQ(report["check"]["missing"], 0);
    return report;
  }
};

class TrainedClassifier : public TrainedTest {};

TEST_P(TrainedClassifier, InInt8RecognisesDigitsLikeTheFloatNetwork) {
  const int digits = GetParam().digits;
  const nlohmann::json report = run({"-c", config("edge_16x16.yaml"), "--engine", "fast",
                                     "--labels", labels(), "--limit", std::to_string(digits)});
  ASSERT_TRUE(report.contains("accuracy"));
  const nlohmann::json& accuracy = report["accuracy"];
  EXPECT_EQ(accuracy["samples"], digits);
  expect_all_compared(report, digits);
  EXPECT_NEAR(accuracy["quantised"].get<double>(), accuracy["float"].get<double>(), 0.015);
  EXPECT_GT(accuracy["quantised"].get<double>(), 0.95);
}

class TrainedImage : public TrainedTest {};

TEST_P(TrainedImage, InInt8DrawsDigitsLikeTheFloatNetwork) {
  const int digits = GetParam().digits;
  const nlohmann::json report =
      run({"-c", config("edge_16x16.yaml"), "--engine", "fast", "--limit", std::to_string(digits)});
  ASSERT_TRUE(report.contains("score_error"));
  EXPECT_EQ(report["samples"], digits);
  expect_all_compared(report, digits);
  EXPECT_LT(report["score_error"]["mean"].get<double>(), 0.015) << "pixels are 0 to 1";
}

class TrainedOnRtl : public TrainedTest {};

TEST_P(TrainedOnRtl, OneDigitHasAllValuesOfTheReferenceAndTheCyclesOfTheFastEngine) {
  write_array();
  const std::vector<std::string> more{
      "-c", "array.yaml", "--set", "unified_buffer.capacity=256 KiB", "--limit", "1", "--engine"};
  std::vector<std::string> rtl = more;
  rtl.emplace_back("rtl");
  std::vector<std::string> fast = more;
  fast.emplace_back("fast");
  const nlohmann::json report = run(rtl);
  ASSERT_TRUE(report.contains("check"));
  EXPECT_EQ(report["engine"], "rtl");
  expect_all_compared(report, 1);
  EXPECT_EQ(report["cycles"], run(fast)["cycles"]);
}

/// Less what no command writes, as a residual is added on its way to the buffer: the sums of three
/// blocks, of four gates of 64 in all but the first of 28 rows, and of 28 tokens of 64 four times.
const Trained kClassifiers[] = {
    {"mnist_lenet", kDigits, 300, 8'104},
    {"mnist_resnet8", kDigits, 100, 87'892 - 28 * 28 * 16 - 14 * 14 * 32 - 7 * 7 * 64},
    {"mnist_lstm", kDigits, 200, 45'908 - 27 * 4 * 64},
    {"mnist_gru", kDigits, 200, 46'100},
    {"mnist_attention", kDigits, 200, 90'132 - 4 * 28 * 64}};

const Trained kImages[] = {{"mnist_autoencoder", "t10k-100-20x32", 100, 2'312},
                           {"mnist_generator", "t10k-100-codes", 100, 48'256}};

std::string name_of(const ::testing::TestParamInfo<Trained>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Classifiers, TrainedClassifier, ::testing::ValuesIn(kClassifiers),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Images, TrainedImage, ::testing::ValuesIn(kImages), name_of);
INSTANTIATE_TEST_SUITE_P(Classifiers, TrainedOnRtl, ::testing::ValuesIn(kClassifiers), name_of);
INSTANTIATE_TEST_SUITE_P(Images, TrainedOnRtl, ::testing::ValuesIn(kImages), name_of);

}  // namespace
}  // namespace systol::test
