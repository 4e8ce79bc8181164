#include <sstream>

#include "sim/config/array_file.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Compare : public ProgramTest {};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) {
    parts.push_back(part);
  }
  return parts;
}

TEST_F(Compare, SizesTimesArraysInTableCsvAndJson) {
  const Ended ended =
      systol({"compare", "64", "100x10", "-c", config("edge_8x8.yaml"), config("edge_16x16.yaml"),
              "--engine", "systemc", "--batch", "4", "--csv", "c.csv", "--json", "c.json"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(ended.err, "");
  const std::vector<std::string> lines = split(ended.out, '\n');
  ASSERT_EQ(lines.size(), 2U + 4U) << ended.out;
  EXPECT_EQ(lines[2].substr(0, 2), "64");
  EXPECT_NE(lines[2].find("edge-8x8 (8x8)"), std::string::npos);
  EXPECT_EQ(lines[5].substr(0, 6), "100x10");
  EXPECT_NE(lines[5].find("edge-16x16 (16x16)"), std::string::npos);

  const nlohmann::json comparison = json("c.json");
  EXPECT_EQ(comparison["schema"]["name"], "systol.compare");
  ASSERT_EQ(comparison["runs"].size(), 4U);
  const std::vector<std::string> rows = split(content("c.csv"), '\n');
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(
      rows[0],
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,"
      "check,accuracy,accuracy_float");
  for (std::size_t i = 0; i < 4; ++i) {
    const std::vector<std::string> fields = split(rows[i + 1], ',');
    const nlohmann::json& run = comparison["runs"][i];
    ASSERT_EQ(fields.size(), 20U);
    EXPECT_EQ(fields[0], run["model"]);
    EXPECT_EQ(fields[1], run["array"]["name"]);
    EXPECT_EQ(fields[4], "weight_stationary");
    EXPECT_EQ(fields[5], "4");
    EXPECT_EQ(fields[7], "systemc");
    EXPECT_EQ(std::stoull(fields[8]), run["cycles"]);
    EXPECT_DOUBLE_EQ(std::stod(fields[11]), run["energy_pj"]["total"]);
    EXPECT_DOUBLE_EQ(std::stod(fields[16]), run["area_um2"]["total"]);
    EXPECT_DOUBLE_EQ(std::stod(fields[17]), run["tops_per_mm2"]["achieved"]);
    EXPECT_EQ(fields[18], "ok");
    EXPECT_EQ(fields[19], "") << "no labels";
  }
}

TEST_F(Compare, LabelsGiveAColumnOfAccuraciesAsRunHasThem) {
  const std::vector<std::string> samples{"--input", digits(),  "--labels",
                                         labels(),  "--limit", "50"};
  const auto with_samples = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), samples.begin(), samples.end());
    return systol(arguments);
  };
  const Ended ended =
      with_samples({"compare", model("mnist_mlp"), model("mnist16_mlp_tanh"), "-c",
                    config("edge_16x16.yaml"), "--csv", "c.csv", "--json", "c.json"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("check  int8 accuracy  float accuracy\n"), std::string::npos)
      << ended.out;
  const std::vector<std::string> rows = split(content("c.csv"), '\n');
  for (std::size_t i = 0; i < 2; ++i) {
    const nlohmann::json compared = json("c.json")["runs"][i];
    ASSERT_EQ(with_samples({"run", model(i == 0 ? "mnist_mlp" : "mnist16_mlp_tanh"), "-c",
                            config("edge_16x16.yaml"), "--json", "r.json"})
                  .status,
              kOk);
    EXPECT_EQ(compared["accuracy"], json("r.json")["accuracy"]);
    EXPECT_EQ(compared["accuracy"]["samples"], 50);
    EXPECT_EQ(compared["input"], json("r.json")["input"]);
    EXPECT_EQ(compared["cycles"], json("r.json")["cycles"]) << "all samples go through together";
    const std::vector<std::string> fields = split(rows[i + 1], ',');
    EXPECT_EQ(std::stod(fields[19]), compared["accuracy"]["quantised"]);
    EXPECT_EQ(std::stod(fields[20]), compared["accuracy"]["float"]);
  }
}

TEST_F(Compare, LabelsNeedSamples) {
  EXPECT_EQ(systol({"compare", "64", "-c", config("edge_8x8.yaml"), "--labels", labels()}),
            error(kWrongInput, "--labels needs --input: synthetic inputs have no labels"));
}

TEST_F(Compare, DataflowsStandSideBySide) {
  const Ended ended =
      systol({"compare", "40", "-c", config("edge_8x8.yaml"), "--batch", "20", "--dataflow",
              "weight_stationary", "output_stationary", "input_stationary", "--json", "c.json"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const nlohmann::json runs = json("c.json")["runs"];
  ASSERT_EQ(runs.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(runs[i]["array"]["dataflow"], kDataflowNames[i]);
    EXPECT_EQ(runs[i]["check"]["mismatches"], 0);
    EXPECT_EQ(runs[i]["macs"]["useful"], 20 * 40 * 40);
  }
  EXPECT_NE(ended.out.find("output-stationary"), std::string::npos);
  EXPECT_EQ(systol({"compare", "40", "-c", config("edge_8x8.yaml"), "--dataflow", "row"}).status,
            kWrongInput);
}

TEST_F(Compare, ARunAmongOthersIsTheRunAlone) {
  write_array();
  write_workload();
  ASSERT_EQ(systol({"compare", "net.yaml", "64", "-c", config("edge_8x8.yaml"), "array.yaml",
                    "--engine", "systemc", "--json", "c.json"})
                .status,
            kOk);
  ASSERT_EQ(
      systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc", "--json", "r.json"})
          .status,
      kOk);
  nlohmann::json among = json("c.json")["runs"][1];
  nlohmann::json alone = json("r.json");
  among.erase("tool");
  alone.erase("tool");
  EXPECT_EQ(among, alone);
}

TEST_F(Compare, RunTakesSizesToo) {
  ASSERT_EQ(systol({"compare", "7x4x3", "-c", config("edge_8x8.yaml"), "--json", "c.json"}).status,
            kOk);
  ASSERT_EQ(systol({"run", "7x4x3", "-c", config("edge_8x8.yaml"), "--json", "r.json"}).status,
            kOk);
  nlohmann::json among = json("c.json")["runs"][0];
  nlohmann::json alone = json("r.json");
  among.erase("tool");
  alone.erase("tool");
  EXPECT_EQ(among, alone);
}

TEST_F(Compare, CsvToStandardOutputIsCsvAndNothingElse) {
  const Ended ended = systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--csv", "-"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.out.rfind("model,array,", 0), 0U) << ended.out;
  EXPECT_EQ(split(ended.out, '\n').size(), 2U);
}

TEST_F(Compare, WhatIsNeitherASizeNorAModelIsRefused) {
  EXPECT_EQ(systol({"compare", "64x", "-c", config("edge_8x8.yaml")}),
            error(kWrongInput,
                  "'64x': not a size; a size is N, KxN or AxBxC..., of whole numbers "
                  "from 1 to 1000000"));
  EXPECT_EQ(systol({"compare", "64y", "-c", config("edge_8x8.yaml")}),
            error(kWrongInput,
                  "64y: no such file; a model is a file (.onnx, .yaml, .yml) or layer sizes, as "
                  "784x128x10"));
}

TEST_F(Compare, AWordAfterAnOptionsValueIsNoModel) {
  EXPECT_EQ(systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--batch", "1", "16"}),
            error(kWrongInput,
                  "'16' after --batch would be one more of MODELS, which must stand together; "
                  "--batch takes one value"));
  EXPECT_EQ(systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--set", "array.rows=8", "16"}),
            error(kWrongInput,
                  "'16' after --set would be one more of MODELS, which must stand together; --set "
                  "takes one value"));
}

}  // namespace
}  // namespace systol::test
