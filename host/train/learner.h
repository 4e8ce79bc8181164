// A network that learns from one batch after another.
#pragma once

#include <cstddef>
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
#include "host/train/loss.h"
#include "host/train/matrix_product.h"
#include "host/train/optimiser.h"
#include "host/train/rounded_weights.h"
#include "host/train/training_graph.h"
#include "host/train/training_settings.h"

namespace systol {

/// Values that a network learns.
struct LearnedValues {
  std::string name;
  std::span<float> values;
  bool fixed = false;      ///< not updated
  bool distances = false;  ///< weights of a layer with the similarity l1
  /// Where the network has them rounded: those, of which `values` are the floats behind them.
  std::shared_ptr<RoundedWeights> rounded = nullptr;

  /// What the network computes with.
  std::span<float> used() const { return rounded == nullptr ? values : rounded->weights(); }
};

/// Which of parameters_of(network) have one of these names. Throws InputError for a name that none
/// has.
std::vector<bool> fixed_parameters(const Graph& network, const std::set<std::string>& names);

/// Those of the network, which holds their values, in the order of parameters_of. Throws as
/// fixed_parameters.
std::vector<LearnedValues> learned_parameters(Graph& network, const std::set<std::string>& fixed);

/// The sizes of them all, as an optimiser takes them.
std::vector<std::size_t> sizes_of(const std::vector<LearnedValues>& parameters);

/// What a checkpoint holds of them.
std::vector<std::vector<float>> values_of(const std::vector<LearnedValues>& parameters);

/// Gives them the checkpoint's values. Throws std::logic_error for a checkpoint of something else
/// than `identity`, or of other parameters.
void restore_values(const Checkpoint& checkpoint, const TrainingIdentity& identity,
                    const std::vector<LearnedValues>& parameters);

/// Of a network's structure and its constants.
std::uint32_t checksum_of(const Graph& network);

/// Forward, loss, backward and update of batches of any size. What it depends on is what it is
/// given; nothing runs on a second thread.
class Learner {
 public:
  /// `network` outlives this, and so do the values of its parameters, which may lie elsewhere.
  Learner(const Graph& network, const TrainingSettings& settings,
          std::vector<LearnedValues> parameters);

  /// Where a batch, [samples][values of a sample], and what is wanted of it are to be put.
  struct Batch {
    std::span<float> inputs;
    std::span<float> targets;
  };
  /// Throws InputError for a network that cannot be trained.
  Batch batch(std::size_t samples);

  /// One step with the batch of so many samples. `optimiser` has the parameters from number
  /// `first` on. Throws Divergence, which says the step and the layer.
  StepRecord learn(std::size_t samples, const StepPlace& place, Optimiser& optimiser,
                   std::size_t first = 0);

  /// Where inputs are to be put that are computed without being learned.
  std::span<float> inputs(std::size_t samples);
  /// Of these inputs.
  std::span<const float> scores(std::size_t samples);
  Likelihood likelihood(std::size_t samples);

  const std::vector<LearnedValues>& parameters() const { return parameters_; }
  /// The graph of a step of so many samples, of which there was a batch.
  const TrainingGraph& step_graph(std::size_t samples) const;
  /// After a step: what a gradient was, by the parameter's number.
  std::span<const float> gradient(std::size_t parameter) const;
  /// Scores over which a softmax is taken.
  std::size_t row() const;

 private:
  struct Program {
    Program(TrainingGraph step, MatrixProduct& product)
        : graph(std::move(step)), executor(graph.graph, product) {}
    TrainingGraph graph;
    GraphExecutor executor;
  };
  using Programs = std::map<std::size_t, std::unique_ptr<Program>>;  ///< by samples of a batch
  Program& program_of(Programs& programs, bool trains, std::size_t samples);
  void update(Program& program, const StepPlace& place, float rate, Optimiser& optimiser,
              std::size_t first);
  /// What the optimiser is given of a gradient: of a layer with the similarity l1 a length that
  /// does not depend on the gradient's own.
  std::span<const float> scaled(std::size_t parameter, std::span<const float> gradient);
  [[noreturn]] void diverged(const StepPlace& place, const std::string& what) const;

  const Graph& network_;
  TrainingSettings settings_;
  std::vector<LearnedValues> parameters_;
  MatrixProduct product_;
  Programs steps_;
  Programs forwards_;
  Program* last_ = nullptr;  ///< of the last step
  std::vector<float> scaled_;
};

}  // namespace systol
