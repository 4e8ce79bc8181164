// What a training step has besides its matmuls, as work of a vector unit in float32: a closed form,
// not a simulation (docs/training.md).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "host/train/optimiser.h"
#include "host/train/training_graph.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

enum class VectorPart : std::uint8_t {
  Forward,
  InputGradient,
  WeightGradient,
  Loss,
  Update,
};
inline constexpr std::array<std::string_view, 5> kVectorPartNames = {
    "forward", "input gradient", "weight gradient", "loss", "update"};

/// Passes over values, each from memory to memory.
struct VectorWork {
  std::uint64_t operations = 0;  ///< of a lane: a value's addition, product, comparison
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  Cycles cycles;

  VectorWork& operator+=(const VectorWork& other);
  VectorWork operator*(std::uint64_t times) const;
  bool operator==(const VectorWork&) const = default;
};
using VectorParts = std::array<VectorWork, kVectorPartNames.size()>;

VectorWork total(const VectorParts& parts);

/// One of them.
struct VectorPass {
  VectorPart part = VectorPart::Forward;
  std::uint64_t operations = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  bool operator==(const VectorPass&) const = default;
};

/// Of a step's graph: a pass for each node that runs and is no product, but those that only turn a
/// matrix, which the array reads turned, or rename one; and one for the loss itself.
std::vector<VectorPass> graph_passes(const TrainingGraph& step);
/// The update of each parameter that is not fixed.
std::vector<VectorPass> update_passes(const TrainingGraph& step,
                                      const OptimiserSettings& optimiser);

/// A pass takes the larger of what its operations take, one a lane and cycle in as many lanes as
/// the array has columns, and of what its bytes take in the memory of activations; and then that
/// memory's latency.
Cycles cycles_of(const VectorPass& pass, const ArrayConfig& config);
VectorParts vector_parts(const std::vector<VectorPass>& passes, const ArrayConfig& config);

}  // namespace systol
