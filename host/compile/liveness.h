// From when to when each tensor is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/compile/steps.h"

namespace systol {

/// A tensor that is stored, or other bytes that a step needs, and the first and the last step in
/// which it must exist. What a step reads and what it writes exist in that step; an output of the
/// graph, and a state's next value, exist up to the end.
struct Lifetime {
  TensorId tensor{};
  std::uint64_t sample_bytes = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  std::uint64_t fixed_bytes = 0;  ///< whatever the number of samples

  std::uint64_t bytes(std::uint64_t samples) const { return fixed_bytes + samples * sample_bytes; }
  bool meets(const Lifetime& other) const { return first <= other.last && other.first <= last; }
  bool operator==(const Lifetime&) const = default;
};

/// The graph's inputs, its states' values, then each step's output.
std::vector<Lifetime> lifetimes_of(const Graph& graph, const Steps& steps);

/// Of so many samples, what exists in each of `steps` steps, at least one.
std::vector<std::uint64_t> bytes_by_step(const std::vector<Lifetime>& lifetimes, std::size_t steps,
                                         std::uint64_t samples);

/// The most bytes of one sample that exist in one step.
std::uint64_t peak_bytes(const std::vector<Lifetime>& lifetimes);

}  // namespace systol
