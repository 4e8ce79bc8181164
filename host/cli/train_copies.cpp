#include "host/cli/train_copies.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "host/export/sample_grid.h"
#include "host/import/workload.h"
#include "host/train/copy_task.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kOtherSequences = 0x6f74686572U;  ///< of the seed: they are not learned
constexpr std::size_t kRecalled = 200;

/// Of a table [slots][steps], each weight as a square.
SamplePicture head_picture(const std::string& caption, const HeadWeights& heads,
                           const std::vector<float>& weights) {
  constexpr std::size_t kSide = 12;
  std::vector<float> pixels;
  for (std::size_t y = 0; y < heads.slots * kSide; ++y) {
    for (std::size_t x = 0; x < heads.steps * kSide; ++x) {
      pixels.push_back(weights[y / kSide * heads.steps + x / kSide]);
    }
  }
  return {caption,
          sample_grid_png(pixels, {heads.slots * kSide, heads.steps * kSide}, {0.0F, 1.0F})};
}

/// The network for sequences of another length, by its variables, with the values that it has
/// learned. Nothing of a file without such variables.
std::optional<Graph> of_length(const Graph& trained, const TrainWords& words, std::size_t length) {
  const std::vector<std::string> sizes{fmt::format("variables.length={}", length),
                                       fmt::format("variables.steps={}", 2 * length + 1)};
  std::optional<Graph> network;
  try {
    network = load_workload(words.model, sizes);
  } catch (const InputError&) {
    return std::nullopt;
  }
  for (Constant& constant : network->constants) {
    const std::string& name = network->tensor(constant.tensor).name;
    for (const Constant& known : trained.constants) {
      if (trained.tensor(known.tensor).name == name &&
          trained.shape(known.tensor) == network->shape(constant.tensor)) {
        constant.values = known.values;
      }
    }
  }
  return network->has_values() ? network : std::nullopt;
}

}  // namespace

ReadSamples made_up_sequences(const Graph& network, const TrainWords& words) {
  const CopyTask task = copy_task_of(network);
  return {copy_sequences(task, *words.copies, seed_of(words)),
          fmt::format("{} rows of {} random bits", task.length, task.bits)};
}

void note_recall(TrainingReport& report, const Trainer& trainer, const TrainWords& words) {
  const std::uint64_t seed = seed_of(words) ^ kOtherSequences;
  Graph network = trainer.network();
  const std::size_t learned = copy_task_of(network).length;
  report.recalls = {recall_of(network, trainer.settings(), kRecalled, seed)};
  const HeadWeights heads = head_weights(network, trainer.settings(), seed);
  if (heads.steps > 0) {
    report.heads = {head_picture("written", heads, heads.written),
                    head_picture("read", heads, heads.read)};
  }
  for (const std::size_t length : {learned + learned / 2, 2 * learned, 4 * learned}) {
    if (std::optional<Graph> longer = of_length(network, words, length)) {
      report.recalls.push_back(recall_of(*longer, trainer.settings(), kRecalled, seed));
    }
  }
}

}  // namespace systol
