#include "host/scale_sim/topology.h"

#include <gtest/gtest.h>

#include <map>

#include "host/import/synthetic.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const std::filesystem::path kTopologies =
    std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/workloads/scale-sim";

constexpr const char* kGemm = "Layer,M,N,K,\n";
constexpr const char* kConvolution =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
    "Strides,\n";
const std::string kColumns =
    "; the columns are Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, "
    "Channels, Num Filter, Strides";

std::vector<TopologyLayer> layers(const std::string& text) {
  return parse_topology(text, "t.csv").layers;
}

std::string error_of(const std::string& text) {
  return TempFiles().error_of([&] { layers(text); });
}

using Layers = std::vector<TopologyLayer>;

TEST(Topology, AGemmHasItsSizes) {
  const Layers expected = {{"fc 1", 1, 512, 784}, {"fc2", 64, 10, 256}};
  EXPECT_EQ(layers("Layer,M,N,K,\nfc 1,1,512,784,\nfc2,64,10,256,\n"), expected);
}

TEST(Topology, EveryWayToWriteItReadsAlike) {
  const Layers expected = {{"fc1", 1, 512, 784}, {"fc2", 64, 10, 256}};
  EXPECT_EQ(layers("layer name, m, n, k\r\n\r\n fc1 ,\t1, 512 ,784\r\nfc2,64,10,256"), expected);
  EXPECT_EQ(layers("\xEF\xBB\xBFLayer,M,N,K,,,\n,,,\nfc1,1,512,784,,,\nfc2,64,10,256,#note\n"),
            expected);
  EXPECT_EQ(layers("Layer,M,N,K,Sparsity,\nfc1,1,512,784,1:1,\nfc2,64,10,256,\n"), expected);
  EXPECT_EQ(layers("Layer,M,N,K,Sparsity\nfc1,1,512,784,\nfc2,64,10,256,4:4\n"), expected);
}

TEST(Topology, AConvolutionIsItsIm2colForm) {
  // (27 - 5) / 1 + 1 = 23 places a side.
  const Layers expected = {{"c", 23 * 23, 256, 5 * 5 * 96}};
  EXPECT_EQ(layers(std::string(kConvolution) + "c,27,27,5,5,96,256,1,\n"), expected);
}

TEST(Topology, ANameWithAControlCharacterIsRefused) {
  EXPECT_EQ(error_of("Layer,M,N,K,\na\tb,1,2,3\n"),
            "t.csv:2:1: found the name 'a\\x09b', allowed: no control characters");
}

TEST(Topology, PlacesAreRoundedUpAsScaleSimDoes) {
  // ceil((224 - 11 + 4) / 4) = ceil(54.25); ceil((7 - 2 + 3) / 3) = ceil(2.67), exactly 2 for 5.
  EXPECT_EQ(layers(std::string(kConvolution) + "c,224,7,11,2,3,96,4,\n")[0].m, 55U * 3);
  EXPECT_EQ(layers(std::string(kConvolution) + "c,8,5,2,2,1,1,3,\n")[0].m, 3U * 2);
  EXPECT_EQ(layers(std::string(kConvolution) + "c,5,5,5,5,1,1,9,\n")[0].m, 1U);
}

TEST(Topology, StridesMayDiffer) {
  const Layers expected = {{"c", 3 * 2, 8, 4}};  // down by 2 and across by 4
  EXPECT_EQ(layers("Layer name,IFMAP height,IFMAP width,Filter height,Filter width,Channels,"
                   "Num filter,Stride height,Stride width,\nc,6,6,2,2,1,8,2,4,\n"),
            expected);
  EXPECT_EQ(layers(std::string(kConvolution) + "c,6,6,2,2,1,8,2,4,\n"), expected)
      << "both under the one heading";
  EXPECT_EQ(layers("Layer,ifmap_h,ifmap_w,filter_h,filter_w,num_channels,num_filters,stride,"
                   "Sparsity Ratio\nc,6,6,2,2,1,8,2,1:1")[0]
                .m,
            3U * 3);
}

TEST(Topology, ADepthwiseConvolutionIsALayerPerChannel) {
  const Layers expected = {{"DP_1Channel_0", 9, 2, 4}, {"DP_1Channel_1", 9, 2, 4}, {"fc", 1, 5, 8}};
  EXPECT_EQ(layers(std::string(kConvolution) + "DP_1,4,4,2,2,2,2,1,\nfc,1,1,1,1,8,5,1,\n"),
            expected);
  EXPECT_EQ(layers(std::string(kGemm) + "DP_1,4,4,2,\n").size(), 1U) << "only in this form";
}

TEST(Topology, RefusesAnUnknownHeader) {
  const std::string allowed =
      ", allowed: a SCALE-Sim topology, whose first line is 'Layer, M, N, K' or 'Layer name, IFMAP "
      "Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides', both with "
      "'Sparsity' if wanted";
  EXPECT_EQ(error_of("\nfc1,1,512,784,\n"), "t.csv:2:1: found 'fc1,1,512,784,'" + allowed);
  EXPECT_EQ(error_of("Layer\n"), "t.csv:1:1: found 'Layer'" + allowed);
  EXPECT_EQ(error_of("Layer,M,K,N,\n"),
            "t.csv:1:9: found column 'K', expected 'N'; the columns are Layer, M, N, K");
  EXPECT_EQ(error_of("Layer, M, N,\n"),
            "t.csv:1:13: the header ends before column 'K'; the columns are Layer, M, N, K");
  EXPECT_EQ(error_of("Layer,M,N,K,Batch,\n"),
            "t.csv:1:13: found column 'Batch'; after 'K' there can only be 'Sparsity'");
  EXPECT_EQ(error_of("Layer,M,N,K,Sparsity,Batch,\n"),
            "t.csv:1:22: found column 'Batch'; 'Sparsity' is the last one there can be");
  EXPECT_EQ(error_of("Layer, IFMAP Width, IFMAP Width, Filter Height, Filter Width, Channels, Num "
                     "Filter, Strides,\n"),
            "t.csv:1:8: found column 'IFMAP Width', expected 'IFMAP Height'" + kColumns);
}

TEST(Topology, RefusesAFileWithoutLayers) {
  EXPECT_EQ(error_of(""), "t.csv: no layers: the file is empty");
  EXPECT_EQ(error_of("\n , ,\n"), "t.csv: no layers: the file is empty");
  EXPECT_EQ(error_of(kGemm), "t.csv: no layers: nothing follows the header");
}

TEST(Topology, RefusesWrongNumbers) {
  for (const std::string value :
       {"0", "-1", "1.5", "x", "1000001", "99999999999999999999", "1 2"}) {
    EXPECT_EQ(error_of("Layer,M,N,K,\nfc1,1, " + value + ",784,\n"),
              "t.csv:2:8: N: found '" + value + "', allowed: whole numbers from 1 to 1000000");
  }
  EXPECT_EQ(error_of("Layer,M,N,K,\nfc1,1,,784,\n"),
            "t.csv:2:7: N: found '', allowed: whole numbers from 1 to 1000000");
  EXPECT_EQ(error_of("Layer,M,N,K,\nfc1,1,512,\n"),
            "t.csv:2:11: K: the line ends before it; the columns are Layer, M, N, K");
  EXPECT_EQ(error_of("Layer,M,N,K,\nfc1,1,512,784,1:1\n"),
            "t.csv:2:15: found '1:1' after the last column; the columns are Layer, M, N, K");
  EXPECT_EQ(
      error_of("Layer,M,N,K,Sparsity\nfc1,1,512,784,1:1,2\n"),
      "t.csv:2:19: found '2' after the last column; the columns are Layer, M, N, K, Sparsity");
  EXPECT_EQ(error_of("Layer,M,N,K,\n,1,512,784,\n"), "t.csv:2:1: found a layer without a name");
  EXPECT_EQ(error_of("Layer,M,N,K,\n" + std::string(201, 'x') + ",1,512,784,\n"),
            "t.csv:2:1: found the name '" + std::string(60, 'x') +
                "...', allowed: at most 200 characters");
  EXPECT_EQ(error_of(std::string(kConvolution) + "c,6,6,2,2,1,8,2,4x,\n"),
            "t.csv:2:17: found '4x' after the last column" + kColumns);
  EXPECT_EQ(error_of(std::string(kConvolution) + "c,6,6,2,2,1,8,2,0,\n"),
            "t.csv:2:17: Stride Width: found '0', allowed: whole numbers from 1 to 1000000");
}

TEST(Topology, RefusesSparseLayers) {
  for (const std::string value : {"2:4", "1:", "0:0", ":1", "4", "1:1:1", "dense", "01:01"}) {
    EXPECT_EQ(error_of("Layer,M,N,K,Sparsity,\nfc1,1,512,784," + value + ",\n"),
              "t.csv:2:15: Sparsity: found '" + value +
                  "', which the machine does not have yet; allowed: dense layers, that is 1:1 or "
                  "nothing");
  }
}

TEST(Topology, RefusesAFilterLargerThanItsImage) {
  EXPECT_EQ(error_of(std::string(kConvolution) + "c,4,9,5,5,96,256,1,\n"),
            "t.csv:2:7: Filter Height: found 5, allowed: at most the IFMAP Height, 4");
  EXPECT_EQ(error_of(std::string(kConvolution) + "c,9,4,5,5,96,256,1,\n"),
            "t.csv:2:9: Filter Width: found 5, allowed: at most the IFMAP Width, 4");
}

TEST(Topology, RefusesWhatIsTooLarge) {
  EXPECT_EQ(error_of(std::string(kConvolution) + "c,1001,1000,1,1,1,1,1,\n"),
            "t.csv:2:1: layer 'c': M (output pixels) is 1001000, allowed: at most 1000000");
  EXPECT_EQ(
      error_of(std::string(kConvolution) + "c,1000000,1000000,1000000,1000000,1000000,1,1,\n"),
      "t.csv:2:1: layer 'c': K (filter area times channels) is 1000000000000000000, allowed: "
      "at most 1000000");
  EXPECT_EQ(layers(std::string(kGemm) + "f,1000000,536,1,\n")[0].m, 1'000'000U);
}

TEST(Topology, HoldsAtMostTenThousandLayers) {
  std::string text = kGemm;
  for (int i = 0; i < 10'000; ++i) {
    text += "f,1,1,1,\n";
  }
  EXPECT_EQ(layers(text).size(), 10'000U);
  EXPECT_EQ(error_of(text + "f,1,1,1,\n"),
            "t.csv:10002:1: found more than 10000 layers, the most there can be");
  EXPECT_EQ(error_of(std::string(kConvolution) + "DP,1,1,1,1,10001,1,1,\n"),
            "t.csv:2:1: found more than 10000 layers, the most there can be");
}

TEST(Topology, OfEveryDeliveredFileReads) {
  std::map<std::string, std::size_t> counts;
  for (const auto& entry : std::filesystem::directory_iterator(kTopologies)) {
    if (is_topology_file(entry.path())) {
      const Topology topology = load_topology(entry.path());
      counts[topology.name] = topology.layers.size();
    }
  }
  EXPECT_EQ(counts, (std::map<std::string, std::size_t>{{"alexnet", 5},
                                                        {"gemm_suite", 17},
                                                        {"mlp_mnist_b1", 3},
                                                        {"mlp_mnist_b256", 3},
                                                        {"mlp_mnist_b64", 3},
                                                        {"resnet50", 54},
                                                        {"vit_s", 5}}));
}

TEST(Topology, AFileThatIsNotThereSaysSo) {
  const TempFiles files;
  EXPECT_EQ(files.error_of([&] { load_topology(files.path("t.csv")); }), "t.csv: no such file");
}

TEST(Topology, IsKnownByItsName) {
  EXPECT_TRUE(is_topology_file("a/b.csv"));
  EXPECT_TRUE(is_topology_file("b.CSV"));
  EXPECT_FALSE(is_topology_file("csv"));
  EXPECT_FALSE(is_topology_file("b.csv.yaml"));
}

TEST(Topology, AShapeWhoseValuesNobodyCouldHoldIsFineForTime) {
  EXPECT_EQ(parse_topology(std::string(kGemm) + "f,1,65536,120000,\n", "t.csv").layers,
            (std::vector<TopologyLayer>{{"f", 1, 65'536, 120'000}}));
}

TEST(Topology, ALayerIsANetworkOfItsOwn) {
  const TopologyLayer layer = {"fc1", 3, 5, 7};
  const Graph graph = graph_of(layer, 11);
  EXPECT_EQ(graph.name, "fc1");
  ASSERT_EQ(graph.nodes.size(), 1U);
  EXPECT_EQ(graph.nodes.front().name, "fc1");
  EXPECT_EQ(graph.input_size(), 7U);
  EXPECT_EQ(graph.output_size(), 5U);
  EXPECT_EQ(graph.seed, 11U);
  EXPECT_FALSE(graph.has_values()) << "a shape is enough for time";
  const auto weights = [&](std::uint64_t seed) {
    Graph filled = graph_of(layer, seed);
    fill_constants(filled);
    return test::values_of(filled, "fc1.weights");
  };
  EXPECT_EQ(weights(11).size(), 35U);
  EXPECT_EQ(weights(11), weights(11));
  EXPECT_NE(weights(11), weights(12));
}

}  // namespace
}  // namespace systol
