// What is trained step by step, and can stop after each of them.
#pragma once

#include <cstdint>
#include <string>

#include "host/train/checkpoint.h"
#include "host/train/training_settings.h"

namespace systol {

class Training {
 public:
  virtual ~Training() = default;

  /// Throws Divergence, which says the step and the layer.
  virtual void step() = 0;
  virtual std::uint64_t steps_done() const = 0;
  virtual std::uint64_t steps_per_epoch() const = 0;
  virtual const TrainingSettings& settings() const = 0;
  /// How far the epoch that the last step belongs to has come, in 30 columns or fewer: "loss 0.25".
  virtual std::string progress() const = 0;

  virtual const TrainingIdentity& identity() const = 0;
  virtual Checkpoint checkpoint() const = 0;
  /// Goes on from there. Throws std::logic_error for a checkpoint of something else.
  virtual void restore(Checkpoint checkpoint) = 0;

  std::uint64_t steps() const { return steps_per_epoch() * settings().epochs; }
  bool done() const { return steps_done() >= steps(); }
  bool at_epoch_end() const { return steps_done() % steps_per_epoch() == 0; }
  StepPlace place() const { return {steps_done(), steps_per_epoch(), settings().epochs}; }

 protected:
  Training() = default;
  Training(const Training&) = default;
  Training& operator=(const Training&) = default;
};

}  // namespace systol
