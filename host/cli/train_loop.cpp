#include "host/cli/train_loop.h"

#include <fmt/format.h>

#include "host/cli/progress_line.h"

namespace systol {
namespace {

void show_step(const Trainer& trainer, bool labelled) {
  const std::uint64_t done = trainer.steps_done();
  const std::uint64_t epoch = (done - 1) / trainer.steps_per_epoch();
  const EpochSummary summary = summary_of(trainer.history(), epoch, trainer.steps_per_epoch());
  std::string name = fmt::format("epoch {} of {}, loss {:.4g}", epoch + 1,
                                 trainer.settings().epochs, summary.loss);
  if (labelled) {
    name += fmt::format(", accuracy {:.1f} %", 100 * summary.accuracy);
  }
  ProgressPosition position{done, trainer.steps(), name, {}, 0, "step"};
  position.done = static_cast<double>(done) / static_cast<double>(trainer.steps());
  show_progress({"training", position});
}

/// Writes checkpoints as the options say; what diverges names the last of them.
class Checkpoints {
 public:
  Checkpoints(const TrainWords& words, Trainer& trainer) : words_(words), trainer_(trainer) {
    if (words.resume) {
      trainer.restore(read_checkpoint(words.checkpoint, trainer.identity()));
      written_ = trainer.steps_done();
    } else {
      write();
    }
  }

  void after_step() {
    const bool asked =
        words_.checkpoint_every && trainer_.steps_done() % *words_.checkpoint_every == 0;
    if (asked || trainer_.at_epoch_end() || trainer_.done()) {
      write();
    }
  }

  std::string last() const {
    return words_.checkpoint.empty()
               ? ""
               : fmt::format("; {} holds step {}", words_.checkpoint, written_);
  }

 private:
  void write() {
    if (!words_.checkpoint.empty()) {
      write_checkpoint(words_.checkpoint, trainer_.checkpoint());
      written_ = trainer_.steps_done();
    }
  }

  const TrainWords& words_;
  Trainer& trainer_;
  std::uint64_t written_ = 0;
};

}  // namespace

TrainingRun train_to_the_end(Trainer& trainer, const TrainWords& words, bool labelled) {
  TrainingRun run{trainer.settings(), trainer.steps_per_epoch(), {}, {}, {}};
  Checkpoints checkpoints(words, trainer);
  try {
    while (!trainer.done()) {
      trainer.step();
      show_step(trainer, labelled);
      checkpoints.after_step();
    }
  } catch (const Divergence& error) {
    run.diverged = error.what() + checkpoints.last();
  }
  show_progress({});
  run.history = trainer.history();
  if (run.diverged.empty()) {
    run.weights = weight_histograms(trainer.network());
  }
  return run;
}

}  // namespace systol
