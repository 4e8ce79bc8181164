// Made-up weights and inputs, the same on every machine for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Steele, Lea and Flood's SplitMix64: 64 bits a step, any seed as good as any other.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// Evenly distributed in [low, high), in steps of (high - low) / 2^53.
  double uniform(double low, double high);
  /// The next ones of uniform(), as float32.
  void uniform(double low, double high, std::span<float> values);
  /// As if so many had been asked for.
  void skip(std::uint64_t count);

 private:
  std::uint64_t state_;
};

/// Gives the constants that have no values those of the model's file, or, where it holds none, some
/// by `graph.seed`: the weights of a matmul or a
/// convolution are uniform in +-sqrt(3 / n), where n is how many products a sum adds, which keeps
/// the values' size from layer to layer (+-sqrt(6 / n) before a function that drops or damps what
/// is negative); what another node multiplies by is uniform in 0.5 to 1.5, and whatever else, such
/// as a bias, in +-0.1. The constants of the i-th node that has weights depend on the seed, i and
/// their shapes only.
/// `filled` is called after each node with its place in the graph's nodes.
void fill_constants(Graph& graph, const std::function<void(std::size_t)>& filled = {});

/// The same values, but large weights that a single node reads get a source that makes them
/// whenever they are read: of a large network they take more time to be written to memory, and read
/// from there, than to be made.
void make_up_constants(Graph& graph, const std::function<void(std::size_t)>& filled = {});

/// [rows][graph.input_size()] values, uniform in `graph.input_range`, or in [0, 1) without one.
std::vector<float> synthetic_inputs(const Graph& graph, std::size_t rows, std::uint64_t seed);

}  // namespace systol
