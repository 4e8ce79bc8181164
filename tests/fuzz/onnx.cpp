// ONNX models.
#include "host/graph/verify.h"
#include "host/import/onnx_model.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const systol::test::FuzzFile file("model.onnx");
  systol::test::read_or_refuse([&] {
    systol::Graph graph = systol::import_onnx(file.write(data, size));
    try {
      verify(graph);
    } catch (const systol::InputError& error) {
      systol::test::found("the importer made a graph that is none", error.what());
    }
    graph.load_values();
    verify(graph);
  });
  return 0;
}
