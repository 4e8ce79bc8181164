// How a network is mapped on an array, step by step, for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/compile/layer_choices.h"
#include "host/compile/plan.h"

namespace systol {

struct StepDescription {
  std::string name;
  std::string operation;
  std::string unit;                ///< "matrix" or "vector"
  std::uint64_t row_tiles = 0;     ///< tiles of weights along K; of the vector unit 0
  std::uint64_t column_tiles = 0;  ///< and along N
  /// Share of the array's PEs that a tile of weights fills, of all tiles together; 0 to 1.
  double filled = 0;
  std::uint64_t bands = 1;  ///< in which its tensors go through the buffer; 1 for whole ones
  /// What is computed at a time and the next best, of the matrix unit; empty where nothing is
  /// chosen.
  std::vector<LayerChoice> choices;
  std::uint64_t constants = 0;  ///< bytes of its weights and parameters in memory
  std::string residual;         ///< what is added to its sums on their way to the buffer, or empty
  std::string inputs;           ///< where they lie: "buffer", "memory", "buffer, memory"
  std::string output;
};

std::vector<StepDescription> describe(const Plan& plan);

}  // namespace systol
