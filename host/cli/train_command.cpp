#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/train_loop.h"
#include "host/cli/train_options.h"
#include "host/cli/train_samples.h"
#include "host/export/network_onnx.h"
#include "host/import/limits.h"
#include "host/import/model.h"
#include "host/session/engine.h"
#include "host/train/batch_graph.h"
#include "host/train/training_report.h"
#include "host/training_page/training_page.h"
#include "sim/base/output_file.h"
#include "sim/base/text.h"

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

/// The array that the options name, if they name one. Throws InputError for one that does not
/// compute in bf16.
std::optional<ArrayConfig> array_of(const TrainWords& words) {
  if (words.config.empty()) {
    return std::nullopt;
  }
  ArrayConfig array = load_array(words.config, words.overrides).config;
  if (!isa::is_float(array.pe)) {
    throw InputError(fmt::format(
        "{}: its PEs are of the type '{}'; allowed for training: an array with 'pe: bf16', such as "
        "configs/edge_16x16_bf16.yaml, or --set array.pe=bf16",
        printable(words.config), isa::describe(array.pe).name));
  }
  return array;
}

TrainingCost cost_on(const ArrayConfig& array, const Graph& network,
                     const TrainingSettings& settings, std::size_t samples) {
  FastEngine times;
  times.values = false;
  return training_cost(network, settings.loss, samples, settings.batch, array,
                       *make_engine(times, array));
}

/// Of all trainings together: nothing where each went to its end.
std::string divergence_of(const TrainingReport& report) {
  std::vector<const TrainingRun*> diverged;
  for (const TrainingRun& run : report.runs) {
    if (!run.diverged.empty()) {
      diverged.push_back(&run);
    }
  }
  if (diverged.empty() || report.runs.size() == 1) {
    return diverged.empty() ? "" : diverged.front()->diverged;
  }
  return fmt::format("{} of {} learning rates diverged, the first of them {}: {}", diverged.size(),
                     report.runs.size(), diverged.front()->settings.schedule.rate,
                     diverged.front()->diverged);
}

TrainingRun run_of(const Training& training, const History& history, const Graph& network,
                   const std::string& diverged) {
  TrainingRun run{training.settings(), training.steps_per_epoch(), history, {}, diverged};
  if (diverged.empty()) {
    run.weights = weight_histograms(network);
  }
  return run;
}

void write_reports(const TrainWords& words, const TrainingReport& report) {
  if (!words.json.empty()) {
    write_file(words.json, report_json(report));
  }
  if (!words.page.empty()) {
    write_file(words.page, training_page(report));
  }
  if (words.json != "-") {
    fmt::print("{}", report_text(report));
  }
}

int train(TrainWords& words, const std::string& command_line) {
  words.model = named_file(words.model).string();
  words.config = named_file(words.config).string();
  check_train_words(words);
  std::vector<TrainingSettings> settings;
  for (const std::string& rate : words.rates) {
    settings.push_back(settings_of(words, rate));
  }
  const std::optional<ArrayConfig> array = array_of(words);
  const Graph network = load_network(words);
  ReadSamples samples = read_training_samples(network, words.data, words, words.limit);
  const TrainingData tests = words.test.inputs.empty()
                                 ? TrainingData{}
                                 : read_training_samples(network, words.test, words, {}).data;
  TrainingReport report{network.name,           command_line, samples.how,
                        samples.data.count,     tests.count,  !words.data.labels.empty(),
                        parameters_in(network), {},           {}};
  if (array) {
    report.cost = cost_on(*array, network, settings.front(), samples.data.count);
  }
  for (TrainingSettings& of_run : settings) {
    of_run.piece = array ? array->rows : 0;
    Trainer trainer(network, std::move(of_run), samples.data, tests);
    const std::string diverged = train_to_the_end(trainer, words);
    report.runs.push_back(run_of(trainer, trainer.history(), trainer.network(), diverged));
    if (!words.exported.empty() && report.runs.back().diverged.empty()) {
      write_file(words.exported, float_onnx(trainer.network()));
    }
  }
  write_reports(words, report);
  const std::string divergence = divergence_of(report);
  if (!divergence.empty()) {
    throw InputError(divergence);
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
      "  systol train configs/training/xor.yaml -c configs/edge_16x16_bf16.yaml \\\n"
      "    --data configs/training/xor.csv --labels configs/training/xor-labels.csv \\\n"
      "    --learning-rate 1 --epochs 1000 --batch 4\n"
      "  systol train configs/training/mnist-mlp.yaml -c configs/edge_16x16_bf16.yaml \\\n"
      "    --data train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\\n"
      "    --optimiser adam --learning-rate 0.001 --epochs 5 --batch 64 --export mlp.onnx");
  command.callback([words, &action, command_line] {
    action = [words, command_line] { return train(*words, command_line); };
  });
}

}  // namespace systol
