#include "host/export/outputs.h"

#include <gtest/gtest.h>

#include "host/import/sample_file.h"
#include "tests/file_text.h"
#include "tests/host/export/exported_report.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

class Outputs : public ::testing::Test {
 protected:
  std::string written(const RunReport& report, std::span<const std::string> names,
                      OutputFormat format = OutputFormat::Csv) const {
    write_outputs(report, names, format, files_.path("o"));
    return text_of(files_.path("o"));
  }
  std::string format_error(const std::string& path, const std::vector<Shape>& shapes) const {
    return files_.error_of([&] { output_format(path, graph_with_outputs(shapes)); });
  }
  TempFiles files_;
};

/// 0.1F * 9 is not the float32 nearest to 0.9.
TEST_F(Outputs, AreATableOfTheShortestNumbersThatReadBack) {
  EXPECT_EQ(written(report_with_scores(), {}),
            "scores[0],scores[1],scores[2],scores[3]\n"
            "0.1,0.7,-0.3,0.2\n"
            "0,0,0,0\n"
            "-0.90000004,-0.8,-0.7,-0.1\n");
}

TEST_F(Outputs, HaveTheClassesNamesWhereTheyAreKnown) {
  const std::vector<std::string> names{"cat", "a, b", "x", "y"};
  EXPECT_EQ(written(report_with_scores(), names).substr(0, 17), "cat,\"a, b\",x,y\n0.");
}

TEST_F(Outputs, OfSeveralTensorsStandBesideEachOther) {
  RunReport report = report_with_scores();
  report.samples = 1;
  report.outputs[0].columns = 2;
  OutputValues second;
  second.name = "value";
  second.columns = 1;
  second.values = {-5};
  report.outputs.push_back(second);
  EXPECT_EQ(written(report, {}), "scores[0],scores[1],value\n0.1,0.7,-5\n");
}

TEST_F(Outputs, ReadBackAsTheSameNumbers) {
  const RunReport report = report_with_scores();
  for (const auto& [format, name] :
       {std::pair(OutputFormat::Csv, "o.csv"), std::pair(OutputFormat::Npy, "o.npy")}) {
    write_outputs(report, {}, format, files_.path(name));
    const SampleFile file = read_sample_file({files_.path(name), ""}, 10);
    EXPECT_EQ(file.values, report.outputs[0].values) << name;
    EXPECT_EQ(file.shape, (Shape{4})) << name;
    EXPECT_EQ(file.count, 3U) << name;
  }
}

TEST_F(Outputs, OfNpyHaveTheTensorsShape) {
  RunReport report = report_with_scores();
  report.outputs[0].shape = {1, 2, 2};
  write_outputs(report, {}, OutputFormat::Npy, files_.path("o.npy"));
  EXPECT_EQ(read_sample_file({files_.path("o.npy"), ""}, 10).shape, (Shape{1, 2, 2}));
}

TEST_F(Outputs, HaveTheFormatThatTheNameSays) {
  EXPECT_EQ(output_format("a.csv", graph_with_outputs({{4}})), OutputFormat::Csv);
  EXPECT_EQ(output_format("a.npy", graph_with_outputs({{4}})), OutputFormat::Npy);
  EXPECT_EQ(format_error("a.txt", {{4}}), "a.txt: allowed: a name that ends in .csv, .npy or .png");
  EXPECT_EQ(format_error("-", {{4}}), "-: allowed: a name that ends in .csv, .npy or .png");
  EXPECT_EQ(
      format_error("a.npy", {{4}, {2}}),
      "a.npy: 'net' has 2 outputs, and a .npy holds one array; allowed: a name that ends in .csv");
}

}  // namespace
}  // namespace systol::test
