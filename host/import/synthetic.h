// Made-up weights and inputs, the same on every machine for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/graph.h"

namespace systol {

/// Steele, Lea and Flood's SplitMix64: 64 bits a step, any seed as good as any other.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// Evenly distributed in [low, high), in steps of (high - low) / 2^53.
  double uniform(double low, double high);

 private:
  std::uint64_t state_;
};

/// Gives every layer weights and bias by `graph.seed`: uniform in +-sqrt(3 / inputs), which keeps
/// the values' size from layer to layer (+-sqrt(6 / inputs) before a function that drops or damps
/// what is negative), and bias uniform in +-0.1. Layer i's depend on the seed, i and its size only.
void fill_weights(Graph& graph);

/// [rows][graph.inputs()] values, uniform in `graph.input_range`, or in [0, 1) without one.
std::vector<float> synthetic_inputs(const Graph& graph, std::size_t rows, std::uint64_t seed);

}  // namespace systol
