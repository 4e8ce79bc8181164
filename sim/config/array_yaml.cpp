// Writing a config as YAML.
#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "sim/config/array_file.h"
#include "sim/config/dram_file.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

/// Text as YAML reads it back: plain where that is safe, otherwise in double quotes.
std::string scalar(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const bool safe = !text.empty() && text.front() != '-' && text.front() != '.' &&
                    text.find_first_not_of(kPlain) == std::string_view::npos;
  if (safe && text != "null" && text != "Null" && text != "NULL") {
    return std::string(text);
  }
  std::string result = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string memory_yaml(const MemoryConfig& memory) {
  std::vector<std::string_view> holds;
  for (isa::Space space : memory.holds) {
    holds.push_back(isa::name_of(space));
  }
  // A DRAM says its capacity among its own keys.
  const std::string capacity = memory.capacity && !memory.dram
                                   ? fmt::format(" capacity: {},", to_text(*memory.capacity))
                                   : "";
  return fmt::format("  {}: {{holds: [{}], bandwidth: {}, latency: {},{} energy: {}, {}}}\n",
                     scalar(memory.name), fmt::join(holds, ", "),
                     memory.bandwidth ? to_text(*memory.bandwidth) : kUnlimited,
                     to_text(memory.latency), capacity, scalar(memory.energy),
                     memory.dram ? dram_yaml(*memory.dram) : "model: channel");
}

/// A clock of its own, or that of the operating point which the voltage names.
std::string clock_yaml(const ArrayConfig& config) {
  std::string text;
  if (config.operating_points.empty()) {
    text = fmt::format("clock: {}\n", to_text(config.clock));
  } else {
    text = "operating_points:\n";
    for (const OperatingPoint& point : config.operating_points) {
      text += fmt::format("  - {{voltage: {}, clock: {}}}\n", to_text(point.voltage),
                          to_text(point.clock));
    }
  }
  return config.voltage ? text + fmt::format("voltage: {}\n", to_text(*config.voltage)) : text;
}

}  // namespace

std::string to_yaml(const ArrayConfig& config) {
  std::string text = fmt::format(
      "name: {}\n"
      "{}"
      "array: {{rows: {}, columns: {}, dataflow: {}, tile_use: {}, pe: {}, clock_gating: {}}}\n"
      "weight_fifo: {{tiles: {}, fetch: {}}}\n"
      "accumulators: {{rows: {}}}\n"
      "unified_buffer: {{capacity: {}, slices: {}}}\n"
      "command_queue: {{depth: {}}}\n"
      "dma: {{outstanding: {}}}\n"
      "memory:\n",
      scalar(config.name), clock_yaml(config), config.rows, config.columns,
      name_of(config.dataflow), name_of(config.tile_use), isa::describe(config.pe).name,
      name_of(config.clock_gating), config.weight_fifo_tiles, name_of(config.tile_fetch),
      config.accumulator_rows, to_text(config.unified_buffer), config.buffer_slices,
      config.command_queue_depth, config.dma_outstanding);
  for (const MemoryConfig& memory : config.memories) {
    text += memory_yaml(memory);
  }
  return text + fmt::format("energy: {}\n", scalar(config.energy.string()));
}

}  // namespace systol
