// A generator and an adversary, trained against each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/history.h"
#include "host/train/learner.h"
#include "host/train/optimiser.h"
#include "host/train/training.h"
#include "host/train/training_data.h"

namespace systol {

/// Generative adversarial training (Goodfellow et al., 2014). The generator makes samples of noise,
/// which is uniform in its input's range, or in [0, 1) without one; the adversary says of a sample
/// whether it is one of the data. A step is one of the adversary, with a batch of the data, whose
/// target is 1, and as many samples that the generator makes, whose target is 0; then one of the
/// generator, with other noise, whose gradient comes through the adversary, for which the target is
/// 1. With the cross-entropy this is the loss that does not saturate. What noise and which samples
/// a step has depends on the seed and the step's number alone.
class AdversarialTrainer : public Training {
 public:
  /// Both have their values. `data` has inputs of the adversary, and neither labels nor targets.
  /// Throws InputError for networks that cannot be trained or do not fit each other.
  AdversarialTrainer(Graph generator, Graph adversary, TrainingSettings settings,
                     TrainingData data);

  void step() override;
  std::uint64_t steps_per_epoch() const override { return steps_per_epoch_; }
  std::uint64_t steps_done() const override { return made_.steps.size(); }
  const TrainingSettings& settings() const override { return settings_; }
  std::string progress() const override;

  /// Of the generator's steps: the samples are those that it made, right those that the adversary
  /// took for data.
  const History& generator_history() const { return made_; }
  /// Of the adversary's steps: twice as many samples, half of them made.
  const History& adversary_history() const { return judged_; }
  /// With the parameters that they have now.
  const Graph& generator() const { return generator_; }
  const Graph& adversary() const { return adversary_; }
  /// What the generator makes, [samples][values], of the same noise in each call: that of the
  /// inputs which are made up for a model without any.
  std::vector<float> make(std::size_t samples);

  const TrainingIdentity& identity() const override { return identity_; }
  /// The generator's parameters, then the adversary's; a step's record of the adversary, then that
  /// of the generator.
  Checkpoint checkpoint() const override;
  void restore(Checkpoint checkpoint) override;

 private:
  void judge(std::span<const std::uint32_t> order);
  std::vector<float> noise(std::size_t samples, std::uint64_t draw) const;

  Graph generator_;
  Graph adversary_;
  Graph chain_;  ///< the adversary of what the generator makes; its values are those of the others
  TrainingSettings settings_;
  TrainingData data_;
  std::uint64_t steps_per_epoch_;
  Learner making_;     ///< makes samples
  Learner judging_;    ///< learns the adversary
  Learner deceiving_;  ///< learns the generator
  Optimiser optimiser_;
  SampleOrder order_;
  History made_;
  History judged_;
  TrainingIdentity identity_;
};

/// The samples of an adversary's step for each of a batch: one of the data, one that is made.
inline constexpr std::size_t kJudged = 2;

}  // namespace systol
