#include "host/cli/sample_pictures.h"

#include <fmt/format.h>

#include <bit>

#include "sim/base/error.h"

namespace systol {

SamplePictures::SamplePictures(AdversarialTrainer& trainer, const TrainWords& words)
    : trainer_(trainer) {
  const Graph& generator = trainer.generator();
  image_ = image_of(generator.shape(generator.outputs.front()));
  if (!image_ && !words.pictures.empty()) {
    throw InputError(fmt::format("--samples: what {} makes is no image in grey or in three colours",
                                 generator.place()));
  }
}

void SamplePictures::after_epoch() {
  const std::uint64_t epoch = trainer_.steps_done() / trainer_.steps_per_epoch();
  if (image_ && (std::has_single_bit(epoch) || trainer_.done())) {
    pictures_.push_back({fmt::format("after {} epoch{}", epoch, epoch == 1 ? "" : "s"), png()});
  }
}

std::string SamplePictures::png() {
  constexpr std::size_t kSamples = 64;
  return sample_grid_png(trainer_.make(kSamples), *image_,
                         trainer_.adversary().input_range.value_or(ValueRange{}));
}

}  // namespace systol
