#include "host/export/tensors.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/import/sample_file.h"
#include "tests/host/export/exported_report.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

class Tensors : public ::testing::Test {
 protected:
  std::vector<std::string> names(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(files_.path(folder))) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  TempFiles files_;
};

RunReport report_with_tensors() {
  RunReport report;
  report.model = "net";
  report.samples = 2;
  report.tensors = {
      {"input", {}, {2}, {0.5F, -3}, {1, 2, 3, -4}, 0},
      {"/0/Relu", {"/0/Gemm", "/0/Relu"}, {1, 3}, {0.25F, 7}, {5, 6, 7, 8, 9, -10}, 0}};
  return report;
}

TEST_F(Tensors, AreAFileEachAndAList) {
  write_tensors(report_with_tensors(), files_.path("d"));
  EXPECT_EQ(names("d"),
            (std::vector<std::string>{"000_input.npy", "001__0_Relu.npy", "tensors.json"}));
  const SampleFile relu = read_sample_file({files_.path("d/001__0_Relu.npy"), ""}, 10);
  EXPECT_EQ(relu.count, 2U);
  EXPECT_EQ(relu.shape, (Shape{1, 3}));
  EXPECT_EQ(relu.values, (std::vector<float>{5, 6, 7, 8, 9, -10}));
  std::ifstream list(files_.path("d/tensors.json"));
  const nlohmann::json json = nlohmann::json::parse(list);
  EXPECT_EQ(json["schema"], (nlohmann::json{{"name", "systol.tensors"}, {"version", 1}}));
  EXPECT_EQ(json["model"], "net");
  EXPECT_EQ(json["samples"], 2);
  EXPECT_EQ(json["tensors"][1], (nlohmann::json{{"name", "/0/Relu"},
                                                {"file", "001__0_Relu.npy"},
                                                {"nodes", {"/0/Gemm", "/0/Relu"}},
                                                {"shape", {2, 1, 3}},
                                                {"type", "int8"},
                                                {"scale", 0.25},
                                                {"zero_point", 7}}));
}

TEST_F(Tensors, HaveFilesWhateverTheyAreCalled) {
  RunReport report = report_with_tensors();
  report.tensors[0].name = "../a b\xC3\xA4" + std::string(1'000, 'x');
  report.tensors[1].name = report.tensors[0].name;
  write_tensors(report, files_.path("d"));
  EXPECT_EQ(names("d")[0], "000____a_b__" + std::string(92, 'x') + ".npy");
  EXPECT_EQ(names("d")[1].substr(0, 12), "001____a_b__");
}

TEST_F(Tensors, AppearAllOrNone) {
  files_.write("d/file", "x");
  EXPECT_THROW(write_tensors(report_with_tensors(), files_.path("d")), InputError);
  EXPECT_EQ(names("d"), (std::vector<std::string>{"file"}));
  EXPECT_EQ(names(""), (std::vector<std::string>{"d"}));
}

TEST_F(Tensors, OfAProgramAreItsMemories) {
  isa::Program program;
  program.space_bytes = {3, 2};
  program.image = {{isa::Space::Weights, 1, {200, 7}}};
  write_spaces(MemoryImage(program), files_.path("d"));
  EXPECT_EQ(names("d"), (std::vector<std::string>{"activations.npy", "weights.npy"}));
  EXPECT_EQ(read_sample_file({files_.path("d/weights.npy"), ""}, 10).values,
            (std::vector<float>{0, 200, 7}));
  EXPECT_EQ(read_sample_file({files_.path("d/activations.npy"), ""}, 10).count, 2U);
}

}  // namespace
}  // namespace systol::test
