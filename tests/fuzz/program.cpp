// Programs, as text and as bytes, and the check of what was read.
#include "hw/isa/binary.h"
#include "hw/isa/text.h"
#include "sim/check/program_check.h"
#include "sim/config/array_config.h"
#include "tests/fuzz/fuzz_file.h"

namespace systol::test {
namespace {

ArrayConfig small_array() {
  ArrayConfig config;
  config.rows = config.columns = 8;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = 64;
  config.unified_buffer = Bytes(65'536);
  return config;
}

void check(const isa::Program& program) {
  static const ArrayConfig array = small_array();
  ProgramCheck check(array, program.space_bytes, program.nodes);
  for (const isa::Command& command : program.commands) {
    check.add(command);
  }
  check.finish();
}

/// Both forms give back what they were made of.
void write_and_read(const isa::Program& program) {
  const std::string text = to_text(program);
  if (to_text(isa::from_text(text, "text")) != text) {
    found("this text is not read as it was written", text);
  }
  const std::vector<std::uint8_t> bytes = to_binary(program);
  if (to_text(isa::from_binary(bytes, "bytes")) != text) {
    found("these bytes are not read as they were written", text);
  }
}

}  // namespace
}  // namespace systol::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace systol;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  test::read_or_refuse([&] {
    const isa::Program program = isa::is_binary({data, size})
                                     ? isa::from_binary({data, size}, "program.tpu")
                                     : isa::from_text(text, "program.tpu");
    test::write_and_read(program);
    test::check(program);
  });
  return 0;
}
