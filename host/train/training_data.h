// Samples with what a network is to compute of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/train/rate_schedule.h"

namespace systol {

struct TrainingData {
  std::size_t count = 0;
  std::vector<float> inputs;          ///< [count][values of a sample]
  std::vector<std::uint32_t> labels;  ///< a class for each sample; or empty:
  std::vector<float> targets;         ///< [count][values of the output]
  /// Instead of all these a text as whole numbers, of which sample i has `length` from number
  /// i * length on. Of each a sample has a row with a 1 in its place, and the row that is wanted is
  /// that of the number after it.
  std::vector<std::uint32_t> tokens{};
  std::size_t length = 0;

  bool empty() const { return count == 0; }
};

/// Throws std::logic_error unless there are inputs and either labels or targets for each sample; of
/// no outputs there are no targets.
void check_data(const TrainingData& data, std::size_t inputs, std::size_t outputs);

/// Of the samples that `order` names: their inputs one after another, and their targets, of a label
/// 1 for its class and 0 for the others; with one output the label itself.
void gather(const TrainingData& data, std::span<const std::uint32_t> order, std::span<float> inputs,
            std::span<float> targets);

/// The samples of an epoch in the order in which they are learned: a shuffle that depends on the
/// seed and the epoch alone.
std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t epoch);

/// Which samples each step learns.
class SampleOrder {
 public:
  /// `shuffles`: in each epoch anew, as shuffled() does; else they keep their order.
  SampleOrder(std::size_t count, std::uint64_t seed, bool shuffles)
      : count_(count), seed_(seed), shuffles_(shuffles) {}

  /// Of a step; the last of an epoch has what is left.
  std::span<const std::uint32_t> batch(const StepPlace& place, std::size_t samples);

 private:
  std::size_t count_;
  std::uint64_t seed_;
  bool shuffles_;
  std::optional<std::uint64_t> epoch_;  ///< of the order
  std::vector<std::uint32_t> order_;
};

/// A number that other data most likely does not have: CRC-32 of all values.
std::uint32_t fingerprint(const TrainingData& data);

}  // namespace systol
