// The networks in configs/workloads: that each is what its comment says, and what its paper says.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/graph/work.h"
#include "host/import/workload.h"
#include "host/import/workload/kinds.h"

namespace systol {

std::ostream& operator<<(std::ostream& out, const Work& work) {
  return out << work.macs << " MACs, " << work.weights << " weights, " << work.biases << " biases, "
             << work.others << " others";
}

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/workloads";

const std::filesystem::path kDocument =
    std::filesystem::path(SYSTOL_SOURCE_DIR) / "docs/workloads.md";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Graph network(const std::string& name) { return load_workload(kFolder / (name + ".yaml")); }

/// A convolution of `kernel` x `kernel` on `channels` channels, to `side` x `side` x `filters`.
constexpr Work conv(std::uint64_t side, std::uint64_t kernel, std::uint64_t channels,
                    std::uint64_t filters, std::uint64_t bias = 1) {
  const std::uint64_t weights = kernel * kernel * channels * filters;
  return {side * side * weights, weights, bias * filters, 0};
}

constexpr Work dense(std::uint64_t inputs, std::uint64_t outputs, std::uint64_t rows = 1,
                     std::uint64_t bias = 1) {
  return {rows * inputs * outputs, inputs * outputs, bias * outputs, 0};
}

constexpr Work operator*(std::uint64_t times, const Work& work) {
  return {times * work.macs, times * work.weights, times * work.biases, times * work.others};
}

constexpr Work operator+(const Work& a, const Work& b) {
  return {a.macs + b.macs, a.weights + b.weights, a.biases + b.biases, a.others + b.others};
}

constexpr std::uint64_t parameters(const Work& work) {
  return work.weights + work.biases + work.others;
}

TEST(WorkloadFiles, HaveTheWorkThatTheirCommentSays) {
  const std::regex wanted("# (\\d+) MACs, (\\d+) weights, (\\d+) biases, (\\d+) others\\.");
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (!entry.is_regular_file()) {
      continue;
    }
    const std::string content = text_of(entry.path());
    std::smatch found;
    if (!std::regex_search(content, found, wanted)) {
      ADD_FAILURE() << entry.path() << ": " << total_work(load_workload(entry.path()));
      continue;
    }
    EXPECT_EQ(total_work(load_workload(entry.path())),
              (Work{std::stoull(found[1]), std::stoull(found[2]), std::stoull(found[3]),
                    std::stoull(found[4])}))
        << entry.path();
    ++count;
  }
  EXPECT_GE(count, 20);
}

TEST(WorkloadFiles, TheDocumentsExamplesAreWorkloads) {
  const std::string content = text_of(kDocument);
  const std::string begin = "```yaml\n";
  int count = 0;
  for (std::size_t at = content.find(begin); at != std::string::npos;
       at = content.find(begin, at + 1)) {
    const std::size_t start = at + begin.size();
    parse_workload(content.substr(start, content.find("```", start) - start), "workloads.md");
    ++count;
  }
  EXPECT_EQ(count, 2);
}

/// The layers that the table and the text name are those that there are.
TEST(WorkloadFiles, TheDocumentNamesEveryKindOfLayer) {
  const std::string content = text_of(kDocument);
  for (const LayerKind& kind : layer_kinds()) {
    EXPECT_NE(content.find("`" + std::string(kind.name) + "`"), std::string::npos) << kind.name;
  }
}

TEST(WorkloadFiles, TheirTextIsReadBackTheSame) {
  for (const std::string name : {"efficientnet_b0", "unet", "gpt2_decode", "llama_1b_prefill",
                                 "dlrm", "lstm_2x650", "gru_512"}) {
    const std::string text = to_text(network(name));
    EXPECT_EQ(to_text(graph_from_text(text, "g.txt")), text);
  }
}

TEST(WorkloadFiles, AlexNetHas61MillionParameters) {
  const Work expected = conv(55, 11, 3, 96) + conv(27, 5, 48, 256) + conv(13, 3, 256, 384) +
                        conv(13, 3, 192, 384) + conv(13, 3, 192, 256) + dense(9216, 4096) +
                        dense(4096, 4096) + dense(4096, 1000);
  EXPECT_EQ(total_work(network("alexnet")), expected);
  EXPECT_EQ(parameters(expected), 60'965'224U);  // as Caffe's bvlc_alexnet has
  EXPECT_EQ(expected.macs, 724'406'816U);
}

TEST(WorkloadFiles, Vgg16Has138MillionParameters) {
  const Work expected = conv(224, 3, 3, 64) + conv(224, 3, 64, 64) + conv(112, 3, 64, 128) +
                        conv(112, 3, 128, 128) + conv(56, 3, 128, 256) + 2 * conv(56, 3, 256, 256) +
                        conv(28, 3, 256, 512) + 2 * conv(28, 3, 512, 512) +
                        3 * conv(14, 3, 512, 512) + dense(25088, 4096) + dense(4096, 4096) +
                        dense(4096, 1000);
  EXPECT_EQ(total_work(network("vgg16")), expected);
  EXPECT_EQ(parameters(expected), 138'357'544U);  // table 2 of the paper: 138 million
  EXPECT_EQ(expected.macs, 15'470'264'320U);
}

TEST(WorkloadFiles, ResNet18HasItsStages) {
  Work expected = conv(112, 7, 3, 64) + 4 * conv(56, 3, 64, 64) + dense(512, 1000);
  std::uint64_t side = 28;
  for (const std::uint64_t filters : {128U, 256U, 512U}) {
    expected = expected + conv(side, 3, filters / 2, filters) +
               3 * conv(side, 3, filters, filters) + conv(side, 1, filters / 2, filters);
    side /= 2;
  }
  EXPECT_EQ(total_work(network("resnet18")), expected);
  EXPECT_EQ(expected.weights + 1000, 11'689'512U - 2 * 4800U);  // less its batch normalisation
  EXPECT_EQ(expected.macs, 1'814'073'344U);
}

TEST(WorkloadFiles, ResNet50Has25MillionWeights) {
  Work expected = conv(112, 7, 3, 64) + dense(2048, 1000);
  std::uint64_t side = 56;
  std::uint64_t channels = 64;
  std::uint64_t before = 56;  // the side of what a stage reads
  std::uint64_t others = 2;
  for (const std::uint64_t narrow : {64U, 128U, 256U, 512U}) {
    expected = expected + conv(before, 1, channels, narrow) + conv(side, 3, narrow, narrow) +
               conv(side, 1, narrow, 4 * narrow) + conv(side, 1, channels, 4 * narrow) +
               others * (conv(side, 1, 4 * narrow, narrow) + conv(side, 3, narrow, narrow) +
                         conv(side, 1, narrow, 4 * narrow));
    channels = 4 * narrow;
    before = side;
    side /= 2;
    others = narrow == 64 ? 3 : narrow == 128 ? 5 : 2;
  }
  EXPECT_EQ(total_work(network("resnet50")), expected);
  EXPECT_EQ(expected.weights + 1000, 25'557'032U - 2 * 26'560U);  // less its batch normalisation
  EXPECT_EQ(expected.macs, 4'089'184'256U);
}

TEST(WorkloadFiles, MobileNetV2Has300MillionMacs) {
  struct Stage {
    std::uint64_t filters, times, stride;
  };
  // after table 2: the first bottleneck, which does not expand, is beside the loop
  Work expected = conv(112, 3, 3, 32) + conv(112, 3, 1, 32) + conv(112, 1, 32, 16);
  std::uint64_t channels = 16;
  std::uint64_t side = 112;
  for (const Stage& stage :
       {Stage{24, 2, 2}, {32, 3, 2}, {64, 4, 2}, {96, 3, 1}, {160, 3, 2}, {320, 1, 1}}) {
    for (std::uint64_t i = 0; i < stage.times; ++i) {
      const std::uint64_t wide = 6 * channels;
      expected = expected + conv(side, 1, channels, wide);
      side /= i == 0 ? stage.stride : 1;
      expected = expected + conv(side, 3, 1, wide) + conv(side, 1, wide, stage.filters);
      channels = stage.filters;
    }
  }
  expected = expected + conv(7, 1, 320, 1280) + dense(1280, 1000);
  EXPECT_EQ(total_work(network("mobilenet_v2")), expected);
  EXPECT_EQ(expected.weights + 1000, 3'504'872U - 2 * 17'056U);  // less its batch normalisation
  EXPECT_EQ(expected.macs, 300'774'272U);  // the paper: 3.4 million parameters, 300 million
}

TEST(WorkloadFiles, EfficientNetB0Has5MillionParameters) {
  struct Stage {
    std::uint64_t kernel, expansion, filters, times, stride;
  };
  Work expected = conv(112, 3, 3, 32);
  std::uint64_t channels = 32;
  std::uint64_t side = 112;
  std::uint64_t squeezed_biases = 0;
  for (const Stage& stage : {Stage{3, 1, 16, 1, 1},
                             {3, 6, 24, 2, 2},
                             {5, 6, 40, 2, 2},
                             {3, 6, 80, 3, 2},
                             {5, 6, 112, 3, 1},
                             {5, 6, 192, 4, 2},
                             {3, 6, 320, 1, 1}}) {
    for (std::uint64_t i = 0; i < stage.times; ++i) {
      const std::uint64_t wide = stage.expansion * channels;
      if (stage.expansion > 1) {
        expected = expected + conv(side, 1, channels, wide);
      }
      side /= i == 0 ? stage.stride : 1;
      expected = expected + conv(side, stage.kernel, 1, wide) + conv(1, 1, wide, channels / 4) +
                 conv(1, 1, channels / 4, wide) + conv(side, 1, wide, stage.filters);
      squeezed_biases += channels / 4 + wide;
      channels = stage.filters;
    }
  }
  expected = expected + conv(7, 1, 320, 1280) + dense(1280, 1000);
  EXPECT_EQ(total_work(network("efficientnet_b0")), expected);
  // less its batch normalisation; the biases that are not a shift of that are in the published sum
  EXPECT_EQ(expected.weights + squeezed_biases + 1000, 5'288'548U - 2 * 21'008U);
  EXPECT_EQ(expected.biases, 21'008U + squeezed_biases + 1000);
}

TEST(WorkloadFiles, UnetHas31MillionParameters) {
  Work expected = conv(570, 3, 1, 64) + conv(568, 3, 64, 64) + conv(388, 1, 64, 2);
  std::uint64_t side = 282;
  for (const std::uint64_t filters : {128U, 256U, 512U, 1024U}) {
    expected = expected + conv(side, 3, filters / 2, filters) + conv(side - 2, 3, filters, filters);
    side = (side - 2) / 2 - 2;
  }
  side = 28;
  for (const std::uint64_t filters : {512U, 256U, 128U, 64U}) {
    side *= 2;
    expected = expected + conv(side, 2, 2 * filters, filters) +
               conv(side - 2, 3, 2 * filters, filters) + conv(side - 4, 3, filters, filters);
    side -= 4;
  }
  const Graph graph = network("unet");
  EXPECT_EQ(graph.shape(graph.outputs[0]), (Shape{388, 388, 2}));
  EXPECT_EQ(total_work(graph), expected);
  EXPECT_EQ(parameters(expected), 31'030'658U);
}

/// A layer of a transformer: attention to `others` tokens, and a dense layer four times as wide.
constexpr Work transformer_layer(std::uint64_t tokens, std::uint64_t size, std::uint64_t others) {
  return 4 * dense(size, size, tokens) + dense(size, 4 * size, tokens) +
         dense(4 * size, size, tokens) + Work{2 * tokens * others * size, 0, 0, 4 * size};
}

TEST(WorkloadFiles, BertBasesEncoderHas85MillionParameters) {
  for (const std::uint64_t tokens : {128U, 512U}) {
    const Work expected = 12 * transformer_layer(tokens, 768, tokens);
    EXPECT_EQ(total_work(network("bert_base_" + std::to_string(tokens))), expected);
    EXPECT_EQ(parameters(expected), 85'054'464U);
  }
}

TEST(WorkloadFiles, VitS16Has22MillionParameters) {
  const Work expected = conv(14, 16, 3, 384) + 12 * transformer_layer(197, 384, 197) +
                        dense(384, 1000) + Work{0, 0, 0, 384 + 197 * 384 + 2 * 384};
  EXPECT_EQ(total_work(network("vit_s16")), expected);
  EXPECT_EQ(parameters(expected), 22'050'664U);
}

TEST(WorkloadFiles, Gpt2Has124MillionParameters) {
  const Work head = dense(768, 50257, 1, 0) + Work{0, 0, 0, 2 * 768};
  const Work prefill = 12 * transformer_layer(1024, 768, 1024) + head;
  const std::uint64_t mask = 1024U * 1024U;
  EXPECT_EQ(total_work(network("gpt2_prefill")), prefill + (Work{0, 0, 0, mask}));
  EXPECT_EQ(total_work(network("gpt2_decode")), 12 * transformer_layer(1, 768, 1024) + head);
  const std::uint64_t positions = 1024U * 768U;  // with these it is the published number
  EXPECT_EQ(parameters(prefill) + positions, 124'439'808U);
}

/// A layer of Llama 3.2 1B for tokens that see `others` tokens.
constexpr Work llama_layer(std::uint64_t tokens, std::uint64_t others) {
  return 2 * dense(2048, 2048, tokens, 0) + 2 * dense(2048, 512, tokens, 0) +
         3 * dense(2048, 8192, tokens, 0) + Work{2 * tokens * others * 2048, 0, 0, 2 * 2048};
}

TEST(WorkloadFiles, Llama1bHasItsParameters) {
  const Work head = dense(2048, 128256, 1, 0) + Work{0, 0, 0, 2048};
  const Work prefill = 16 * llama_layer(512, 512) + head;
  const std::uint64_t mask = 512U * 512U;
  const std::uint64_t angles = 2 * 64U;  // of a token
  EXPECT_EQ(total_work(network("llama_1b_prefill")),
            prefill + (Work{0, 0, 0, mask + 512 * angles}));
  // In a decoder whose samples are steps the angles are inputs, as each step has its own.
  EXPECT_EQ(total_work(network("llama_1b_decode")), 16 * llama_layer(1, 1024) + head);
  EXPECT_EQ(parameters(prefill), 1'235'814'400U);  // the head's weights are the embeddings' too
}

TEST(WorkloadFiles, DlrmHasMlperfsLayers) {
  const Work expected = dense(13, 512) + dense(512, 256) + dense(256, 128) +
                        Work{27 * 27 * 128, 0, 0, 0} + dense(128 + 27 * 26 / 2, 1024) +
                        dense(1024, 1024) + dense(1024, 512) + dense(512, 256) + dense(256, 1);
  EXPECT_EQ(total_work(network("dlrm")), expected);
}

TEST(WorkloadFiles, DcgansGeneratorEndsIn64Pixels) {
  const Graph graph = network("dcgan_generator");
  EXPECT_EQ(graph.shape(graph.outputs[0]), (Shape{64, 64, 3}));
  EXPECT_EQ(total_work(graph), dense(100, 16384) + conv(8, 5, 1024, 512) + conv(16, 5, 512, 256) +
                                   conv(32, 5, 256, 128) + conv(64, 5, 128, 3));
}

TEST(WorkloadFiles, RecurrentNetworksMultiplyEachStep) {
  // the first step has no recurrent part
  const Work layer = dense(650, 4 * 650, 35) + dense(650, 4 * 650, 34, 0);
  EXPECT_EQ(total_work(network("lstm_2x650")), 2 * layer + dense(650, 10000, 35));
  EXPECT_EQ(total_work(network("gru_512")), dense(512, 3 * 512, 25) + dense(512, 3 * 512, 24, 0));
}

}  // namespace
}  // namespace systol
