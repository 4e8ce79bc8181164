#include "host/export/predictions.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/host/export/exported_report.h"

namespace systol::test {
namespace {

const std::vector<std::string> kNames{"cat", "dog, big", "cow", "fly"};
const std::vector<std::uint32_t> kLabels{1, 2, 0};

std::string classes_error(const std::vector<Shape>& shapes) {
  try {
    check_classes(graph_with_outputs(shapes));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Predictions, AreTheFirstOfTheLargestScores) {
  EXPECT_EQ(predictions_csv(report_with_scores(), {}, {}),
            "sample,class,score\n"
            "0,1,0.7\n"
            "1,0,0\n"
            "2,3,-0.1\n");
}

TEST(Predictions, HaveNamesWhereTheyAreKnown) {
  EXPECT_EQ(predictions_csv(report_with_scores(), kNames, {}),
            "sample,class,score,name\n"
            "0,1,0.7,\"dog, big\"\n"
            "1,0,0,cat\n"
            "2,3,-0.1,fly\n");
}

TEST(Predictions, SayWhatIsRightWhereThereAreLabels) {
  EXPECT_EQ(predictions_csv(report_with_scores(), {}, kLabels),
            "sample,class,score,label,correct\n"
            "0,1,0.7,1,true\n"
            "1,0,0,2,false\n"
            "2,3,-0.1,0,false\n");
  EXPECT_EQ(predictions_csv(report_with_scores(), kNames, kLabels).substr(0, 39),
            "sample,class,score,name,label,correct\n0");
}

TEST(Predictions, OfASingleScoreAreYesAboveOneHalf) {
  RunReport report = report_with_scores();
  report.outputs.front().columns = 1;
  report.outputs.front().values = {0.25F, 0.5F, 0.75F};
  const std::vector<std::string> names{"no", "yes"};
  const std::vector<std::uint32_t> labels{0, 1, 1};
  EXPECT_EQ(predictions_csv(report, names, labels),
            "sample,class,score,name,label,correct\n"
            "0,0,0.25,no,0,true\n"
            "1,0,0.5,no,1,false\n"
            "2,1,0.75,yes,1,true\n");
}

TEST(Predictions, NeedScores) {
  EXPECT_EQ(classes_error({{2}}), "no error");
  EXPECT_EQ(classes_error({{10, 1, 1}}), "no error");
  EXPECT_EQ(classes_error({{1}}), "no error");
  EXPECT_EQ(
      classes_error({{1, 28, 28}}),
      "net: its output is of shape [1, 28, 28], from which no class can be predicted; allowed: a "
      "list of scores, or a single one");
}

}  // namespace
}  // namespace systol::test
