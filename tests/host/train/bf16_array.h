// An array of bf16 PEs for tests: small, with one memory that costs no time.
#pragma once

#include "sim/config/array_config.h"

namespace systol::test {

inline ArrayConfig bf16_array(std::uint32_t rows, std::uint32_t columns) {
  ArrayConfig config;
  config.name = "floats";
  config.clock = Hertz(1'000'000'000);
  config.rows = rows;
  config.columns = columns;
  config.pe = isa::PeType::Bf16;
  config.weight_fifo_tiles = 2;
  config.accumulator_rows = 16;
  config.unified_buffer = Bytes(16'384);
  config.command_queue_depth = 8;
  config.dma_outstanding = 4;
  MemoryConfig memory;
  memory.name = "dram";
  memory.energy = "lpddr4";
  memory.holds = {isa::Space::Weights, isa::Space::Activations};
  config.memories = {memory};
  config.energy = SYSTOL_SOURCE_DIR "/configs/energy/45nm.yaml";
  return config;
}

}  // namespace systol::test
