// What a generator draws, after some epochs of its training.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/cli/train_options.h"
#include "host/export/sample_grid.h"
#include "host/train/adversarial_trainer.h"
#include "host/train/training_report.h"

namespace systol {

class SamplePictures {
 public:
  /// Throws InputError if --samples asks for pictures of what is no image.
  SamplePictures(AdversarialTrainer& trainer, const TrainWords& words);

  /// Keeps a picture after epochs 1, 2, 4, 8, ... and the last one, if samples are images.
  void after_epoch();
  const std::vector<SamplePicture>& pictures() const { return pictures_; }
  /// 64 samples side by side; of images alone.
  std::string png();

 private:
  AdversarialTrainer& trainer_;
  std::optional<SampleImage> image_;
  std::vector<SamplePicture> pictures_;
};

}  // namespace systol
