// Gradient descent, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/checkpoint.h"
#include "host/train/graph_executor.h"
#include "host/train/history.h"
#include "host/train/matrix_product.h"
#include "host/train/optimiser.h"
#include "host/train/rate_schedule.h"
#include "host/train/training_data.h"
#include "host/train/training_graph.h"
#include "sim/base/error.h"

namespace systol {

struct TrainingSettings {
  Loss loss = Loss::CrossEntropy;
  OptimiserSettings optimiser;
  RateSchedule schedule;
  std::uint64_t epochs = 1;
  std::size_t batch = 1;  ///< samples of a step; the last of an epoch may have fewer
  std::uint64_t seed = 1;
  bool shuffle = true;  ///< the samples, in each epoch anew
  Precision precision = Precision::Bfloat16;
  std::size_t piece = 0;        ///< of a sum: the array's rows that add up (MatrixProduct); 0: all
  std::set<std::string> fixed;  ///< names of parameters that are not updated
};

/// All that makes a training what it is, but for the number of epochs where no rate depends on it.
std::string to_text(const TrainingSettings& settings);

/// The loss or a parameter is no longer finite. What the trainer held before the step is lost; its
/// last checkpoint is not.
class Divergence : public InputError {
 public:
  using InputError::InputError;
};

/// Trains a network. The result depends on its arguments alone; nothing runs on a second thread.
class Trainer {
 public:
  /// The network has its values; `tests` may be empty. Throws InputError for a network that cannot
  /// be trained, and for names in `fixed` that it does not have.
  Trainer(Graph network, TrainingSettings settings, TrainingData data, TrainingData tests = {});

  std::uint64_t steps_per_epoch() const { return steps_per_epoch_; }
  std::uint64_t steps() const { return steps_per_epoch_ * settings_.epochs; }
  std::uint64_t steps_done() const { return history_.steps.size(); }
  bool done() const { return steps_done() >= steps(); }
  bool at_epoch_end() const { return steps_done() % steps_per_epoch_ == 0; }

  /// One step: forward, loss, backward, update; after the last of an epoch the tests. Throws
  /// Divergence, which says the step and the layer.
  void step();

  const History& history() const { return history_; }
  const TrainingSettings& settings() const { return settings_; }
  const TrainingData& data() const { return data_; }
  /// The network with the parameters that it has now.
  const Graph& network() const { return network_; }
  /// The graph of a whole batch's step.
  const TrainingGraph& step_graph() const;
  /// After a step: what a gradient was, by the parameter's number.
  std::span<const float> gradient(std::size_t parameter) const;

  const TrainingIdentity& identity() const { return identity_; }
  Checkpoint checkpoint() const;
  /// Goes on from there. Throws std::logic_error for a checkpoint of something else.
  void restore(Checkpoint checkpoint);

 private:
  struct Program {
    Program(TrainingGraph step, MatrixProduct& product)
        : graph(std::move(step)), executor(graph.graph, product) {}
    TrainingGraph graph;
    GraphExecutor executor;
  };
  std::unique_ptr<Program> make_program(TrainingGraph graph);
  Program& program_of(std::map<std::size_t, std::unique_ptr<Program>>& programs, bool trains,
                      std::size_t batch);
  std::span<float> parameter(std::size_t number);
  std::size_t row() const;
  void update(Program& program, float rate);
  /// What the optimiser is given of a gradient: of a layer with the similarity l1 a length that
  /// does not depend on the gradient's own.
  std::span<const float> scaled(std::size_t parameter, std::span<const float> gradient);
  TestRecord run_tests();
  [[noreturn]] void diverged(const std::string& what) const;

  Graph network_;
  TrainingSettings settings_;
  TrainingData data_;
  TrainingData tests_;
  std::vector<TensorId> parameters_;  ///< of the network
  std::vector<bool> fixed_;           ///< by parameter
  std::vector<bool> distances_;       ///< by parameter: weights of a layer with the similarity l1
  std::uint64_t steps_per_epoch_;
  MatrixProduct product_;
  std::map<std::size_t, std::unique_ptr<Program>> steps_;  ///< by samples of a batch
  std::map<std::size_t, std::unique_ptr<Program>> forwards_;
  Optimiser optimiser_;
  Program* last_ = nullptr;  ///< of the last step
  std::vector<std::uint32_t> order_;
  std::vector<float> test_targets_;
  std::vector<float> scaled_;
  History history_;
  TrainingIdentity identity_;
};

}  // namespace systol
