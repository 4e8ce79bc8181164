// Why the matrix unit fed nothing: the chain of commands that ends with its next feed.
//
// Every start of the machine is the latest of some moments, and the latest of them was the start,
// or the end, of something else. Followed backwards from a feed, these links cover each cycle since
// the feed before it once.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "hw/isa/command.h"
#include "sim/base/units.h"

namespace systol {

/// What a cycle went to, on the chain.
enum class Wait : std::uint8_t {
  Array,                ///< rows were fed; never while nothing is
  Accumulators,         ///< fed rows on their way into them, the row that is added to, the way out
  WeightShift,          ///< a tile shifted into the array
  WeightsTransfer,      ///< weights left their memory
  WeightsLatency,       ///< and were on their way
  ActivationsTransfer,  ///< the same of activations
  ActivationsLatency,
  ActivationsBeforeWeights,  ///< weights waited for activations that left the same memory
  WeightsBeforeActivations,  ///< and the other way round
  LoadTile,                  ///< a tile went from the buffer to the FIFO
  ActivationUnit,
  VectorUnit,
  Dispatch,  ///< one command a cycle, in order
};
inline constexpr int kWaits = 13;
inline constexpr std::array<std::string_view, kWaits> kWaitNames = {"array",
                                                                    "accumulators",
                                                                    "weight_shift",
                                                                    "weights_transfer",
                                                                    "weights_latency",
                                                                    "activations_transfer",
                                                                    "activations_latency",
                                                                    "activations_before_weights",
                                                                    "weights_before_activations",
                                                                    "load_tile",
                                                                    "activation_unit",
                                                                    "vector_unit",
                                                                    "dispatch"};

/// What made something start when it did, and not earlier.
enum class Reason : std::uint8_t {
  Begin,         ///< nothing: the run begins
  Dispatched,    ///< it was dispatched then
  QueueFull,     ///< it was dispatched when its unit's queue, or that of one before it, had room
  UnitBusy,      ///< its unit was free then
  Token,         ///< a command that it waits for was complete
  Outstanding,   ///< as many requests as may be were in flight
  FifoFull,      ///< the weight FIFO had a slot then
  TileArrived,   ///< its tile was in the FIFO
  TileShifted,   ///< its tile had shifted into the array
  ShadowBusy,    ///< the tile before it had left the shadow registers
  Accumulating,  ///< its first accumulator row had been added to
  Draining,      ///< with sums in place: the way out was free
  Channel,       ///< the memory's channel was free
  InOrder,       ///< an earlier request of its unit was complete
};
inline constexpr int kReasons = 14;

/// A stretch of a chain: what was done from `from` to `to`, and which command did it. `reason` is
/// why that began at `from`.
struct StallLink {
  Wait wait = Wait::Dispatch;
  Reason reason = Reason::Begin;
  isa::Unit unit = isa::Unit::Matrix;  ///< of the command
  std::uint64_t command = 0;           ///< in the program
  std::uint32_t node = 0;              ///< of the command
  Cycles from;
  Cycles to;
  bool operator==(const StallLink&) const = default;
};

/// All cycles between two feeds, or after the last. Links go backwards in time without gaps: the
/// first ends with the stall, the last begins with it.
struct Stall {
  std::uint32_t node_before = 0;  ///< that the cycles before `waiting_from` belong to
  std::uint32_t node = 0;         ///< that the others belong to: of the matmul that waited
  std::uint64_t command = 0;      ///< that matmul; after the last one the command that ended last
  Cycles from;
  Cycles waiting_from;  ///< from when the matmul waited; after the last one `to`
  Cycles to;
  std::span<const StallLink> links;
};

}  // namespace systol
