// The network in integers, written down once more from docs/numerics.md and from nothing else: what
// every engine's outputs are checked against. It includes nothing of sim/ or hw/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/quant_graph.h"

namespace systol {

struct IntegerLayer {
  std::vector<std::int8_t> logits;   ///< [rows][outputs] before softmax
  std::vector<std::int8_t> outputs;  ///< [rows][outputs]; the logits where there is no softmax
};

struct IntegerResult {
  std::vector<IntegerLayer> layers;  ///< one for each layer
};

/// Runs `rows` samples, `inputs` [rows][inputs of the first layer], on up to `threads` threads.
IntegerResult run_integer(const QuantGraph& graph, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads = 1);

/// The index of each row's largest value, the first of equal ones; `values` is [rows][columns].
std::vector<std::size_t> largest(std::span<const std::int8_t> values, std::size_t columns);

}  // namespace systol
