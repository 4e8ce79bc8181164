// The network in integers, written down once more from docs/numerics.md and from nothing else: what
// every engine's outputs are checked against. It includes nothing of sim/ or hw/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "host/graph/quant_graph.h"

namespace systol {

/// [rows][values] of each tensor that a node computes, by TensorId; empty for inputs, states and
/// constants. A tensor that grows has more values in each row.
struct IntegerResult {
  std::vector<std::vector<std::int8_t>> tensors;

  const std::vector<std::int8_t>& of(TensorId id) const { return tensors[index_of(id)]; }
};

/// Hears that `rows` samples of a tensor have been computed; where samples run one after another,
/// of each of them.
using IntegerObserver = std::function<void(TensorId id, std::size_t rows)>;

/// Runs `rows` samples, `inputs` [rows][input values], on up to `threads` threads; one sample after
/// another where there are states.
IntegerResult run_integer(const QuantGraph& graph, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads = 1, const IntegerObserver& seen = {});

/// The index of each row's largest value, the first of equal ones; `values` is [rows][columns].
std::vector<std::size_t> largest(std::span<const std::int8_t> values, std::size_t columns);

}  // namespace systol
