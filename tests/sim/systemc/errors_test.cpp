// Programs that the machine cannot run are named, never silently simulated.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

TEST(Errors, ATransferOutsideItsMemoryIsNamed) {
  Script script;
  script(tile())(load(16, 0, Space::Activations, 4081));
  EXPECT_EQ(
      run(script).error,
      "command 1 of node 'fc' (load space=activations memory=0xff1 buffer=0x0 piece_bytes=16 "
      "@0,0,0,0): pieces of 16 bytes at 0xff1 do not fit; the activations memory has 4096 bytes");
}

TEST(Errors, AnAddressOutsideTheBufferIsNamed) {
  Script script;
  script(tile())(matmul(4, {.buffer = 8177}));
  EXPECT_EQ(run(script).error,
            "command 1 of node 'fc' (matmul buffer=0x1ff1:4x4 depth=4 columns=4 accumulator=0 "
            "add=0 reuse=0 @0,0,0,0): pieces of 4 bytes at 0x1ff1:4x4 do not fit; the unified "
            "buffer has 8192 bytes");
}

TEST(Errors, AnAccumulatorRowThatDoesNotExistIsNamed) {
  Script script;
  script(tile())(matmul(4, {.accumulator = 29}));
  EXPECT_EQ(run(script).error,
            "command 1 of node 'fc' (matmul buffer=0x0:4x4 depth=4 columns=4 accumulator=29 add=0 "
            "reuse=0 @0,0,0,0): 4 accumulator rows from row 29 on do not fit; the array has 32");
}

TEST(Errors, AnUnorderedHazardNamesBothCommands) {
  Script script;
  script(load(16))(tile())(matmul(4));
  EXPECT_EQ(run(script).error,
            "unordered hazard: command 2 of node 'fc' (matmul buffer=0x0:4x4 depth=4 columns=4 "
            "accumulator=0 add=0 reuse=0 @0,0,0,0) reads buffer 0x0..0xf that command 0 of node "
            "'fc' (load space=activations memory=0x0 buffer=0x0 piece_bytes=16 @0,0,0,0) writes; "
            "no token orders them");
}

TEST(Errors, ATokenThatNobodyTakesIsNamed) {
  Script script;
  script(load(16), {.signal = {Unit::Matrix}});
  EXPECT_EQ(
      run(script).error,
      "command 0 of node 'fc' (load space=activations memory=0x0 buffer=0x0 piece_bytes=16 "
      "signal=matrix @0,0,0,0): no command of the matrix unit waits for the token that it signals");
}

TEST(Errors, AMatmulWithoutATileIsADeadlock) {
  Script script;
  script(matmul(4));
  EXPECT_EQ(
      run(script).error,
      "command 0 of node 'fc' (matmul buffer=0x0:4x4 depth=4 columns=4 accumulator=0 add=0 reuse=0 "
      "@0,0,0,0): deadlock: it waits for a weight tile that no earlier load_weights loads");
}

TEST(Errors, TilesThatCannotLeaveDeadlockAndAreNamed) {
  // One tile is in the shadow registers, one in the FIFO, one in the queue; the matmuls that would
  // take them are stuck after the fourth.
  Script script;
  for (std::uint64_t i = 0; i < 4; ++i) {
    script(tile(4, 4, 16 * i));
  }
  for (int i = 0; i < 4; ++i) {
    script(matmul(1));
  }
  ArrayConfig config = small_array();
  config.weight_fifo_tiles = 1;
  config.command_queue_depth = 1;
  EXPECT_EQ(run(script, config).error,
            "the program deadlocks at cycle 7: command 2 (load_weights space=weights memory=0x20 "
            "rows=4 columns=4 @0,0,0,0) waits for a free slot in the weight FIFO, command 3 "
            "(load_weights space=weights memory=0x30 rows=4 columns=4 @0,0,0,0) waits for room in "
            "the queue of the weights unit");
  config.weight_fifo_tiles = 2;
  EXPECT_EQ(run(script, config).error, "");
}

TEST(Errors, ADeadlockNamesWhatTheFirstCommandOfEveryUnitLacks) {
  Script script;
  script(tile())(tile())(tile(), {.signal = {Unit::Load, Unit::Store}})(
      load(4, 512), {.wait = {Unit::Weights}, .signal = {Unit::Store}})(
      store(4, 512), {.wait = {Unit::Weights, Unit::Load}})(tile())(tile())(tile());
  for (int i = 0; i < 6; ++i) {
    script(matmul(1));
  }
  ArrayConfig config = small_array();
  config.weight_fifo_tiles = 1;
  config.command_queue_depth = 2;
  EXPECT_EQ(
      run(script, config).error,
      "the program deadlocks at cycle 7: command 2 (load_weights space=weights memory=0x0 rows=4 "
      "columns=4 signal=load,store @0,0,0,0) waits for a free slot in the weight FIFO, command 3 "
      "(load space=activations memory=0x0 buffer=0x200 piece_bytes=4 wait=weights signal=store "
      "@0,0,0,0) waits for a token from weights, command 4 (store space=activations memory=0x800 "
      "buffer=0x200 piece_bytes=4 wait=weights,load @0,0,0,0) waits for a token from weights and a "
      "token from load, command 6 (load_weights space=weights memory=0x0 rows=4 columns=4 "
      "@0,0,0,0) waits for room in the queue of the weights unit");
}

TEST(Errors, TheFirstWrongCommandIsNamed) {
  Script script;
  script(load(16, 8190))(load(16, 9000));
  EXPECT_NE(run(script).error.find("command 0 of node 'fc'"), std::string::npos);
}

}  // namespace
}  // namespace systol::test
