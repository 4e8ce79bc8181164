// Models and images that are damaged, foreign, or do not fit together.
#include <zlib.h>

#include "tests/file_text.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Input : public ProgramTest {
 protected:
  static std::string unzipped(const std::string& path) {
    std::string bytes(1 << 20, '\0');
    gzFile file = gzopen(path.c_str(), "rb");
    const int length = gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return bytes.substr(0, static_cast<std::size_t>(std::max(length, 0)));
  }
  Ended run_model(const std::string& path) const {
    return systol({"run", path, "-c", config("edge_8x8.yaml")});
  }
  Ended run_images(const std::string& images, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run",     model("mnist_linear_softmax"),
                                       "-c",      config("edge_8x8.yaml"),
                                       "--input", images,
                                       "--limit", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return systol(arguments);
  }
};

TEST_F(Input, AModelThatDoesNotExistIsNamed) {
  EXPECT_EQ(run_model("none.onnx"), error(kWrongInput, "none.onnx: no such file"));
  EXPECT_EQ(run_model("none.yaml"), error(kWrongInput, "none.yaml: no such file"));
  EXPECT_EQ(systol({"run", model("mnist_mlp"), "-c", "edge_8x8"}),
            error(kWrongInput,
                  "edge_8x8: no such file; arrays that come with systol: configs/big_128x128.yaml, "
                  "configs/edge_16x16.yaml, configs/edge_16x16_bf16.yaml, configs/edge_8x8.yaml, "
                  "configs/mid_32x32.yaml, configs/scale_sim.yaml, configs/tpu_v1.yaml"));
  EXPECT_EQ(run_images("none.gz"), error(kWrongInput, "none.gz: no such file"));
}

TEST_F(Input, AModelOfAnotherKindIsRefused) {
  folder_.write("model.pt", "PK");
  EXPECT_EQ(run_model("model.pt"),
            error(kWrongInput,
                  "model.pt: not a model; supported are ONNX (.onnx) and workloads "
                  "(.yaml, .yml)"));
}

TEST_F(Input, SizesAreGivenOnlyForWhatAModelLeavesOpen) {
  for (const std::string command : {"run", "compare", "describe", "compile"}) {
    const auto with = [&](const std::string& of, const std::string& shape) {
      return systol({command, of, "-c", config("edge_8x8.yaml"), "--shape", shape});
    };
    const std::string file = model("mnist_linear_softmax");
    EXPECT_EQ(with(file, "depth=3"),
              error(kWrongInput, file + ": a size is given for the open "
                                        "dimension 'depth'; allowed: 'batch'"));
    EXPECT_EQ(with("4x2", "x=1x4"),
              error(kWrongInput, "4x2: shapes are given, but only ONNX models leave sizes open"));
  }
}

TEST_F(Input, AModelThatIsCutShortAnywhereIsRefused) {
  const std::string whole = text_of(model("mnist_linear_softmax"));
  ASSERT_GT(whole.size(), 10'000U);
  for (const std::size_t length :
       {std::size_t{1}, std::size_t{2}, std::size_t{10}, std::size_t{100}, std::size_t{1'000},
        whole.size() / 2, whole.size() - 100, whole.size() - 1}) {
    folder_.write("cut.onnx", whole.substr(0, length));
    const Ended ended = run_model("cut.onnx");
    EXPECT_EQ(ended.status, kWrongInput) << length << " bytes";
    EXPECT_EQ(ended.err.rfind("systol: error: cut.onnx: ", 0), 0U) << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
  folder_.write("cut.onnx", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(run_model("cut.onnx"), error(kWrongInput, "cut.onnx: not an ONNX model, or cut short"));
}

TEST_F(Input, AForeignFileWithAModelsNameIsRefused) {
  folder_.write("empty.onnx", "");
  EXPECT_EQ(run_model("empty.onnx"), error(kWrongInput, "empty.onnx: the file is empty"));
  folder_.write("text.onnx", "layers:\n  - dense: {units: 4}\n");
  EXPECT_EQ(run_model("text.onnx"),
            error(kWrongInput, "text.onnx: not an ONNX model, or cut short"));
  folder_.write("image.onnx", std::string_view("GIF89a\1\0\1\0", 10));
  EXPECT_EQ(run_model("image.onnx"),
            error(kWrongInput, "image.onnx: not an ONNX model, or cut short"));
}

TEST_F(Input, AnArrayGivenAsAWorkloadIsRefusedAndTheOtherWayRound) {
  write_array();
  write_workload();
  EXPECT_EQ(
      run_model("array.yaml"),
      error(kWrongInput,
            "array.yaml:2:1: unknown key 'clock'; allowed: name, input, seed, variables, blocks, "
            "layers, outputs"));
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "net.yaml"}),
            error(kWrongInput,
                  "net.yaml:2:1: unknown key 'input'; allowed: name, clock, voltage, "
                  "operating_points, array, "
                  "weight_fifo, accumulators, unified_buffer, command_queue, dma, "
                  "memory, energy"));
}

TEST_F(Input, AWorkloadWithAnUnknownActivationIsRefused) {
  folder_.write(
      "net.yaml",
      "name: net\ninput: {shape: [4]}\nlayers:\n  - dense: {units: 4, activation: rellu}\n");
  EXPECT_EQ(run_model("net.yaml"),
            error(kWrongInput,
                  "net.yaml:4:35: layers[0].dense.activation: found 'rellu' (did you "
                  "mean 'relu'?), expected one of: none, relu, relu6, leaky_relu, sigmoid, tanh, "
                  "hard_sigmoid, hard_swish, elu, gelu, silu, softplus, sign, softmax"));
}

TEST_F(Input, ForeignFilesAreRefused) {
  folder_.write("i.idx", "GIF89a");
  EXPECT_EQ(run_images("i.idx"),
            error(kWrongInput,
                  "i.idx: not a file of samples; allowed: IDX, .npy, .npz, PNG, PGM, PPM and PBM, "
                  "which are known by their first bytes, and tables named .csv, .tsv or .txt"));
  EXPECT_EQ(
      run_images(labels()),
      error(kWrongInput, labels() + ": it has 1 value a sample, but 'mnist_linear_softmax' takes "
                                    "784 inputs"));
  EXPECT_EQ(
      run_images(digits(), {"--labels", digits()}),
      error(kWrongInput, digits() + ": its shape is [1000, 28, 28]; labels have one dimension"));
}

TEST_F(Input, ImagesThatAreCutShortAreRefused) {
  const std::string images = unzipped(digits());
  ASSERT_EQ(images.size(), 16U + 1'000 * 784);
  folder_.write("i.idx", images.substr(0, 14));
  EXPECT_EQ(run_images("i.idx"), error(kWrongInput, "i.idx: the IDX header is cut short"));
  folder_.write("i.idx", images.substr(0, 20));
  EXPECT_EQ(run_images("i.idx"),
            error(kWrongInput, "i.idx: the IDX header asks for 784000 bytes, but only 4 follow"));
  folder_.write("i.gz", text_of(digits()).substr(0, 5'000));
  EXPECT_EQ(run_images("i.gz"), error(kWrongInput, "i.gz: the gzip data are cut short"));
  std::string damaged = text_of(digits());
  damaged[20'000] = static_cast<char>(damaged[20'000] ^ 0x55);
  folder_.write("i.gz", damaged);
  EXPECT_EQ(run_images("i.gz"), error(kWrongInput, "i.gz: the gzip data are damaged"));
}

TEST_F(Input, ImagesThatSomethingFollowsAreRefused) {
  folder_.write("i.gz", text_of(digits()) + "junk");
  EXPECT_EQ(run_images("i.gz"),
            error(kWrongInput, "i.gz: the gzip data end, but more follows in the file"));
}

TEST_F(Input, ValuesThatAreNotFiniteAreNamedWithTheFile) {
  EXPECT_EQ(
      run_images(digits(), {"--input-scale", "1e36"}),
      error(kWrongInput, model("mnist_linear_softmax") +
                             ": node '/0/0.0/Gemm' computes values that are not finite float32 "
                             "numbers on the calibration inputs"));
}

TEST_F(Input, PlainAndGzipImagesAreTheSame) {
  folder_.write("i.idx", unzipped(digits()));
  const Ended plain = run_images("i.idx", {"--json", "-"});
  const Ended zipped = run_images(digits(), {"--json", "-"});
  ASSERT_EQ(plain.status, kOk) << plain.err;
  EXPECT_EQ(nlohmann::json::parse(plain.out)["nodes"], nlohmann::json::parse(zipped.out)["nodes"]);
}

TEST_F(Input, ImagesOfAnotherSizeThanTheModelsInputAreRefused) {
  EXPECT_EQ(run_images(digits(), {"--resize", "16x16"}),
            error(kWrongInput, digits() + ": its samples are 16x16 (256 values), but "
                                          "'mnist_linear_softmax' takes 784 inputs"));
  write_array();
  write_workload();
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--input", digits()}),
            error(kWrongInput, digits() + ": its samples are 28x28 (784 values), but 'net' takes 7 "
                                          "inputs"));
}

TEST_F(Input, LabelsOfAnotherNumberThanImagesAreRefused) {
  folder_.write("l.idx",
                unzipped(labels()).replace(4, 4, std::string("\0\0\0\5", 4)).substr(0, 13));
  EXPECT_EQ(run_images(digits(), {"--labels", "l.idx"}),
            error(kWrongInput, "l.idx: it holds 5 labels, but there are 1000 samples"));
}

}  // namespace
}  // namespace systol::test
