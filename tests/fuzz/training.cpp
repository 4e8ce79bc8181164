// Trainings beside another: the JSON of `systol train`.
#include "host/training_page/shown_run.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const systol::test::FuzzFile file("training.json");
  systol::test::read_or_refuse([&] { systol::read_shown_runs(file.write(data, size)); });
  return 0;
}
