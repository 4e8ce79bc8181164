// What training has been like so far.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace systol {

struct StepRecord {
  double loss = 0;            ///< the mean over its samples, before its update
  std::uint32_t samples = 0;  ///< of its batch
  std::uint32_t correct = 0;  ///< of them
  float rate = 0;             ///< the learning rate of its update
  bool operator==(const StepRecord&) const = default;
};

/// Of the samples that nothing is learned from.
struct TestRecord {
  double loss = 0;
  std::uint32_t samples = 0;
  std::uint32_t correct = 0;
  bool operator==(const TestRecord&) const = default;
};

struct History {
  std::vector<StepRecord> steps;
  std::vector<TestRecord> tests;  ///< after each epoch; none without test data
  bool operator==(const History&) const = default;
};

/// All steps of an epoch together.
struct EpochSummary {
  std::uint64_t steps = 0;
  double loss = 0;      ///< the mean over its samples
  double accuracy = 0;  ///< 0 to 1
};

/// Of each step.
std::vector<double> losses_of(const History& history);

/// Of epoch `epoch`, from 0, as far as it has gone.
EpochSummary summary_of(const History& history, std::uint64_t epoch, std::uint64_t steps_per_epoch);

}  // namespace systol
