// One trial of the promise that all engines agree: a random machine and a random network.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"
#include "host/import/synthetic.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"

namespace systol {

/// Array sizes that have the RTL engine in the trial: its library must be built for each size.
struct RtlShape {
  std::uint32_t rows;
  std::uint32_t columns;
  std::uint32_t accumulator_rows;
};

struct EqualityCase {
  ArrayConfig config;
  std::vector<std::uint32_t> widths;  ///< inputs of the first layer, then outputs of each
  std::vector<std::optional<Operation>> activations;  ///< after each matmul
  std::uint32_t samples = 1;
  std::uint32_t batch = 1;
  std::uint64_t seed = 1;    ///< of weights and inputs
  bool rtl = false;          ///< the shape is one of rtl_shapes()
  std::uint32_t rounds = 0;  ///< not 0: instead of a network's, a program of random walks
  std::uint32_t nodes = 0;   ///< not 0: instead of a chain, a network of so many operations

  /// The network, with its weights.
  Graph graph() const;
  /// What goes into the network, [samples][inputs].
  std::vector<float> inputs() const;
  /// The network as the array's PEs compute it, calibrated on its inputs.
  std::shared_ptr<const QuantGraph> quantised() const;
  /// Quantises and compiles the network. Throws InputError where the machine is too small.
  isa::Program program() const;
  /// The case in a line, for people.
  std::string text() const;
};

/// Odd sizes, both ways oblong, and one usual one.
const std::vector<RtlShape>& rtl_shapes();

/// Draws a case: rows and columns 1 to 40, every queue, buffer and memory from starved to
/// unlimited, 1 to 5 layers, up to 300 samples. `with_rtl` draws the shape from rtl_shapes().
EqualityCase draw_case(SplitMix64& random, bool with_rtl);

/// Draws a machine in the same way, with a buffer from starved to plenty, and a network of 1 to 12
/// operations of all kinds.
EqualityCase draw_network_case(SplitMix64& random, bool with_rtl);

/// One case in thirty would take more, and as long as all others.
inline constexpr Cycles kMostDrawnCycles{200'000};

/// Draws with `draw` until the machine is not too small for the network, and takes at most
/// kMostDrawnCycles for it.
EqualityCase draw_possible_case(SplitMix64& random, bool with_rtl,
                                EqualityCase (*draw)(SplitMix64&, bool));

/// Draws a machine in the same way, and a program of random walks (draw_walk_program) for it.
EqualityCase draw_walk_case(SplitMix64& random, bool with_rtl);

/// Simpler cases to try when `failing` fails, the boldest simplification first.
std::vector<EqualityCase> simpler(const EqualityCase& failing);

}  // namespace systol
