// Samples with what a network is to compute of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace systol {

struct TrainingData {
  std::size_t count = 0;
  std::vector<float> inputs;          ///< [count][values of a sample]
  std::vector<std::uint32_t> labels;  ///< a class for each sample; or empty:
  std::vector<float> targets;         ///< [count][values of the output]

  bool empty() const { return count == 0; }
};

/// Throws std::logic_error unless there are inputs and either labels or targets for each sample.
void check_data(const TrainingData& data, std::size_t inputs, std::size_t outputs);

/// Of the samples that `order` names: their inputs one after another, and their targets, of a label
/// 1 for its class and 0 for the others; with one output the label itself.
void gather(const TrainingData& data, std::span<const std::uint32_t> order, std::span<float> inputs,
            std::span<float> targets);

/// The samples of an epoch in the order in which they are learned: a shuffle that depends on the
/// seed and the epoch alone.
std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t epoch);

/// A number that other data most likely does not have: CRC-32 of all values.
std::uint32_t fingerprint(const TrainingData& data);

}  // namespace systol
