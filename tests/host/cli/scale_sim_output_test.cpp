#include "host/cli/scale_sim_output.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

std::string output_error(const ScaleSimOutput& output, const std::string& json = "") {
  return TempFiles().error_of([&] { check_output(output, json); });
}

TEST(ScaleSimOutput, TakesWhatThereIs) {
  EXPECT_EQ(output_error({}), "no error");
  EXPECT_EQ(output_error({}, "-"), "no error");
  EXPECT_EQ(output_error({.report_as = "scale-sim", .estimate = ""}, "run.json"), "no error");
  EXPECT_EQ(output_error({.report_as = "scale-sim=a.csv", .estimate = "scale-sim"}, "-"),
            "no error");
}

TEST(ScaleSimOutput, RefusesOtherFormats) {
  EXPECT_EQ(output_error({.report_as = "", .estimate = "onnxim"}),
            "--estimate 'onnxim': there is scale-sim");
  for (const std::string format : {"csv", "scale-sim=", "scale-simulator"}) {
    EXPECT_EQ(output_error({.report_as = format, .estimate = ""}),
              "--report-as '" + format + "': expected scale-sim or scale-sim=FILE");
  }
}

TEST(ScaleSimOutput, TwoThingsCannotHaveStandardOutput) {
  EXPECT_EQ(output_error({.report_as = "scale-sim", .estimate = ""}, "-"),
            "--report-as scale-sim takes standard output for itself: give it a file beside --json "
            "-, as --report-as scale-sim=COMPUTE_REPORT.csv");
  EXPECT_EQ(output_error({.report_as = "scale-sim", .estimate = "scale-sim"}),
            "--report-as scale-sim takes standard output for itself: give it a file beside "
            "--estimate, as --report-as scale-sim=COMPUTE_REPORT.csv");
}

}  // namespace
}  // namespace systol
