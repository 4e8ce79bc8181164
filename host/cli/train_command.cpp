#include <fmt/format.h>

#include <memory>
#include <utility>

#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/progress_line.h"
#include "host/cli/train_options.h"
#include "host/cli/train_samples.h"
#include "host/export/network_onnx.h"
#include "host/import/limits.h"
#include "host/import/model.h"
#include "host/train/batch_graph.h"
#include "host/train/training_report.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

/// With the values that it begins with. What its file says of int8 holds no longer.
Graph load_network(const TrainWords& words) {
  Graph network = import_model_or_sizes(words.model);
  check_values(network, 1);
  initialise(network, initialiser_of(words), seed_of(words));
  network.fixed_quantisations.clear();
  network.weight_scales.clear();
  return network;
}

std::uint64_t parameters_in(const Graph& network) {
  std::uint64_t count = 0;
  for (const TensorId id : parameters_of(network)) {
    count += elements(network.shape(id));
  }
  return count;
}

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

void run(Trainer& trainer, const TrainWords& words, bool labelled) {
  Checkpoints checkpoints(words, trainer);
  try {
    while (!trainer.done()) {
      trainer.step();
      show_step(trainer, labelled);
      checkpoints.after_step();
    }
  } catch (const Divergence& error) {
    throw Divergence(error.what() + checkpoints.last());
  }
  show_progress({});
}

/// How many values an array adds up before it adds sums: docs/numerics.md.
std::size_t piece_of(const TrainWords& words) {
  if (words.config.empty()) {
    return 0;
  }
  const ArrayConfig array = load_array(words.config, words.overrides).config;
  return array.dataflow == Dataflow::OutputStationary ? 0 : array.rows;
}

int train(TrainWords& words, const std::string& command_line) {
  words.model = named_file(words.model).string();
  words.config = named_file(words.config).string();
  check_train_words(words);
  std::vector<TrainingSettings> settings;
  for (const std::string& rate : words.rates) {
    settings.push_back(settings_of(words, rate));
    settings.back().piece = piece_of(words);
  }
  const Graph network = load_network(words);
  ReadSamples samples = read_training_samples(network, words.data, words, words.limit);
  const TrainingData tests = words.test.inputs.empty()
                                 ? TrainingData{}
                                 : read_training_samples(network, words.test, words, {}).data;
  TrainingReport report{network.name,
                        command_line,
                        samples.how,
                        samples.data.count,
                        tests.count,
                        !words.data.labels.empty(),
                        parameters_in(network),
                        {}};
  for (TrainingSettings& of_run : settings) {
    Trainer trainer(network, std::move(of_run), samples.data, tests);
    run(trainer, words, report.labelled);
    report.runs.push_back({trainer.settings(), trainer.steps_per_epoch(), trainer.history()});
    if (!words.exported.empty()) {
      write_file(words.exported, float_onnx(trainer.network()));
    }
  }
  if (!words.json.empty()) {
    write_file(words.json, report_json(report));
  }
  if (words.json != "-") {
    fmt::print("{}", report_text(report));
  }
  return kOk;
}

}  // namespace

void add_train_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto words = std::make_shared<TrainWords>();
  CLI::App& command = *app.add_subcommand(
      "train", "Trains a network by gradient descent, with all matmuls as an array computes them");
  add_train_options(command, *words);
  command.footer(
      "Examples:\n"
      "  systol train configs/training/xor.yaml -c configs/edge_16x16.yaml \\\n"
      "    --data configs/training/xor.csv --labels configs/training/xor-labels.csv \\\n"
      "    --learning-rate 1 --epochs 1000 --batch 4\n"
      "  systol train configs/training/mnist-mlp.yaml -c configs/edge_16x16.yaml \\\n"
      "    --data train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\\n"
      "    --optimiser adam --learning-rate 0.001 --epochs 5 --batch 64 --export mlp.onnx");
  command.callback([words, &action, command_line] {
    action = [words, command_line] { return train(*words, command_line); };
  });
}

}  // namespace systol
