// What every compiled program promises, over many random networks and arrays.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "sim/check/program_check.h"
#include "sim/config/array_file.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/checked_run.h"
#include "tests/host/compile/networks.h"
#include "tests/sanitized.h"

namespace systol::test {
namespace {

/// The bytes that a `load_weights` fetches, [rows][columns].
struct LoadedTile {
  isa::LoadWeights load;
  std::vector<std::int8_t> values;
};

/// Follows the tiles through the FIFO to the matmuls and compares each with its layer.
void expect_every_weight_once_per_sample(const Work& work, const CompiledProgram& compiled) {
  MemoryImage memory(compiled.program);
  const auto weights = memory.space(isa::Space::Weights);
  std::vector<std::vector<std::uint32_t>> used;  // per step and weight: samples multiplied by it
  const std::vector<Step> steps = work.steps();
  for (const Step& step : steps) {
    used.emplace_back(step.softmax() ? 0 : work.matmul(step).weights.size());
  }
  std::deque<LoadedTile> fifo;
  LoadedTile active;
  for (const isa::Command& command : compiled.program.commands) {
    if (const auto* load = std::get_if<isa::LoadWeights>(&command.operation)) {
      ASSERT_EQ(load->space, isa::Space::Weights);
      const auto bytes = weights.subspan(load->memory, std::size_t{load->rows} * load->columns);
      fifo.push_back({*load, {bytes.begin(), bytes.end()}});
    }
    if (const auto* matmul = std::get_if<isa::Matmul>(&command.operation)) {
      if (!matmul->reuse) {
        ASSERT_FALSE(fifo.empty());
        active = std::move(fifo.front());
        fifo.pop_front();
      }
      const isa::Origin& at = command.origin;
      const Step& step = steps.at(at.node);
      ASSERT_EQ(matmul->depth, active.load.rows);
      ASSERT_EQ(matmul->columns, active.load.columns);
      for (std::uint32_t r = 0; r < matmul->depth; ++r) {
        for (std::uint32_t c = 0; c < matmul->columns; ++c) {
          const std::size_t weight = std::size_t{at.depth + r} * step.outputs + at.column + c;
          ASSERT_EQ(active.values[r * matmul->columns + c], work.matmul(step).weights.at(weight))
              << "node " << step.name << ", input " << at.depth + r << ", output " << at.column + c;
          used[at.node][weight] += matmul->rows();
        }
      }
    }
  }
  EXPECT_TRUE(fifo.empty());
  for (const std::vector<std::uint32_t>& layer : used) {
    ASSERT_TRUE(std::ranges::all_of(layer, [&](auto count) { return count == work.samples; }));
  }
}

void expect_passes_program_check(const CompiledProgram& compiled, const ArrayConfig& config) {
  ProgramCheck check(config, compiled.program.space_bytes, compiled.program.nodes);
  for (const isa::Command& command : compiled.program.commands) {
    check.add(command);
  }
  check.finish();
}

std::uint64_t values_of(const Work& work) {
  std::uint64_t values = 0;
  for (const Step& step : work.steps()) {
    values += std::uint64_t{work.samples} * step.outputs;
  }
  for (const TensorId output : work.graph->graph->outputs) {
    values += work.samples * elements(work.graph->graph->shape(output));
  }
  return values;
}

/// Compares all values with the reference. The expected macs are counted here.
RunResult expect_equals_reference(const Work& work, const ArrayConfig& config, Device& device) {
  const NetworkProgram program = work.program_for(config);
  const CheckedRun run = checked_run(device, program, *work.graph, work.input);
  EXPECT_EQ(run.check.mismatches, 0U);
  EXPECT_EQ(run.check.missing, 0U);
  EXPECT_EQ(run.check.compared, values_of(work));
  const IntegerResult expected = run_integer(*work.graph, work.input, work.samples);
  for (std::size_t i = 0; i < run.outputs.size(); ++i) {
    EXPECT_EQ(run.outputs[i], expected.of(program.plan().outputs[i]));
  }
  const std::vector<Step> steps = work.steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(
        run.result.nodes[i].activity[Action::MacsUseful],
        steps[i].softmax() ? 0 : std::uint64_t{work.samples} * steps[i].inputs * steps[i].outputs);
  }
  EXPECT_EQ(run.result.ledger().total(), run.result.cycles);
  return run.result;
}

RunResult expect_equals_reference(const Work& work, const ArrayConfig& config) {
  return expect_equals_reference(work, config,
                                 *make_systemc_device("systemc", config, make_model_unit, {}));
}

void expect_all(const Work& work, const ArrayConfig& config) {
  const CompiledProgram compiled = work.compile_for(config);
  ASSERT_NO_THROW(expect_passes_program_check(compiled, config));
  expect_every_weight_once_per_sample(work, compiled);
  EXPECT_EQ(isa::from_text(isa::to_text(compiled.program), "p"), compiled.program);
  if (!::testing::Test::HasFailure()) {
    expect_equals_reference(work, config);
  }
}

/// Streaming loads what an earlier layer stored; a resident program never does.
bool streams(const CompiledProgram& compiled) {
  return std::ranges::any_of(compiled.program.commands, [](const isa::Command& command) {
    const auto* load = std::get_if<isa::Load>(&command.operation);
    return load != nullptr && command.origin.node > 0 && load->space == isa::Space::Activations;
  });
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(random_() % (high - low + 1));
  }
  Activation activation() {
    constexpr Activation kAll[] = {Activation::None,    Activation::Relu, Activation::LeakyRelu,
                                   Activation::Sigmoid, Activation::Tanh, Activation::Softmax};
    return kAll[between(0, 5)];
  }
  Work work() {
    std::vector<std::uint32_t> widths{between(1, 60)};
    std::vector<Activation> activations;
    for (std::uint32_t layers = between(1, 4); layers > 0; --layers) {
      widths.push_back(between(1, 40));
      activations.push_back(activation());
    }
    const std::uint32_t samples = between(1, 3) == 1 ? 1 : between(1, 25);
    return network(widths, activations, samples, between(1, samples), random_());
  }
  /// With plenty of buffer, or with little more than the least.
  ArrayConfig machine_for(const Work& work) {
    const std::uint32_t rows = between(1, 12);
    const std::uint32_t columns = between(1, 12);
    std::uint64_t buffer = least_buffer(rows, columns);
    for (const Step& step : work.steps()) {
      const std::uint64_t tiles = 2 * (rows + columns);
      const std::uint64_t softmax_rows = step.softmax() ? 2 * step.outputs : 0;
      buffer = std::max(buffer, least_buffer(rows, columns) - tiles + softmax_rows);
    }
    buffer += between(0, 1) == 0 ? between(0, 30) : 65'536;
    ArrayConfig config = array(rows, columns, buffer, between(1, 30));
    config.weight_fifo_tiles = between(1, 4);
    config.command_queue_depth = between(1, 16);
    config.dma_outstanding = between(1, 8);
    return config;
  }

 private:
  std::mt19937_64 random_;
};

/// In several tests, so that they can run at the same time.
class RandomNetworks : public ::testing::TestWithParam<int> {};

TEST_P(RandomNetworks, RunExactlyAsTheReferenceSays) {
  constexpr int kCases = kSanitized ? 8 : 60;
  int streamed = 0;
  for (int i = 0; i < kCases; ++i) {
    Draw draw(static_cast<std::uint64_t>(GetParam() * kCases + i));
    const Work work = draw.work();
    const ArrayConfig config = draw.machine_for(work);
    expect_all(work, config);
    ASSERT_FALSE(HasFailure()) << "case " << i << ": " << config.rows << "x" << config.columns
                               << ", batch " << work.batch << " of " << work.samples;
    streamed += streams(work.compile_for(config)) ? 1 : 0;
  }
  EXPECT_GT(streamed, kCases / 20) << "both ways through a network are tried";
  EXPECT_LT(streamed, kCases / 2);
}

INSTANTIATE_TEST_SUITE_P(Part, RandomNetworks, ::testing::Range(0, kSanitized ? 2 : 4));

/// The other dataflows, too, on the fast engine.
void expect_right(const Work& work, const ArrayConfig& config) {
  const CompiledProgram compiled = work.compile_for(config);
  ASSERT_NO_THROW(expect_passes_program_check(compiled, config));
  expect_equals_reference(work, config, *make_fast_device(config, {}));
}

class OnEachDataflow : public ::testing::TestWithParam<Dataflow> {
 protected:
  /// Enough accumulators for any dataflow.
  static ArrayConfig array_of(std::uint32_t rows, std::uint32_t columns,
                              std::uint64_t buffer = 1 << 20, std::uint32_t accumulators = 16) {
    ArrayConfig config = array(rows, columns, buffer, std::max(rows, accumulators));
    config.dataflow = GetParam();
    return config;
  }
  static bool compiles(const Work& work, const ArrayConfig& config) {
    try {
      work.compile_for(config);
      return true;
    } catch (const InputError&) {
      return false;  // the buffer is too small
    }
  }
  /// With the least buffer that the network can be compiled for, to 16 bytes: of those that are a
  /// multiple of 256 first.
  static ArrayConfig with_least_buffer(const Work& work, ArrayConfig config) {
    std::uint64_t bytes = 1024;
    for (const std::uint64_t step : {std::uint64_t{256}, std::uint64_t{16}}) {
      for (;; bytes += step) {
        config.unified_buffer = Bytes(bytes);
        if (compiles(work, config)) {
          break;
        }
      }
      if (step == 256 && bytes > 1024) {
        bytes -= 256;
      }
    }
    return config;
  }
};

TEST_P(OnEachDataflow, RandomNetworksAreRight) {
  int streamed = 0;
  constexpr int kCases = kSanitized ? 10 : 150;
  for (int i = 0; i < kCases; ++i) {
    Draw draw(static_cast<std::uint64_t>(5000 + i));
    const Work work = draw.work();
    ArrayConfig config =
        array_of(draw.between(1, 12), draw.between(1, 12), 65'536, draw.between(1, 40));
    if (draw.between(0, 1) == 0) {
      config = with_least_buffer(work, config);
    }
    expect_right(work, config);
    ASSERT_FALSE(HasFailure()) << "case " << i << ": " << config.rows << "x" << config.columns
                               << ", batch " << work.batch << " of " << work.samples;
    streamed += streams(work.compile_for(config)) ? 1 : 0;
  }
  EXPECT_GT(streamed, kCases / 20);
  EXPECT_LT(streamed, kCases / 2);
}

TEST_P(OnEachDataflow, LayersOneWiderOrNarrowerThanTheArrayAreRight) {
  for (const std::uint32_t width : {1U, 7U, 8U, 9U}) {
    for (const std::uint32_t samples : {1U, 7U, 8U, 9U, 17U}) {
      expect_right(
          network({width, width, width}, {Activation::Relu, Activation::Tanh}, samples, samples),
          array_of(8, 8));
      ASSERT_FALSE(HasFailure()) << width << " wide, " << samples << " samples";
    }
  }
}

TEST_P(OnEachDataflow, OutputsDoNotDependOnTheBatch) {
  for (const std::uint32_t batch : {1U, 2U, 3U, 12U, 13U}) {
    const Work work = network({30, 17, 5}, {Activation::Relu, Activation::Softmax}, 13, batch);
    const ArrayConfig config = array_of(4, 4, 1 << 20, 6);
    expect_right(work, config);
    expect_right(work, with_least_buffer(work, config));
    ASSERT_FALSE(HasFailure()) << "batch " << batch;
  }
}

TEST_P(OnEachDataflow, ASinglePeIsRight) {
  expect_right(network({5, 3, 2}, {Activation::Relu, Activation::Softmax}, 3, 3),
               array_of(1, 1, 1 << 20, 1));
}

INSTANTIATE_TEST_SUITE_P(Dataflow, OnEachDataflow,
                         ::testing::Values(Dataflow::WeightStationary, Dataflow::OutputStationary,
                                           Dataflow::InputStationary),
                         [](const auto& dataflow) { return std::string(name_of(dataflow.param)); });

TEST(Networks, OnASinglePeAreRight) {
  expect_all(network({5, 3, 2}, {Activation::Relu, Activation::Softmax}, 3, 3), array(1, 1));
  expect_all(network({5, 3, 2}, {Activation::Relu, Activation::Softmax}, 3, 3),
             array(1, 1, least_buffer(1, 1), 1));
}

TEST(Networks, WithASingleAccumulatorRowAreRight) {
  expect_all(network({20, 9}, {Activation::Tanh}, 7, 7), array(4, 4, 1 << 16, 1));
}

TEST(Networks, OfOneInputAndOneOutputAreRight) {
  expect_all(network({1, 1, 1}, {Activation::Tanh, Activation::None}, 2, 1), array(8, 8));
}

TEST(Networks, OfExactlyTheArraysSizeAreRight) {
  expect_all(network({8, 8, 8}, {Activation::Relu, Activation::None}, 8, 8), array(8, 8));
}

TEST(Networks, OneWiderOrNarrowerThanTheArrayAreRight) {
  for (const std::uint32_t width : {7U, 9U}) {
    expect_all(network({width, width, width}, {Activation::Relu, Activation::Tanh}, 3, 3),
               array(8, 8));
  }
}

TEST(Networks, ManyTableAndSoftmaxLayersInARowAreRight) {
  using enum Activation;
  const std::vector<Activation> functions{Tanh,    Softmax, Sigmoid, LeakyRelu,
                                          Softmax, Tanh,    Softmax};
  const Work work = network({12, 11, 10, 9, 8, 7, 6, 5}, functions, 5, 2);
  expect_all(work, array(4, 4));
  expect_all(work, array(4, 4, least_buffer(4, 4) + 8));
}

/// Longer than the window in which commands can be told to signal.
TEST(Networks, OfVeryManyCommandsAreRight) {
  for (const std::uint64_t buffer : {std::uint64_t{1} << 20, least_buffer(2, 2)}) {
    const Work work = network({36, 40, 5}, {Activation::Tanh, Activation::Softmax}, 100, 100);
    const ArrayConfig config = array(2, 2, buffer + 30, 2);
    const CompiledProgram compiled = work.compile_for(config);
    EXPECT_GT(compiled.program.commands.size(), Schedule::kWindow);
    ASSERT_NO_THROW(expect_passes_program_check(compiled, config));
    expect_equals_reference(work, config);
  }
}

TEST(Networks, GiveTheSameOutputsWhateverTheBatch) {
  for (const std::uint64_t buffer : {std::uint64_t{1} << 20, least_buffer(4, 4) + 40}) {
    for (const std::uint32_t batch : {1U, 2U, 3U, 12U, 13U}) {
      Work work = network({30, 17, 5}, {Activation::Relu, Activation::Softmax}, 13, batch);
      expect_all(work, array(4, 4, buffer, 6));
    }
  }
}

/// A tensor that two matmuls read, two outputs, one of them read on, and a reshape.
Graph fan_out() {
  Graph graph;
  graph.name = "fan-out";
  graph.input_range = ValueRange{-1.0F, 1.0F};
  const TensorId input = graph.add_input("input", {2, 3, 5});
  const TensorId flat = graph.add_node("flat", Reshape{{30}}, {input});
  const TensorId trunk =
      graph.add_node("relu", Map{Function::Relu}, {add_dense(graph, "trunk", flat, 23)});
  const TensorId left = add_dense(graph, "left", trunk, 9);
  const TensorId middle =
      graph.add_node("tanh", Map{Function::Tanh}, {add_dense(graph, "middle", trunk, 17)});
  const TensorId right = add_dense(graph, "right", middle, 4);
  const TensorId late = add_dense(graph, "late", trunk, 6);
  const TensorId end = graph.add_node("softmax", Softmax{}, {right});
  graph.outputs = {left, end, late, middle};
  return graph;
}

TEST_P(OnEachDataflow, GraphsThatBranchAreRight) {
  for (const std::uint32_t batch : {1U, 3U, 7U}) {
    const Work work = work_of(fan_out(), 7, batch);
    const ArrayConfig config = array_of(4, 4, 1 << 20, 6);
    expect_right(work, config);
    expect_right(work, with_least_buffer(work, config));
    ASSERT_FALSE(HasFailure()) << "batch " << batch;
  }
}

TEST_P(OnEachDataflow, FunctionsAfterEachOtherAreOneTable) {
  Graph graph;
  graph.name = "two functions";
  graph.input_range = ValueRange{-1.0F, 1.0F};
  const TensorId sums = add_dense(graph, "fc", graph.add_input("input", {20}), 8);
  const TensorId tanh = graph.add_node("tanh", Map{Function::Tanh}, {sums});
  graph.outputs = {graph.add_node("relu", Map{Function::Relu}, {tanh})};
  expect_right(work_of(std::move(graph), 5, 5), array_of(4, 4));
}

TEST(Networks, ResidentAndStreamedDoTheSameWork) {
  const Work work = network({30, 17, 5}, {Activation::Relu, Activation::Softmax}, 6, 6);
  const ArrayConfig large = array(4, 4, 1 << 20);
  const ArrayConfig small = array(4, 4, least_buffer(4, 4));
  const CompiledProgram resident = work.compile_for(large);
  const CompiledProgram streamed = work.compile_for(small);
  ASSERT_FALSE(streams(resident));
  ASSERT_TRUE(streams(streamed));
  const RunResult a = expect_equals_reference(work, large);
  const RunResult b = expect_equals_reference(work, small);
  EXPECT_EQ(a.activity()[Action::MacsUseful], b.activity()[Action::MacsUseful]);
  EXPECT_EQ(a.activity()[Action::Requantised], b.activity()[Action::Requantised]);
  // Only what goes in and comes out meets the memory.
  EXPECT_EQ(a.activity()[memory_read(isa::Space::Activations)], 6U * 30);
  EXPECT_EQ(a.activity()[memory_write(isa::Space::Activations)], 6U * 5);
  EXPECT_EQ(b.activity()[memory_write(isa::Space::Activations)], 6U * (17 + 5 + 5));
}

}  // namespace
}  // namespace systol::test
