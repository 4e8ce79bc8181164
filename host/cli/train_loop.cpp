#include "host/cli/train_loop.h"

#include <fmt/format.h>

#include "host/cli/progress_line.h"

namespace systol {
namespace {

void show_step(const Training& training) {
  const std::uint64_t done = training.steps_done();
  const std::string name = training.progress();
  const std::uint64_t epoch = (done - 1) / training.steps_per_epoch() + 1;
  ProgressPosition position{epoch, training.settings().epochs, name, {}, 0, "epoch"};
  position.done = static_cast<double>(done) / static_cast<double>(training.steps());
  show_progress({"training", position});
}

/// Writes checkpoints as the options say; what diverges names the last of them.
class Checkpoints {
 public:
  Checkpoints(const TrainWords& words, Training& training) : words_(words), training_(training) {
    if (words.resume) {
      training.restore(read_checkpoint(words.checkpoint, training.identity()));
      written_ = training.steps_done();
    } else {
      write();
    }
  }

  void after_step() {
    const bool asked =
        words_.checkpoint_every && training_.steps_done() % *words_.checkpoint_every == 0;
    if (asked || training_.at_epoch_end() || training_.done()) {
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
      write_checkpoint(words_.checkpoint, training_.checkpoint());
      written_ = training_.steps_done();
    }
  }

  const TrainWords& words_;
  Training& training_;
  std::uint64_t written_ = 0;
};

}  // namespace

std::string train_to_the_end(Training& training, const TrainWords& words,
                             const std::function<void()>& after_epoch) {
  std::string problem;
  Checkpoints checkpoints(words, training);
  try {
    while (!training.done()) {
      training.step();
      show_step(training);
      checkpoints.after_step();
      if (training.at_epoch_end()) {
        after_epoch();
      }
    }
  } catch (const Divergence& error) {
    problem = error.what() + checkpoints.last();
  }
  show_progress({});
  return problem;
}

}  // namespace systol
