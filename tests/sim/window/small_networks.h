// Networks of three layers on small arrays of each dataflow, and what a run of them shows.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "sim/config/array_file.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/networks.h"

namespace systol::test {

/// 3 x 5 PEs, or others; neither divides any layer of small_program().
inline ArrayConfig array_of(Dataflow dataflow, std::uint32_t rows = 3, std::uint32_t columns = 5) {
  ArrayConfig config = array(rows, columns, 1 << 14, 12);
  config.dataflow = dataflow;
  return config;
}

/// Layers fc1 (7 to 11), fc2 (11 to 9), fc3 (9 to 4, softmax): 7 samples, 4 at a time.
inline isa::Program small_program(const ArrayConfig& config, std::uint64_t seed = 1) {
  using enum Activation;
  return network({7, 11, 9, 4}, {LeakyRelu, Tanh, Softmax}, 7, 4, seed).compile_for(config).program;
}

struct Times : Observer {
  void completed(std::uint64_t index, const isa::Command&, Cycles start, Cycles end) override {
    EXPECT_TRUE(all.emplace(index, std::pair(start, end)).second) << "twice: command " << index;
  }
  std::map<std::uint64_t, std::pair<Cycles, Cycles>> all;
};

struct Shown {
  RunResult result;
  Times times;
  MemoryImage memory;
};

inline Shown run_on(Device& device, const isa::Program& program) {
  Shown shown;
  shown.memory = MemoryImage(program);
  CommandList commands(program.commands);
  shown.result = device.run(commands, program.nodes, shown.memory, &shown.times);
  return shown;
}

inline void expect_same_memory(const Shown& a, const Shown& b) {
  for (const isa::Space space : {isa::Space::Weights, isa::Space::Activations}) {
    EXPECT_TRUE(std::ranges::equal(a.memory.space(space), b.memory.space(space)))
        << isa::name_of(space);
  }
}

struct EachDataflow : ::testing::TestWithParam<Dataflow> {};

inline std::string dataflow_name(const ::testing::TestParamInfo<Dataflow>& dataflow) {
  return std::string(name_of(dataflow.param));
}
inline const auto kDataflows = ::testing::Values(
    Dataflow::WeightStationary, Dataflow::OutputStationary, Dataflow::InputStationary);

}  // namespace systol::test
