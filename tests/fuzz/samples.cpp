// Files of samples and labels, in the format that the file's name or its first bytes say.
#include "host/import/labels.h"
#include "host/import/network_input.h"
#include "host/import/sample_file.h"
#include "tests/fuzz/fuzz_file.h"

namespace systol::test {
namespace {

constexpr std::size_t kMost = 100;

/// Takes images of two colours of 3 x 4 pixels, as an ONNX model has them.
Graph images() {
  Graph graph;
  graph.name = "images";
  graph.inputs.push_back(graph.add_input("x", {3, 4, 2}));
  graph.input_layouts = {InputLayout::ChannelsFirst};
  return graph;
}

}  // namespace
}  // namespace systol::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace systol;
  static const test::FuzzFile file(SYSTOL_FUZZ_FILE);
  static const Graph images = test::images();
  const FilePlace place{file.write(data, size), {}};
  test::read_or_refuse([&] {
    SampleFile samples = read_sample_file(place, test::kMost);
    if (samples.kept() > samples.count || samples.values.size() % elements(samples.shape) != 0) {
      test::found("these samples do not have their shape", samples.how);
    }
    network_input(std::move(samples), images);
  });
  test::read_or_refuse([&] { read_labels(place); });
  return 0;
}
