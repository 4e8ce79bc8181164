#include "host/compile/program.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

template <class Operation>
std::size_t count(const CompiledProgram& compiled) {
  return static_cast<std::size_t>(
      std::ranges::count_if(compiled.program.commands, [](const isa::Command& command) {
        return std::holds_alternative<Operation>(command.operation);
      }));
}

std::size_t count_reused(const CompiledProgram& compiled) {
  return static_cast<std::size_t>(
      std::ranges::count_if(compiled.program.commands, [](const isa::Command& command) {
        const auto* matmul = std::get_if<isa::Matmul>(&command.operation);
        return matmul != nullptr && matmul->reuse;
      }));
}

std::string error_of(const Work& work, const ArrayConfig& config) {
  try {
    work.compile_for(config);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

int zero_point_of(const Work& work) { return work.matmul(work.steps().front()).zero_point; }
int input_zero_point_of(const Work& work) {
  return work.graph->of(work.steps().front().input()).zero_point;
}

/// The commands as text, without the program's head.
std::string commands_of(const CompiledProgram& compiled) {
  isa::Program bare;
  bare.commands = compiled.program.commands;
  const std::string text = isa::to_text(bare);
  std::size_t first = text.size();
  for (const std::string_view mnemonic : isa::kMnemonics) {
    const std::size_t at = text.find(fmt::format("\n{} ", mnemonic));
    first = std::min(first, at == std::string::npos ? first : at + 1);
  }
  return text.substr(first);
}

TEST(Compile, OneTileIsLoadMultiplyActivateStore) {
  EXPECT_EQ(commands_of(layer(3, 2, 5).compile_for(array(4, 4))),
            "load space=activations memory=0x0:5x3 buffer=0x448:5x3 piece_bytes=3 signal=matrix "
            "@0,0,0,0\n"
            "load space=weights memory=0x6 buffer=0x424 piece_bytes=18 signal=activate @0,0,0,0\n"
            "set_channels buffer=0x424 columns=2 wait=load @0,0,0,0\n"
            "load_weights space=weights memory=0x0 rows=3 columns=2 @0,0,0,0\n"
            "matmul buffer=0x448:5x3 depth=3 columns=2 accumulator=0 add=0 reuse=0 zero_point=" +
                std::to_string(input_zero_point_of(layer(3, 2, 5))) +
                " wait=load signal=activate @0,0,0,0\n"
                "activate accumulator=0 columns=2 buffer=0x457:5x2 zero_point=" +
                std::to_string(zero_point_of(layer(3, 2, 5))) +
                " minimum=-128 maximum=127 table=0 wait=matrix signal=store @0,0,0,0\n"
                "store space=activations memory=0xf:5x2 buffer=0x457:5x2 piece_bytes=2 "
                "wait=activate @0,0,0,0\n");
}

ArrayConfig with_dataflow(ArrayConfig config, Dataflow dataflow) {
  config.dataflow = dataflow;
  return config;
}

TEST(Compile, WithOutputStationarySamplesArePeRows) {
  // Five samples on four rows: a block of four and one of one.
  const Work work = layer(3, 2, 5);
  const std::string clamp = " zero_point=" + std::to_string(zero_point_of(work)) +
                            " minimum=-128 maximum=127 table=0 wait=matrix signal=store ";
  const std::string fed =
      " zero_point=" + std::to_string(input_zero_point_of(work)) + " wait=load signal=activate ";
  EXPECT_EQ(
      commands_of(work.compile_for(with_dataflow(array(4, 4), Dataflow::OutputStationary))),
      "load space=activations memory=0x0:4x3 buffer=0x448:4x3 piece_bytes=3 signal=matrix "
      "@0,0,0,0\n"
      "load space=activations memory=0xc buffer=0x454 piece_bytes=3 signal=matrix @0,4,0,0\n"
      "load space=weights memory=0x6 buffer=0x424 piece_bytes=18 signal=activate @0,0,0,0\n"
      "set_channels buffer=0x424 columns=2 wait=load @0,0,0,0\n"
      "load_weights space=weights memory=0x0 rows=3 columns=2 @0,0,0,0\n"
      "matmul_output_stationary buffer=0x448:4x3 depth=3 columns=2 accumulator=0 begin=1 drain=1" +
          fed +
          "@0,0,0,0\n"
          "activate accumulator=0 columns=2 buffer=0x457:4x2" +
          clamp +
          "@0,0,0,0\n"
          "load_weights space=weights memory=0x0 rows=3 columns=2 @0,4,0,0\n"
          "matmul_output_stationary buffer=0x454 depth=3 columns=2 accumulator=4 begin=1 drain=1" +
          fed +
          "@0,4,0,0\n"
          "activate accumulator=4 columns=2 buffer=0x45f" +
          clamp +
          "@0,4,0,0\n"
          "store space=activations memory=0xf:4x2 buffer=0x457:4x2 piece_bytes=2 "
          "wait=activate @0,0,0,0\n"
          "store space=activations memory=0x17 buffer=0x45f piece_bytes=2 wait=activate "
          "@0,4,0,0\n");
}

TEST(Compile, WithOutputStationaryAProductBeginsWithItsFirstTileAndDrainsWithItsLast) {
  const CompiledProgram compiled =
      layer(10, 6, 3).compile_for(with_dataflow(array(4, 4), Dataflow::OutputStationary));
  std::vector<std::array<bool, 2>> begins_and_drains;
  for (const isa::Command& command : compiled.program.commands) {
    if (const auto* matmul = std::get_if<isa::MatmulOutputStationary>(&command.operation)) {
      begins_and_drains.push_back({matmul->begin, matmul->drain});
    }
  }
  EXPECT_EQ(begins_and_drains, (std::vector<std::array<bool, 2>>{{true, false},
                                                                 {false, false},
                                                                 {false, true},
                                                                 {true, false},
                                                                 {false, false},
                                                                 {false, true}}));
  EXPECT_EQ(count<isa::LoadWeights>(compiled), 6U);
  EXPECT_EQ(count<isa::Matmul>(compiled), 0U);
}

TEST(Compile, InputStationarySamplesAreATilesColumns) {
  // Room for 32 channels, half the accumulators, in two turns: parameters from 0x400 and 0x520 on,
  // weights from 0x640 and 0x6c0 on.
  const Work work = layer(3, 2, 4);
  EXPECT_EQ(commands_of(work.compile_for(with_dataflow(array(4, 4), Dataflow::InputStationary))),
            "load space=activations memory=0x0:4x3 buffer=0x740:4x3 piece_bytes=3 signal=weights "
            "@0,0,0,0\n"
            "load space=weights memory=0x6 buffer=0x520 piece_bytes=18 @0,0,0,0\n"
            "load space=weights memory=0x0 buffer=0x6c0 piece_bytes=6 signal=matrix @0,0,0,0\n"
            "load_tile buffer=0x740:4x3 depth=3 transposed=1 wait=load @0,0,0,0\n"
            "matmul buffer=0x6c0:2x3 depth=3 columns=4 accumulator=0 add=0 reuse=0 wait=load "
            "signal=activate @0,0,0,0\n"
            "activate_transposed accumulator=0 rows=2 channels=0x520 buffer=0x74c:4x2 zero_point=" +
                std::to_string(zero_point_of(work)) +
                " minimum=-128 maximum=127 table=0 wait=matrix signal=store @0,0,0,0\n"
                "store space=activations memory=0xc:4x2 buffer=0x74c:4x2 piece_bytes=2 "
                "wait=activate @0,0,0,0\n");
}

TEST(Compile, AnActivationTileThatIsTheOnlyOneStaysForAllColumnTiles) {
  // 32 accumulator rows for a column tile: 70 outputs are three.
  const ArrayConfig config = with_dataflow(array(4, 4), Dataflow::InputStationary);
  const CompiledProgram one_block = layer(4, 70, 4).compile_for(config);
  EXPECT_EQ(count<isa::Matmul>(one_block), 3U);
  EXPECT_EQ(count<isa::LoadTile>(one_block), 1U);
  EXPECT_EQ(count_reused(one_block), 2U);
  EXPECT_EQ(count<isa::LoadWeights>(one_block), 0U);
  EXPECT_EQ(count<isa::SetChannels>(one_block), 0U);
  const CompiledProgram two_row_tiles = layer(5, 70, 4).compile_for(config);
  EXPECT_EQ(count<isa::LoadTile>(two_row_tiles), 6U);
  EXPECT_EQ(count_reused(two_row_tiles), 0U);
}

TEST(Compile, RaggedLayersHaveATileForEveryPart) {
  const CompiledProgram compiled = layer(20, 10).compile_for(array(8, 4));
  EXPECT_EQ(count<isa::LoadWeights>(compiled), 3U * 3U);
  EXPECT_EQ(count<isa::Matmul>(compiled), 9U);
  EXPECT_EQ(count<isa::Activate>(compiled), 3U);
  EXPECT_EQ(count<isa::SetChannels>(compiled), 3U);
  std::vector<std::array<std::uint32_t, 2>> sizes;
  for (const isa::Command& command : compiled.program.commands) {
    if (const auto* load = std::get_if<isa::LoadWeights>(&command.operation)) {
      sizes.push_back({load->rows, load->columns});
    }
  }
  EXPECT_EQ(sizes, (std::vector<std::array<std::uint32_t, 2>>{
                       {8, 4}, {8, 4}, {4, 4}, {8, 4}, {8, 4}, {4, 4}, {8, 2}, {8, 2}, {4, 2}}));
}

TEST(Compile, OnlyTheFirstTileOfASumOverwritesTheAccumulators) {
  for (const isa::Command& command : layer(20, 10, 3).compile_for(array(8, 4)).program.commands) {
    if (const auto* matmul = std::get_if<isa::Matmul>(&command.operation)) {
      EXPECT_EQ(matmul->add, command.origin.depth > 0);
    }
  }
}

TEST(Compile, MoreSamplesThanAccumulatorRowsAreCutIntoBlocksOfHalfOfThem) {
  const CompiledProgram compiled = layer(20, 4, 19).compile_for(array(8, 4, 1 << 16, 10));
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> accumulators;
  for (const isa::Command& command : compiled.program.commands) {
    if (const auto* activate = std::get_if<isa::Activate>(&command.operation)) {
      rows.push_back(activate->rows());
      accumulators.push_back(activate->accumulator);
    }
  }
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{5, 5, 5, 4}));
  EXPECT_EQ(accumulators, (std::vector<std::uint32_t>{0, 5, 0, 5})) << "in turn";
  EXPECT_EQ(count<isa::LoadWeights>(compiled), 4U * 3U) << "each block needs all three tiles";
}

TEST(Compile, AColumnTileOfOneWeightTileIsLoadedOnceForAllBlocks) {
  const CompiledProgram compiled = layer(8, 10, 19).compile_for(array(8, 4, 1 << 16, 10));
  EXPECT_EQ(count<isa::LoadWeights>(compiled), 3U);
  EXPECT_EQ(count<isa::Matmul>(compiled), 3U * 4U);
  EXPECT_EQ(count_reused(compiled), 3U * 3U);
}

TEST(Compile, ReluIsAClampAtTheZeroPoint) {
  const Work work = network({4, 4}, {Activation::Relu}, 2, 2);
  for (const isa::Command& command : work.compile_for(array(4, 4)).program.commands) {
    if (const auto* activate = std::get_if<isa::Activate>(&command.operation)) {
      EXPECT_EQ(activate->requantisation.minimum, activate->requantisation.zero_point);
      EXPECT_FALSE(activate->requantisation.table);
    }
  }
}

TEST(Compile, TablesAreSetWhereALayerHasOne) {
  using enum Activation;
  const CompiledProgram compiled =
      network({4, 4, 4, 4}, {Tanh, None, Sigmoid}, 1, 1).compile_for(array(4, 4));
  EXPECT_EQ(count<isa::SetTable>(compiled), 2U);
  for (const isa::Command& command : compiled.program.commands) {
    if (const auto* activate = std::get_if<isa::Activate>(&command.operation)) {
      EXPECT_EQ(activate->requantisation.table, command.origin.node != 1) << command.origin.node;
    }
  }
}

TEST(Compile, LayersAreNamedAndTheOutputIsPlaced) {
  const Work work = network({6, 5, 3}, {Activation::Relu, Activation::None}, 7, 2);
  const CompiledProgram compiled = work.compile_for(array(4, 4));
  EXPECT_EQ(compiled.program.nodes, (std::vector<std::string>{"fc1", "fc2"}));
  EXPECT_EQ(compiled.output.rows, 7U);
  EXPECT_EQ(compiled.output.columns, 3U);
  EXPECT_EQ(compiled.program.space_bytes[1], compiled.output.address + 7 * 3);
}

TEST(Compile, AResidentTensorBetweenLayersTakesNoMemory) {
  const Work work = network({6, 50, 3}, {Activation::Relu, Activation::None}, 7, 7);
  EXPECT_EQ(work.compile_for(array(4, 4)).program.space_bytes[1], 7U * (6 + 3));
  EXPECT_EQ(work.compile_for(array(4, 4, least_buffer(4, 4))).program.space_bytes[1],
            7U * (6 + 50 + 3));
  const NetworkProgram spilled = work.program_for(array(4, 4, least_buffer(4, 4)));
  EXPECT_EQ(spilled.plan().spilled(), (std::vector<std::string>{"f1"}));
  EXPECT_TRUE(work.program_for(array(4, 4)).plan().spilled().empty());
}

TEST(Compile, TheSameInputGivesTheSameProgram) {
  const Work work = network({20, 10, 3}, {Activation::Tanh, Activation::Softmax}, 9, 4);
  EXPECT_EQ(work.compile_for(array(4, 4)).program, work.compile_for(array(4, 4)).program);
}

TEST(Compile, StreamedCommandsAreTheCompiledOnes) {
  const Work work = network({20, 10, 3}, {Activation::Tanh, Activation::Softmax}, 9, 4);
  for (const ArrayConfig& config : {array(4, 4), array(4, 4, least_buffer(4, 4))}) {
    std::unique_ptr<CommandSource> source;
    {
      const NetworkProgram program = work.program_for(config);
      source = program.commands();
    }  // what is handed out does not depend on the program any more
    std::vector<isa::Command> commands;
    for (isa::Command command; source->next(command);) {
      commands.push_back(command);
    }
    EXPECT_EQ(commands, work.compile_for(config).program.commands);
  }
}

TEST(Compile, ShapesAreEnoughForTheSameCommandsButTheirZeroPoints) {
  const Work work = network({20, 10, 3}, {Activation::Tanh, Activation::Softmax}, 9, 4);
  Graph shapes = *work.graph->graph;
  for (Constant& constant : shapes.constants) {
    constant.values.clear();
  }
  const NetworkProgram program(std::make_shared<const Graph>(shapes), array(4, 4), 9, 4);
  std::vector<isa::Command> expected = work.compile_for(array(4, 4)).program.commands;
  const std::unique_ptr<CommandSource> commands = program.commands();
  std::size_t i = 0;
  for (isa::Command command; commands->next(command); ++i) {
    if (auto* activate = std::get_if<isa::Activate>(&expected.at(i).operation)) {
      activate->requantisation.zero_point = 0;
    }
    EXPECT_EQ(command, expected[i]) << i;
  }
  EXPECT_EQ(i, expected.size());
}

TEST(Compile, ABufferThatHoldsNotOneRowOfTilesIsRefused) {
  const Work work = layer(100, 100);
  EXPECT_EQ(error_of(work, array(4, 4, least_buffer(4, 4))), "no error");
  EXPECT_EQ(error_of(work, array(4, 4, least_buffer(4, 4) - 1)),
            "unified_buffer.capacity: 1111 bytes cannot hold the parameters (1096 bytes) and one "
            "row of double-buffered tiles (16 bytes) of a 4x4 array");
  EXPECT_EQ(error_of(work, array(4, 4, 1024)),
            "unified_buffer.capacity: 1024 bytes cannot hold the parameters (1096 bytes) and one "
            "row of double-buffered tiles (16 bytes) of a 4x4 array");
}

TEST(Compile, ASoftmaxRowThatDoesNotFitInAChainMakesItANetwork) {
  const Work work = network({100, 600}, {Activation::Softmax}, 1, 1);
  EXPECT_TRUE(work.program_for(array(4, 4, 1096 + 1200)).plan().chain);
  EXPECT_FALSE(work.program_for(array(4, 4, 1096 + 1199)).plan().chain);
  EXPECT_EQ(error_of(work, array(4, 4, 1096 + 1199)), "no error");
}

TEST(Compile, MoreActivationsThanAMemoryHoldsAreRefusedWhereTheyHaveValues) {
  Graph graph;
  graph.name = "wide";
  graph.outputs = {add_dense(graph, "wide", graph.add_input("input", {1}), 1'000'000)};
  QuantMatMul matmul;
  matmul.weights.resize(1'000'000);
  matmul.bias.resize(1'000'000);
  matmul.multiplier.resize(1'000'000);
  matmul.shift.resize(1'000'000, 1);
  QuantGraph quantised;
  quantised.tensors.resize(graph.tensors.size());
  quantised.nodes = {matmul};
  quantised.graph = std::make_shared<const Graph>(std::move(graph));
  const auto shared = std::make_shared<const QuantGraph>(std::move(quantised));
  EXPECT_NO_THROW(NetworkProgram(shared->graph, array(4, 4), 9'000, 9'000));
  try {
    const NetworkProgram program(shared, array(4, 4), 9'000, 9'000);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "wide: 9000 samples need more than 8589934592 bytes of activations; give fewer "
                 "samples, or ask for time and traffic only");
  }
}

TEST(Compile, AnOutputThatIsNamedTwiceIsStoredOnce) {
  Graph graph;
  graph.name = "twice";
  const TensorId fc = add_dense(graph, "fc", graph.add_input("input", {8}), 4);
  const TensorId shaped = graph.add_node("shaped", Reshape{{2, 2}}, {fc});
  graph.outputs = {fc, shaped};
  const Work work = work_of(std::move(graph), 3, 3);
  EXPECT_EQ(count<isa::Store>(work.compile_for(array(4, 4))), 1U);
  const std::vector<OutputPlace> outputs = work.program_for(array(4, 4)).outputs();
  EXPECT_NE(outputs[0].tensor, outputs[1].tensor);
  EXPECT_EQ(outputs[0].stored, outputs[1].stored);
  EXPECT_EQ(outputs[0].address, outputs[1].address);
}

TEST(Compile, TheMemoryIsWhatTheWholeProgramBrings) {
  const Work work = network({9, 7, 5}, {Activation::Tanh, Activation::None}, 3, 3);
  const NetworkProgram program = work.program_for(array(4, 4));
  const MemoryImage memory = program.memory(work.input);
  const MemoryImage whole(program.whole(work.input));
  for (const isa::Space space : {isa::Space::Weights, isa::Space::Activations}) {
    EXPECT_TRUE(std::ranges::equal(memory.space(space), whole.space(space)));
    EXPECT_TRUE(std::ranges::any_of(memory.space(space), [](auto byte) { return byte != 0; }));
  }
}

TEST(Compile, AProgramForTimeHasNoValues) {
  const Work work = layer(4, 4);
  EXPECT_THROW(NetworkProgram(work.graph->graph, array(4, 4), 1, 1).memory({}), std::logic_error);
}

}  // namespace
}  // namespace systol::test
