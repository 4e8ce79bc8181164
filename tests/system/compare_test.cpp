#include <iterator>
#include <sstream>

#include "hw/isa/pe_type.h"
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

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST_F(Compare, SizesTimesArraysInTableCsvAndJson) {
  const Ended ended =
      systol({"compare", "64", "100x10", "-c", config("edge_8x8.yaml"), config("edge_16x16.yaml"),
              "--engine", "systemc", "--batch", "4", "--csv", "c.csv", "--json", "c.json"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(ended.err, "");
  const std::vector<std::string> lines = split(ended.out, '\n');
  ASSERT_GE(lines.size(), 2U + 4U) << ended.out;
  EXPECT_EQ(words(lines[2]).at(0), "1");
  EXPECT_EQ(words(lines[2]).at(1), "64");
  EXPECT_EQ(words(lines[2]).at(2), "edge-8x8");
  EXPECT_EQ(words(lines[2]).at(3), "8x8");
  EXPECT_EQ(words(lines[5]).at(1), "100x10");
  EXPECT_EQ(words(lines[5]).at(2), "edge-16x16");

  const nlohmann::json comparison = json("c.json");
  EXPECT_EQ(comparison["schema"]["name"], "systol.compare");
  ASSERT_EQ(comparison["runs"].size(), 4U);
  const std::vector<std::string> rows = split(content("c.csv"), '\n');
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(
      rows[0],
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,"
      "check,accuracy,accuracy_float,energy_delay_js,inferences_per_second,pareto,over,error");
  for (std::size_t i = 0; i < 4; ++i) {
    const std::vector<std::string> fields = split(rows[i + 1], ',');
    const nlohmann::json& run = comparison["runs"][i];
    EXPECT_EQ(std::stoull(words(lines[i + 2]).at(4)), run["cycles"]);
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
  EXPECT_NE(ended.out.find("check  accuracy[%]  float_accuracy[%]\n"), std::string::npos)
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
  EXPECT_NE(ended.out.find("output_stationary"), std::string::npos);
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

TEST_F(Compare, WhichOfEightShapesIsBestAtOneWattIsOneCommand) {
  const Ended ended =
      systol({"compare", "256", "-c", config("edge_16x16.yaml"), "--batch", "64", "--no-data",
              "--sweep", "array.rows:array.columns=4:64,8:32,16:16,32:8,64:4,8:8,32:32,64:64",
              "--under", "1 W", "--csv", "c.csv", "--json", "c.json"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const nlohmann::json rows = json("c.json")["rows"];
  ASSERT_EQ(rows.size(), 8U);
  std::size_t best = 8;
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(rows[i]["over"], rows[i]["power_w"] > 1 ? "power" : "");
    if (rows[i]["power_w"] <= 1 && (best == 8 || rows[i]["seconds"] < rows[best]["seconds"])) {
      best = i;
    }
  }
  ASSERT_LT(best, 8U);
  EXPECT_NE(ended.out.find("best time with power at most 1 W: " + std::to_string(best + 1) + " ("),
            std::string::npos)
      << ended.out;
  EXPECT_TRUE(rows[best]["pareto"]);
}

TEST_F(Compare, ASweptPointThatIsNoArrayIsARowAndTheRestRuns) {
  const Ended ended = systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--sweep",
                              "array.rows=0,8", "--columns", "number,cycles", "--json", "c.json"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_NE(ended.out.find("\n 1        -\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("\n1 failed: array.rows=0: array.rows: found '0', allowed: 1 to 1024\n"),
            std::string::npos)
      << ended.out;
  EXPECT_EQ(json("c.json")["runs"].size(), 1U);
  EXPECT_EQ(systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--sweep", "array.rowz=1,2"}),
            error(kWrongInput,
                  "--sweep array.rowz=1: unknown key 'array.rowz' (did you mean 'rows'?); allowed: "
                  "rows, columns, dataflow, tile_use, pe, clock_gating"));
}

TEST_F(Compare, TopologiesModelsAndSizesMixAndArePlainToTheShell) {
  folder_.write("t.csv", "Layer, M, N, K,\nfirst, 4, 8, 16,\nsecond, 2, 8, 8,\n");
  write_workload();
  const Ended ended = systol({"compare", "t.csv", "net.yaml", "7x4", "-c", config("edge_8x8.yaml"),
                              config("edge_16x16.yaml"), "--no-data", "--baseline", "edge-16x16",
                              "--columns", "number,model,array,cycles,cycles/base"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const std::vector<std::string> lines = split(ended.out, '\n');
  for (std::size_t i = 2; i < 8; ++i) {
    ASSERT_EQ(words(lines[i]).size(), 5U) << lines[i];
    EXPECT_EQ(words(lines[i])[2], i % 2 == 0 ? "edge-16x16" : "edge-8x8");
    EXPECT_EQ(words(lines[i])[4] == "1.000", i % 2 == 0) << lines[i];
  }
  ASSERT_EQ(systol({"run", "t.csv", "-c", config("edge_8x8.yaml"), "--no-data", "--json", "r.json"})
                .status,
            kOk);
  EXPECT_EQ(std::stoull(words(lines[3])[3]), json("r.json")["cycles"]);
}

TEST_F(Compare, ATableIsAsWideAsTheTerminal) {
  const Ended ended =
      systol({"compare", "8", "16", "-c", config("edge_8x8.yaml")}, {{"COLUMNS=70"}, "", 0, 0, ""});
  for (const std::string& line : split(ended.out, '\n')) {
    EXPECT_TRUE(line.size() <= 70 || line.starts_with("not shown in this width: ")) << line;
  }
  EXPECT_NE(ended.out.find("\nnot shown in this width: "), std::string::npos) << ended.out;
}

TEST_F(Compare, WrongWordsAreNamed) {
  const auto compare = [&](const std::string& option, const std::string& value) {
    return systol({"compare", "8", "-c", config("edge_8x8.yaml"), option, value});
  };
  EXPECT_EQ(
      compare("--baseline", "big"),
      error(kWrongInput, "--baseline: found 'big', allowed: edge-8x8, or a number from 1 to 1"));
  for (const std::string option : {"--best", "--under", "--objectives", "--columns", "--sweep"}) {
    const Ended ended = compare(option, "nothing");
    EXPECT_EQ(ended.status, kWrongInput);
    EXPECT_EQ(ended.err.rfind("systol: error: " + option + ": found ", 0), 0U) << ended.err;
  }
  EXPECT_EQ(systol({"compare", "8", "-c", config("edge_8x8.yaml"), "--no-data", "--engine", "rtl"}),
            error(kWrongInput, "--no-data needs --engine fast; rtl moves data by nature"));
}

TEST_F(Compare, RunWritesItsLayersAsCsv) {
  write_array();
  write_workload();
  const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--csv", "-"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  ASSERT_EQ(
      systol({"run", "net.yaml", "-c", "array.yaml", "--csv", "n.csv", "--json", "r.json"}).status,
      kOk);
  EXPECT_EQ(ended.out, content("n.csv"));
  const std::vector<std::string> rows = split(ended.out, '\n');
  const nlohmann::json layers = json("r.json")["nodes"];
  ASSERT_EQ(rows.size(), 1 + layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    EXPECT_EQ(split(rows[i + 1], ',')[0], layers[i]["name"]);
    EXPECT_EQ(std::stoull(split(rows[i + 1], ',')[5]), layers[i]["cycles"]);
  }
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

TEST_F(Compare, ATypeOfPeMayHaveANetworkOfItsOwnAndSaysSo) {
  const Ended ended =
      systol({"compare", model("mnist_linear_softmax"), "-c", config("edge_16x16.yaml"), "--pe",
              "int8,bf16,adder=" + model("digit_medians_l1"), "--input", digits(), "--labels",
              labels(), "--limit", "20", "--csv", "c.csv"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("2 has in no cycle and no energy what the host computes: biases, "
                           "softmax\n3 runs a network of its own: digit_medians_l1\n"),
            std::string::npos)
      << ended.out;
  const std::vector<std::string> rows = split(content("c.csv"), '\n');
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(split(rows[1], ',').at(0), "mnist_linear_softmax");
  EXPECT_EQ(split(rows[3], ',').at(0), "digit_medians_l1");
}

TEST_F(Compare, RefusesTypesOfPeThatAreNoneAndNetworksForNoOne) {
  const auto refused = [&](const std::vector<std::string>& models, const std::string& pe,
                           const std::string& why) {
    std::vector<std::string> arguments{"compare", "-c", config("edge_8x8.yaml"), "--pe", pe};
    arguments.insert(arguments.begin() + 1, models.begin(), models.end());
    EXPECT_EQ(systol(arguments), error(kWrongInput, why));
  };
  std::string types;
  for (const std::string_view type : isa::kPeTypeNames) {
    types += (types.empty() ? "" : ", ") + std::string(type);
  }
  refused({"64"}, "int9",
          "--pe: found 'int9' (did you mean 'int8'?), allowed: " + types +
              ", and after each '=' and a model");
  refused({"64"}, "adder=", "--pe: found 'adder=', allowed: a model file after '='");
  refused({"64"}, "int8,int8", "--pe: found 'int8' twice, allowed: each type once");
  refused({"64", "32"}, "adder=64",
          "--pe adder=64: found 2 MODELS, allowed: one, in whose place the file stands");
}

}  // namespace
}  // namespace systol::test
