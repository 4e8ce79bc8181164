// Workloads: networks as YAML.
#include "host/import/workload.h"

#include "host/graph/verify.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  systol::test::read_or_refuse([&] { verify(systol::parse_workload(text, "workload.yaml")); });
  return 0;
}
