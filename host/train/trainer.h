// A network trained on samples, with labels or targets.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/history.h"
#include "host/train/learner.h"
#include "host/train/optimiser.h"
#include "host/train/training.h"
#include "host/train/training_data.h"
#include "host/train/training_graph.h"

namespace systol {

/// Trains a network. The result depends on its arguments alone; nothing runs on a second thread.
class Trainer : public Training {
 public:
  /// The network has its values; `tests` may be empty. Throws InputError for a network that cannot
  /// be trained, and for names in `fixed` that it does not have.
  Trainer(Graph network, TrainingSettings settings, TrainingData data, TrainingData tests = {});

  std::uint64_t steps_per_epoch() const override { return steps_per_epoch_; }
  std::uint64_t steps_done() const override { return history_.steps.size(); }

  /// One step: forward, loss, backward, update; after the last of an epoch the tests.
  void step() override;

  const History& history() const { return history_; }
  const TrainingSettings& settings() const override { return settings_; }
  std::string progress() const override;
  const TrainingData& data() const { return data_; }
  /// The network with the parameters that it has now.
  const Graph& network() const { return network_; }
  /// The graph of a whole batch's step.
  const TrainingGraph& step_graph() const { return learner_.step_graph(settings_.batch); }
  /// After a step: what a gradient was, by the parameter's number.
  std::span<const float> gradient(std::size_t parameter) const {
    return learner_.gradient(parameter);
  }

  const TrainingIdentity& identity() const override { return identity_; }
  Checkpoint checkpoint() const override;
  void restore(Checkpoint checkpoint) override;

 private:
  TestRecord run_tests();

  Graph network_;
  TrainingSettings settings_;
  TrainingData data_;
  TrainingData tests_;
  std::uint64_t steps_per_epoch_;
  Learner learner_;
  Optimiser optimiser_;
  SampleOrder order_;
  std::vector<float> test_targets_;
  History history_;
  TrainingIdentity identity_;
};

}  // namespace systol
