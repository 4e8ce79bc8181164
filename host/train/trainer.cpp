#include "host/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/train/loss.h"

namespace systol {
namespace {

constexpr std::size_t kTestBatch = 256;

}  // namespace

Trainer::Trainer(Graph network, TrainingSettings settings, TrainingData data, TrainingData tests)
    : network_(std::move(network)),
      settings_(std::move(settings)),
      data_(std::move(data)),
      tests_(std::move(tests)),
      steps_per_epoch_((data_.count + settings_.batch - 1) / settings_.batch),
      learner_(network_, settings_, learned_parameters(network_, settings_.fixed)),
      optimiser_(settings_.optimiser, sizes_of(learner_.parameters())),
      order_(data_.count, settings_.seed, settings_.shuffle) {
  settings_.batch = std::min(settings_.batch, data_.count);
  learner_.batch(settings_.batch);
  check_data(data_, network_.input_size(), network_.output_size());
  identity_ = {network_.name, checksum_of(network_), to_text(settings_), data_.count,
               fingerprint(data_) ^ (tests_.empty() ? 0 : ~fingerprint(tests_))};
}

void Trainer::step() {
  const std::span<const std::uint32_t> order = order_.batch(place(), settings_.batch);
  const Learner::Batch batch = learner_.batch(order.size());
  gather(data_, order, batch.inputs, batch.targets);
  optimiser_.begin_step();
  history_.steps.push_back(learner_.learn(order.size(), place(), optimiser_));
  if (at_epoch_end() && !tests_.empty()) {
    history_.tests.push_back(run_tests());
  }
}

std::string Trainer::progress() const {
  const EpochSummary summary =
      summary_of(history_, (steps_done() - 1) / steps_per_epoch_, steps_per_epoch_);
  return fmt::format(
      "loss {:.2g}{}", summary.loss,
      data_.labels.empty() ? "" : fmt::format(", {:.1f} % right", 100 * summary.accuracy));
}

TestRecord Trainer::run_tests() {
  TestRecord record;
  std::vector<std::uint32_t> order(tests_.count);
  std::iota(order.begin(), order.end(), 0U);
  // A text's samples are large: as many as are learned at once.
  const std::size_t most = tests_.tokens.empty() ? kTestBatch : settings_.batch;
  for (std::size_t first = 0; first < tests_.count; first += most) {
    const std::size_t samples = std::min(most, tests_.count - first);
    test_targets_.resize(samples * network_.output_size());
    gather(tests_, std::span(order).subspan(first, samples), learner_.inputs(samples),
           test_targets_);
    const LossValue loss = loss_of(learner_.likelihood(samples), learner_.scores(samples),
                                   test_targets_, samples, learner_.row());
    record.loss += loss.mean * static_cast<double>(samples);
    record.correct += static_cast<std::uint32_t>(loss.correct);
    record.samples += static_cast<std::uint32_t>(samples);
  }
  record.loss /= record.samples;
  return record;
}

Checkpoint Trainer::checkpoint() const {
  return {identity_, values_of(learner_.parameters()), optimiser_.state(), history_};
}

void Trainer::restore(Checkpoint checkpoint) {
  restore_values(checkpoint, identity_, learner_.parameters());
  optimiser_.restore(std::move(checkpoint.optimiser));
  history_ = std::move(checkpoint.history);
}

}  // namespace systol
