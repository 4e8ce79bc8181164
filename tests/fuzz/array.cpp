// Arrays as YAML.
#include "sim/config/array_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const systol::test::FuzzFile file("array.yaml");
  static const systol::test::FuzzFile again("again.yaml");
  systol::test::read_or_refuse([&] {
    const systol::ArrayConfig array = systol::load_array_config(file.write(data, size));
    const std::string text = to_yaml(array);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (to_yaml(systol::load_array_config(again.write(bytes, text.size()))) != text) {
      systol::test::found("this array is not read as it was written", text);
    }
  });
  return 0;
}
