#include "host/train/adversarial_trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/import/synthetic.h"
#include "host/train/batch_graph.h"
#include "host/train/chained.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// Of the noise, so that its draws are not those of the samples' order.
constexpr std::uint64_t kNoise = 0x6e6f697365U;

Graph checked_chain(const Graph& generator, const Graph& adversary) {
  batched(generator, 1);  // refuses what is not trained
  batched(adversary, 1);
  if (adversary.output_size() != 1) {
    throw InputError(fmt::format(
        "{}: it has {} outputs; an adversary has one: whether a sample is one of the data",
        adversary.place(), adversary.output_size()));
  }
  return chained(generator, adversary);
}

/// Of the chain: those of both networks, of which only the generator learns.
std::vector<LearnedValues> chain_parameters(std::vector<LearnedValues> parameters,
                                            const std::vector<LearnedValues>& adversary) {
  for (const LearnedValues& judge : adversary) {
    parameters.push_back(judge);
    parameters.back().fixed = true;
  }
  return parameters;
}

/// A network's output as it is, whatever the loss is.
TrainingSettings as_it_is(TrainingSettings settings) {
  settings.loss = Loss::MeanSquaredError;
  return settings;
}

EpochSummary epoch_of(const Training& training, const History& history) {
  return summary_of(history, (training.steps_done() - 1) / training.steps_per_epoch(),
                    training.steps_per_epoch());
}

}  // namespace

AdversarialTrainer::AdversarialTrainer(Graph generator, Graph adversary, TrainingSettings settings,
                                       TrainingData data)
    : generator_(std::move(generator)),
      adversary_(std::move(adversary)),
      chain_(checked_chain(generator_, adversary_)),
      settings_(std::move(settings)),
      data_(std::move(data)),
      steps_per_epoch_((data_.count + settings_.batch - 1) / settings_.batch),
      making_(generator_, as_it_is(settings_), learned_parameters(generator_, {})),
      judging_(adversary_, settings_, learned_parameters(adversary_, {})),
      deceiving_(chain_, settings_, chain_parameters(making_.parameters(), judging_.parameters())),
      optimiser_(settings_.optimiser, sizes_of(deceiving_.parameters())),
      order_(data_.count, settings_.seed, settings_.shuffle) {
  settings_.batch = std::min(settings_.batch, data_.count);
  check_data(data_, adversary_.input_size(), 0);
  judging_.batch(kJudged * settings_.batch);
  deceiving_.batch(settings_.batch);
  identity_ = {fmt::format("{} against {}", generator_.name, adversary_.name), checksum_of(chain_),
               to_text(settings_), data_.count, fingerprint(data_)};
}

std::vector<float> AdversarialTrainer::noise(std::size_t samples, std::uint64_t draw) const {
  SplitMix64 seeds(settings_.seed ^ kNoise);
  return synthetic_inputs(generator_, samples, SplitMix64(seeds.next() + draw).next());
}

void AdversarialTrainer::step() {
  const std::span<const std::uint32_t> order = order_.batch(place(), settings_.batch);
  optimiser_.begin_step();
  judge(order);
  const Learner::Batch batch = deceiving_.batch(order.size());
  std::ranges::copy(noise(order.size(), 2 * steps_done() + 1), batch.inputs.begin());
  std::ranges::fill(batch.targets, 1.0F);
  made_.steps.push_back(deceiving_.learn(order.size(), place(), optimiser_));
}

/// The adversary's step.
void AdversarialTrainer::judge(std::span<const std::uint32_t> order) {
  const std::size_t samples = order.size();
  std::ranges::copy(noise(samples, 2 * steps_done()), making_.inputs(samples).begin());
  const std::span<const float> made = making_.scores(samples);
  const Learner::Batch batch = judging_.batch(kJudged * samples);
  gather(data_, order, batch.inputs.first(made.size()), {});
  std::ranges::copy(made, batch.inputs.begin() + static_cast<std::ptrdiff_t>(made.size()));
  std::fill_n(batch.targets.begin(), samples, 1.0F);
  std::ranges::fill(batch.targets.subspan(samples), 0.0F);
  const std::size_t first = making_.parameters().size();
  judged_.steps.push_back(judging_.learn(kJudged * samples, place(), optimiser_, first));
}

std::string AdversarialTrainer::progress() const {
  return fmt::format("losses {:.2g}, {:.2g}", epoch_of(*this, made_).loss,
                     epoch_of(*this, judged_).loss);
}

std::vector<float> AdversarialTrainer::make(std::size_t samples) {
  std::ranges::copy(synthetic_inputs(generator_, samples, generator_.seed),
                    making_.inputs(samples).begin());
  const std::span<const float> made = making_.scores(samples);
  return {made.begin(), made.end()};
}

Checkpoint AdversarialTrainer::checkpoint() const {
  Checkpoint checkpoint{identity_, values_of(deceiving_.parameters()), optimiser_.state(), {}};
  for (std::size_t i = 0; i < made_.steps.size(); ++i) {
    checkpoint.history.steps.push_back(judged_.steps[i]);
    checkpoint.history.steps.push_back(made_.steps[i]);
  }
  return checkpoint;
}

void AdversarialTrainer::restore(Checkpoint checkpoint) {
  restore_values(checkpoint, identity_, deceiving_.parameters());
  optimiser_.restore(std::move(checkpoint.optimiser));
  made_ = {};
  judged_ = {};
  for (std::size_t i = 0; i + 1 < checkpoint.history.steps.size(); i += 2) {
    judged_.steps.push_back(checkpoint.history.steps[i]);
    made_.steps.push_back(checkpoint.history.steps[i + 1]);
  }
}

}  // namespace systol
