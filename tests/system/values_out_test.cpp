// What `systol run` writes of the values: --outputs, --predictions, --save-tensors.
#include <algorithm>
#include <cstring>
#include <map>

#include "tests/host/import/file_bytes.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

namespace fs = std::filesystem;

class ValuesOut : public ProgramTest {
 protected:
  ValuesOut() {
    write_array();
    write_workload();
  }
  std::vector<std::string> run(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"run", "net.yaml", "-c", "array.yaml", "--limit", "6"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> names(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path(folder))) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  /// Every file of a folder, by name.
  std::map<std::string, std::string> contents(const std::string& folder) const {
    std::map<std::string, std::string> contents;
    for (const std::string& name : names(folder)) {
      contents[name] = content(folder + "/" + name);
    }
    return contents;
  }
  /// What follows the header of a .npy file that this program wrote.
  static std::string body(const std::string& npy) { return npy.substr(128); }
};

TEST_F(ValuesOut, AreTheSameBytesFromAllEngines) {
  std::map<std::string, std::string> first;
  std::string first_outputs;
  for (const std::string engine : {"fast", "systemc", "rtl"}) {
    const std::string to = "tensors_" + engine;
    const Ended ended = systol(run({"--engine", engine, "--save-tensors", to, "--outputs", "o.csv",
                                    "--predictions", "p.csv"}));
    ASSERT_EQ(ended.status, kOk) << ended.err;
    if (first.empty()) {
      first = contents(to);
      first_outputs = content("o.csv") + content("p.csv");
    }
    EXPECT_EQ(contents(to), first) << engine;
    EXPECT_EQ(content("o.csv") + content("p.csv"), first_outputs) << engine;
  }
  EXPECT_EQ(
      names("tensors_fast"),
      (std::vector<std::string>{"000_input.npy", "001_dense_1_leaky_relu.npy", "002_dense_2.npy",
                                "003_dense_2_softmax.npy", "tensors.json"}));
}

TEST_F(ValuesOut, ChangeNothingOfTheRun) {
  ASSERT_EQ(systol(run({"--json", "plain.json"})).status, kOk);
  ASSERT_EQ(
      systol(run({"--json", "more.json", "--save-tensors", "t", "--outputs", "o.npy"})).status,
      kOk);
  nlohmann::json plain = json("plain.json");
  nlohmann::json more = json("more.json");
  plain.erase("tool");
  more.erase("tool");
  EXPECT_EQ(plain, more);
}

TEST_F(ValuesOut, TensorsAreThoseOfTheOutputs) {
  ASSERT_EQ(systol(run({"--save-tensors", "t", "--outputs", "o.npy"})).status, kOk);
  const nlohmann::json last = json("t/tensors.json")["tensors"].back();
  EXPECT_EQ(last["shape"], (std::vector<int>{6, 4}));
  EXPECT_EQ(last["scale"], 1.0 / 256) << "a softmax";
  EXPECT_EQ(last["zero_point"], -128);
  const std::string quantised = body(content("t/" + last["file"].get<std::string>()));
  const std::string outputs = body(content("o.npy"));
  ASSERT_EQ(quantised.size(), 24U);
  ASSERT_EQ(outputs.size(), 96U);
  for (std::size_t i = 0; i < 24; ++i) {
    float value = 0;
    std::memcpy(&value, &outputs[4 * i], 4);
    EXPECT_EQ(value, static_cast<float>(static_cast<std::int8_t>(quantised[i]) + 128) / 256) << i;
  }
}

TEST_F(ValuesOut, PredictionsHaveNamesAndLabels) {
  folder_.write("l.txt", "0\n1\n");
  folder_.write("i.csv", "1,1,1,1,1,1,1\n-1,0,0,0,0,0,0\n");
  folder_.write("n.txt", "ant\nbee\ncat\ndog\n");
  ASSERT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--input", "i.csv", "--labels", "l.txt",
                    "--predictions", "p.csv", "--class-names", "n.txt", "--outputs", "o.csv",
                    "--json", "r.json"})
                .status,
            kOk);
  const std::string predictions = content("p.csv");
  EXPECT_EQ(predictions.substr(0, 39), "sample,class,score,name,label,correct\n0");
  EXPECT_EQ(content("o.csv").substr(0, 17), "ant,bee,cat,dog\n0");
  const double right = static_cast<double>(predictions.find("true") != std::string::npos) +
                       static_cast<double>(predictions.find("true") != predictions.rfind("true"));
  EXPECT_EQ(json("r.json")["accuracy"]["quantised"], right / 2);
}

TEST_F(ValuesOut, OfAProgramAreItsMemories) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "net.tpu"}).status, kOk);
  std::map<std::string, std::string> first;
  for (const std::string engine : {"fast", "systemc"}) {
    const std::string to = "memory_" + engine;
    const Ended ended =
        systol({"run", "net.tpu", "-c", "array.yaml", "--engine", engine, "--save-tensors", to});
    ASSERT_EQ(ended.status, kOk) << ended.err;
    first = first.empty() ? contents(to) : first;
    EXPECT_EQ(contents(to), first) << engine;
  }
  EXPECT_EQ(names("memory_fast"), (std::vector<std::string>{"activations.npy", "weights.npy"}));
  // The same network's input, then its output.
  ASSERT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--save-tensors", "t"}).status, kOk);
  EXPECT_EQ(body(first["activations.npy"]),
            body(content("t/000_input.npy")) + body(content("t/003_dense_2_softmax.npy")));
}

TEST_F(ValuesOut, AFolderThatHasSomethingIsRefused) {
  folder_.write("t/file", "x");
  EXPECT_EQ(
      systol(run({"--save-tensors", "t"})),
      error(kWrongInput,
            "--save-tensors t: is there and not empty; allowed: a folder that is new or empty"));
  EXPECT_EQ(systol(run({"--save-tensors", "net.yaml"})),
            error(kWrongInput,
                  "--save-tensors net.yaml: is there and no folder; allowed: a folder that "
                  "is new or empty"));
  EXPECT_EQ(systol(run({"--save-tensors", "none/t"})),
            error(kWrongEnvironment, "none/t: cannot write: No such file or directory"));
  EXPECT_EQ(systol(run({"--save-tensors", "u", "--json", "u/r.json"})),
            error(kWrongEnvironment, "u/r.json: cannot write: No such file or directory"));
  fs::create_directory(folder_.path("u"));
  EXPECT_EQ(systol(run({"--save-tensors", "u", "--json", "u/r.json"})),
            error(kWrongInput, "--json u/r.json: --save-tensors writes to the same place"));
  EXPECT_EQ(names("t"), (std::vector<std::string>{"file"}));
  EXPECT_EQ(names("u"), std::vector<std::string>{});
}

TEST_F(ValuesOut, AFileThatIsReadOrWrittenTwiceIsRefused) {
  folder_.write("i.csv", "1,1,1,1,1,1,1\n");
  folder_.write("n.txt", "ant\n");
  EXPECT_EQ(
      systol(run({"--input", "i.csv", "--outputs", "i.csv"})),
      error(kWrongInput, "--outputs i.csv: that is the file of --input, which would be lost"));
  EXPECT_EQ(systol(run({"--outputs", "o.csv", "--predictions", "./o.csv"})),
            error(kWrongInput, "--predictions ./o.csv: --outputs writes the same file"));
  EXPECT_EQ(systol(run({"--outputs", "n.txt", "--class-names", "n.txt"})),
            error(kWrongInput,
                  "--outputs n.txt: that is the file of --class-names, which would be lost"));
  EXPECT_EQ(systol(run({"--outputs", "none/o.csv"})),
            error(kWrongEnvironment, "none/o.csv: cannot write: No such file or directory"));
}

TEST_F(ValuesOut, ASingleOutputSaysYesOrNo) {
  ASSERT_EQ(systol({"run", "7x1", "-c", "array.yaml", "--predictions", "p.csv"}).status, kOk);
  const std::string text = content("p.csv");
  const std::string head = "sample,class,score\n0,";
  ASSERT_TRUE(text.starts_with(head)) << text;
  const double score = std::stod(text.substr(head.size() + 2));
  EXPECT_EQ(text.substr(head.size(), 2), score > 0.5 ? "1," : "0,");
}

TEST_F(ValuesOut, WhatCannotBeWrittenIsRefusedBeforeTheRun) {
  EXPECT_EQ(systol(run({"--outputs", "o.txt"})),
            error(kWrongInput, "--outputs o.txt: allowed: a name that ends in .csv, .npy or .png"));
  EXPECT_EQ(systol(run({"--predictions", "p.npy"})),
            error(kWrongInput, "--predictions p.npy: allowed: a name that ends in .csv"));
  folder_.write("n.txt", "ant\n");
  EXPECT_EQ(systol(run({"--class-names", "n.txt"})),
            error(kWrongInput, "--class-names needs --predictions FILE or --outputs FILE.csv"));
  EXPECT_EQ(systol(run({"--class-names", "n.txt", "--outputs", "o.csv"})),
            error(kWrongInput, "n.txt: it has 1 names, but the network has 4 classes"));
  EXPECT_EQ(systol(run({"--no-data", "--outputs", "o.csv"})),
            error(kWrongInput,
                  "--no-data with --outputs, --predictions, --class-names, "
                  "--save-tensors, --save-products or --export-quantised: no values are computed"));
}

TEST_F(ValuesOut, ATopologyHasNone) {
  folder_.write("t.csv", "Layer, M, N, K\nfc, 4, 4, 4,\n");
  for (const std::string option : {"--outputs", "--predictions"}) {
    EXPECT_EQ(
        systol({"run", "t.csv", "-c", "array.yaml", option, "o.csv"}),
        error(kWrongInput, "t.csv: " + option +
                               " needs a model, and this is a topology: shapes without values, "
                               "whose M is the batch"));
  }
  EXPECT_EQ(systol({"run", "t.csv", "-c", "array.yaml", "--save-tensors", "t"}),
            error(kWrongInput,
                  "t.csv: --save-tensors needs a model or a program, and this is a topology"));
}

TEST_F(ValuesOut, AFullDiskLeavesNothing) {
  Setting small;
  small.stdout_to = "/dev/null";
  small.largest_file = 100;
  const Ended ended = systol(run({"--save-tensors", "t"}), small);
  EXPECT_EQ(ended.status, kWrongEnvironment);
  EXPECT_EQ(ended.err, "systol: error: t/000_input.npy: cannot write: File too large\n");
  EXPECT_EQ(names(""), (std::vector<std::string>{"array.yaml", "net.yaml"}));
}

}  // namespace
}  // namespace systol::test
