// `systol describe` in a process of its own.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Describe : public ProgramTest {};

TEST_F(Describe, SaysWhereAndHowEachNodeRuns) {
  folder_.write("net.yaml",
                "name: net\n"
                "input: {shape: [8, 8, 3]}\n"
                "layers:\n"
                "  - conv: {filters: 5, kernel: 3, padding: same, activation: relu}\n"
                "  - max_pool: {kernel: 2, stride: 2}\n"
                "  - flatten: {}\n"
                "  - dense: {units: 10}\n");
  const Ended ended = systol({"describe", "net.yaml", "-c", config("edge_16x16.yaml")});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  // 27 rows of weights: one kernel row of 9 a tile, as two would be 18 of 16 PE rows.
  EXPECT_NE(ended.out.find("64 x 27 x 5"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("3 x 1"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("17.6 %"), std::string::npos) << "27 x 5 of 3 x 16 x 16\n" << ended.out;
  EXPECT_NE(ended.out.find("max_pool"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("overlapped"), std::string::npos) << ended.out;
}

/// The number before `unit`, of groups of three digits, that follows `start`.
std::int64_t number_in(const std::string& text, const std::string& start, const std::string& unit) {
  const std::size_t begin = text.find(start) + start.size();
  std::string digits = text.substr(begin, text.find(unit, begin) - begin);
  std::erase(digits, ' ');
  return std::stoll(digits);
}

TEST_F(Describe, SaysWhatDoesNotFitTheBufferAndWhatThatCosts) {
  const std::vector<std::string> arguments{"describe", config("workloads/resnet18.yaml"),
                                           "-c",       config("edge_16x16.yaml"),
                                           "--batch",  "2"};
  const Ended ended = systol(arguments);
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("tensors do not fit the unified buffer"), std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find("misfit costs"), std::string::npos) << ended.out;
  std::vector<std::string> roomy = arguments;
  roomy.insert(roomy.end(), {"--set", "unified_buffer.capacity=1 GiB"});
  const Ended whole = systol(roomy);
  EXPECT_EQ(whole.out.find("misfit"), std::string::npos) << whole.out;
  EXPECT_NE(ended.out.find("\nresidual_1 "), std::string::npos) << "on the vector unit";
  EXPECT_EQ(whole.out.find("\nresidual_1 "), std::string::npos) << whole.out;
  EXPECT_NE(whole.out.find("convolution, adds max_pool_1 "), std::string::npos) << whole.out;
  const auto cycles = [](const std::string& text) {
    const std::size_t end = text.find(" cycles, utilisation");
    return number_in(text.substr(text.rfind('\n', end) + 1), "", " cycles");
  };
  EXPECT_EQ(number_in(ended.out, "what does not fit costs +", " cycles"),
            cycles(ended.out) - cycles(whole.out));
}

TEST_F(Describe, SaysTheNextBestOfLayersThatFit) {
  // 16 x 16 PEs, 32 bytes a cycle: exact numbers are in layer_choices_test.cpp.
  const Ended ended =
      systol({"describe", "784x128x10", "-c", config("edge_16x16.yaml"), "--batch", "32"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("32 samples x 8 column tiles  "), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("32 samples x 1 tile, through memory: +"), std::string::npos)
      << ended.out;
}

TEST_F(Describe, SaysWhatQuantisationCostsWhereAsked) {
  const Ended ended = systol({"describe", config("models/mnist_linear_softmax.onnx"), "-c",
                              config("edge_16x16.yaml"), "--loss", "--input",
                              config("digits/t10k-1000-images.idx3-ubyte.gz"), "--limit", "20"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("signal to noise"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find(" dB"), std::string::npos) << ended.out;
  // The weights are those of the array: of one bit they cost more.
  const auto losses = [&](const std::string& pe) {
    return systol({"describe", config("models/mnist_linear_softmax.onnx"), "-c",
                   config("edge_16x16.yaml"), "--set", "array.pe=" + pe, "--loss", "--input",
                   config("digits/t10k-1000-images.idx3-ubyte.gz"), "--limit", "20"})
        .out;
  };
  const auto decibels = [](const std::string& text) {
    return std::stod(text.substr(text.rfind(' ', text.find(" dB") - 1)));
  };
  EXPECT_GT(decibels(losses("int8")), decibels(losses("binary")) + 10);
  EXPECT_EQ(systol({"describe", "4x3", "-c", config("edge_16x16.yaml"), "--limit", "20"}),
            error(kWrongInput,
                  "samples and their calibration need --loss: nothing else asks for values"));
}

}  // namespace
}  // namespace systol::test
