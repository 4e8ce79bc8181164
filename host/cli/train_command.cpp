#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/sample_pictures.h"
#include "host/cli/train_copies.h"
#include "host/cli/train_loop.h"
#include "host/cli/train_options.h"
#include "host/cli/train_print.h"
#include "host/cli/train_samples.h"
#include "host/export/network_onnx.h"
#include "host/import/given_rows.h"
#include "host/import/limits.h"
#include "host/import/model.h"
#include "host/session/engine.h"
#include "host/train/adversarial_trainer.h"
#include "host/train/batch_graph.h"
#include "host/train/one_hot.h"
#include "host/train/text_sample.h"
#include "host/train/training_report.h"
#include "host/training_page/runs_beside.h"
#include "host/training_page/training_page.h"
#include "sim/base/output_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// Of a text: bytes of the sample, and what it begins with.
constexpr std::size_t kSampled = 400;
constexpr const char* kSamplePrompt = "\n";

/// With the values that it begins with. What its file says of int8 holds no longer.
Graph starting_network(const Graph& model, const TrainWords& words) {
  Graph network = words.text.empty() ? model : with_one_hot_rows(model);
  check_values(network, 1);
  network.load_values();
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

TrainingCost cost_on(const ArrayConfig& array, std::vector<StepCost> steps) {
  FastEngine times;
  times.values = false;
  return training_cost(std::move(steps), array, *make_engine(times, array));
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

void write_files(const TrainWords& words, const TrainingReport& report,
                 std::vector<ShownRun> beside) {
  if (!words.json.empty()) {
    write_file(words.json, report_json(report));
  }
  if (!words.page.empty()) {
    write_file(words.page, training_page(report, std::move(beside)));
  }
}

ReadSamples read_samples(const TrainWords& words, const Graph& network) {
  if (words.copies) {
    return made_up_sequences(network, words);
  }
  return words.text.empty() ? read_training_samples(network, words.data, words, words.limit)
                            : read_training_text(network, words.text, words.limit);
}

TrainingData read_tests(const TrainWords& words, const Graph& network) {
  if (!words.test_text.empty()) {
    return read_training_text(network, words.test_text, {}).data;
  }
  return words.test.inputs.empty() ? TrainingData{}
                                   : read_training_samples(network, words.test, words, {}).data;
}

std::vector<double> rates_of(const std::vector<TrainingSettings>& settings) {
  std::vector<double> rates(settings.size());
  std::ranges::transform(settings, rates.begin(),
                         [](const TrainingSettings& of_run) { return of_run.schedule.rate; });
  return rates;
}

/// What is asked for, and the report that is filled in and printed meanwhile.
struct TrainJob {
  const TrainWords& words;
  const std::optional<ArrayConfig>& array;
  TrainingReport& report;
  TrainPrint& print;
};

/// With a run for each learning rate.
void train_network(const TrainJob& job, std::vector<TrainingSettings> settings,
                   const std::vector<ShownRun>& beside) {
  const TrainWords& words = job.words;
  const std::optional<ArrayConfig>& array = job.array;
  TrainingReport& report = job.report;
  TrainPrint& print = job.print;
  const Graph model = import_model_or_sizes(words.model);
  const Graph network = starting_network(model, words);
  check_lines(beside, words.label.empty() ? network.name : words.label, rates_of(settings));
  ReadSamples samples = read_samples(words, network);
  const TrainingData tests = read_tests(words, network);
  report.model = network.name;
  report.how = samples.how;
  report.samples = samples.data.count;
  report.test_samples = tests.count;
  report.labelled = !words.data.labels.empty();
  report.parameters = parameters_in(network);
  report.label = words.label;
  if (array) {
    const TrainingSettings& first = settings.front();
    report.cost = cost_on(*array, network_steps(network, first.loss, samples.data.count,
                                                first.batch, fixed_parameters(network, first.fixed),
                                                first.distances, first.optimiser));
  }
  for (TrainingSettings& of_run : settings) {
    Trainer trainer(network, std::move(of_run), samples.data, tests);
    print.begin_run(trainer);
    const std::string diverged =
        train_to_the_end(trainer, words, [&] { print.after_epoch(trainer.history()); });
    report.runs.push_back(run_of(trainer, trainer.history(), trainer.network(), diverged));
    print.end_run();
    if (!words.exported.empty() && diverged.empty()) {
      const Graph trained = with_constant_angles(with_trained_values(model, trainer.network()));
      write_file(words.exported, float_onnx(with_trained_end(trained, trainer.settings().loss)));
    }
    if (!words.text.empty() && diverged.empty()) {
      report.sample = sampled_text(trainer.network(), trainer.settings(),
                                   {kSamplePrompt, kSampled, kSampleTemperature, seed_of(words)});
    }
    if (words.copies && diverged.empty()) {
      note_recall(report, trainer, words);
    }
  }
}

/// Of one of two networks that are trained against each other.
TrainingReport contest_report(const Graph& network, const ReadSamples& samples,
                              const std::string& command_line) {
  TrainingReport report;
  report.model = network.name;
  report.command_line = command_line;
  report.how = samples.how;
  report.samples = samples.data.count;
  report.labelled = true;
  report.parameters = parameters_in(network);
  return report;
}

void train_adversaries(const TrainJob& job, const TrainingSettings& settings) {
  const TrainWords& words = job.words;
  const std::optional<ArrayConfig>& array = job.array;
  TrainingReport& report = job.report;
  TrainPrint& print = job.print;
  const Graph generator = starting_network(import_model_or_sizes(words.model), words);
  const Graph adversary = starting_network(import_model_or_sizes(words.adversary), words);
  ReadSamples samples = read_training_samples(adversary, words.data, words, words.limit);
  const std::size_t count = samples.data.count;
  report = contest_report(generator, samples, report.command_line);
  report.adversary = {contest_report(adversary, samples, report.command_line)};
  TrainingReport& judge = report.adversary.front();
  AdversarialTrainer trainer(generator, adversary, settings, std::move(samples.data));
  SamplePictures pictures(trainer, words);
  if (array) {
    report.cost = cost_on(*array, generator_steps(generator, adversary, settings.loss, count,
                                                  settings.batch, settings.optimiser));
    judge.cost = cost_on(*array, adversary_steps(generator, adversary, settings.loss, count,
                                                 settings.batch, settings.optimiser));
  }
  print.begin_run(trainer);
  const std::string diverged = train_to_the_end(trainer, words, [&] {
    print.after_epoch(trainer.generator_history(), &trainer.adversary_history());
    pictures.after_epoch();
  });
  report.runs = {run_of(trainer, trainer.generator_history(), trainer.generator(), diverged)};
  judge.runs = {run_of(trainer, trainer.adversary_history(), trainer.adversary(), diverged)};
  print.end_run();
  report.pictures = pictures.pictures();
  if (diverged.empty() && !words.exported.empty()) {
    write_file(words.exported, float_onnx(trainer.generator()));
  }
  if (!words.pictures.empty()) {
    write_file(words.pictures, pictures.png());
  }
}

int train(TrainWords& words, const std::string& command_line) {
  words.model = named_file(words.model).string();
  words.adversary = named_file(words.adversary).string();
  words.config = named_file(words.config).string();
  check_train_words(words);
  const std::optional<ArrayConfig> array = array_of(words);
  std::vector<TrainingSettings> settings;
  for (const std::string& rate : words.rates) {
    settings.push_back(settings_of(words, rate));
    settings.back().piece = array ? array->rows : 0;
  }
  std::vector<ShownRun> beside = read_runs_beside(words.beside);
  TrainingReport report;
  report.command_line = command_line;
  TrainPrint print(report, words.json == "-");
  const TrainJob job{words, array, report, print};
  if (words.adversary.empty()) {
    train_network(job, std::move(settings), beside);
  } else {
    train_adversaries(job, settings.front());
  }
  write_files(words, report, std::move(beside));
  print.end();
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
      "    --optimiser adam --learning-rate 0.001 --epochs 10 --batch 64 --export mlp.onnx\n"
      "  systol train configs/training/digit-generator.yaml -c configs/edge_16x16_bf16.yaml \\\n"
      "    --adversary configs/training/digit-critic.yaml --data train-images-idx3-ubyte.gz \\\n"
      "    --optimiser adam --learning-rate 0.0002 --beta1 0.5 --epochs 50 --batch 64 \\\n"
      "    --samples digits.png --export generator.onnx");
  command.callback([words, &action, command_line] {
    action = [words, command_line] { return train(*words, command_line); };
  });
}

}  // namespace systol
