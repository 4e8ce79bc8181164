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

TEST(Predictions, NeedAListOfScores) {
  EXPECT_EQ(classes_error({{2}}), "no error");
  EXPECT_EQ(classes_error({{10, 1, 1}}), "no error");
  EXPECT_EQ(
      classes_error({{1}}),
      "net: its output is a single value, from which no class can be predicted; allowed: a list "
      "of two scores or more");
  EXPECT_EQ(
      classes_error({{1, 28, 28}}),
      "net: its output is of shape [1, 28, 28], from which no class can be predicted; allowed: a "
      "list of two scores or more");
}

}  // namespace
}  // namespace systol::test
