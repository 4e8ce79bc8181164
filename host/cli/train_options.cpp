#include "host/cli/train_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "host/cli/file_options.h"
#include "host/cli/option_text.h"
#include "host/cli/parse_options.h"
#include "host/import/sample_file.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

template <std::size_t kCount>
CLI::IsMember one_of(const std::array<std::string_view, kCount>& names) {
  return CLI::IsMember(std::vector<std::string>(names.begin(), names.end()));
}

/// Of a name that CLI11 has checked.
template <class Kind, std::size_t kCount>
Kind named(const std::array<std::string_view, kCount>& names, const std::string& name) {
  return static_cast<Kind>(std::ranges::find(names, name) - names.begin());
}

void add_file(CLI::App& command, const char* name, std::string& file, const char* help) {
  command.add_option(name, file, help)->type_name(kFileValue);
}

void add_data_options(CLI::App& command, TrainWords& words) {
  command.option_defaults()->group("Samples");
  add_file(command, "--data", words.data.inputs,
           "the samples that are learned, in any format of --input of `systol run`.\n"
           "  --data train-images-idx3-ubyte.gz");
  add_file(command, "--labels", words.data.labels,
           "a class for each sample, as in `systol run`.\n  --labels train-labels-idx1-ubyte.gz");
  add_file(command, "--targets", words.data.targets,
           "instead of labels: the outputs wanted of each sample, in any format of samples.\n"
           "  --targets sums.csv");
  add_file(command, "--test", words.test.inputs,
           "samples that nothing is learned from; after each epoch their loss and accuracy are "
           "shown.\n  --test configs/digits/t10k-1000-images.idx3-ubyte.gz");
  add_file(command, "--test-labels", words.test.labels,
           "their labels.\n  --test-labels configs/digits/t10k-1000-labels.idx1-ubyte.gz");
  add_file(command, "--test-targets", words.test.targets, "or what is wanted of them");
  add_file(
      command, "--text", words.text,
      "instead of samples a text, a file or all files of a folder: a network that reads tokens "
      "learns which byte follows each.\n  --text /usr/share/common-licenses");
  add_file(command, "--test-text", words.test_text, "a text that nothing is learned from");
  command
      .add_option(
          "--copy-task", words.copies,
          "instead of --data: N sequences of random bits by --seed, which the network gives "
          "back; in the end it copies others, and longer ones.\n  --copy-task 20000")
      ->check(CLI::Range(1U, 10'000'000U));
  command.add_option("--limit", words.limit, "learn only the first N samples.\n  --limit 1000")
      ->check(CLI::Range(1U, 100'000'000U));
  command.add_option("--input-scale", words.scale,
                     "input = number * scale + offset, as in `systol run`");
  command.add_option("--input-offset", words.offset, "see --input-scale");
}

void add_rate_options(CLI::App& command, TrainWords& words) {
  command
      .add_option("--learning-rate", words.rates,
                  "of the first step; several train the network anew with each.\n"
                  "  --learning-rate 0.1\n  --learning-rate 0.01,0.1,1")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      .add_option("--schedule", words.schedule,
                  "how the rate goes on: constant; step, times --decay after each --decay-every "
                  "epochs; exponential, times --decay in each epoch; cosine, down to 0 at the end")
      ->check(one_of(kScheduleNames))
      ->capture_default_str();
  command.add_option("--decay", words.decay, "see --schedule; default 0.1.\n  --decay 0.5")
      ->check(CLI::Range(1e-9, 1.0));
  command
      .add_option("--decay-every", words.decay_every,
                  "see --schedule; default 1.\n  --decay-every 2")
      ->check(CLI::Range(1U, 1'000'000U));
}

void add_learning_options(CLI::App& command, TrainWords& words) {
  command.option_defaults()->group("Learning");
  command
      .add_option(
          "--loss", words.loss,
          "mse, the mean of the squared differences; cross-entropy, of a softmax or sigmoid "
          "at the network's end, or put there. Default: cross-entropy with --labels, mse "
          "with --targets")
      ->check(one_of(kLossNames));
  command
      .add_option("--optimiser", words.optimiser,
                  "sgd, with --momentum; signsgd, which takes the gradient's sign; adam, with 0.9, "
                  "0.999 and 1e-8")
      ->check(one_of(kOptimiserNames))
      ->capture_default_str();
  command
      .add_option("--momentum", words.momentum, "of sgd and signsgd; default 0.\n  --momentum 0.9")
      ->check(CLI::Range(0.0F, 0.9999F));
  command
      .add_option("--beta1", words.beta1,
                  "of adam: how much of its mean of gradients is kept; default 0.9.\n  --beta1 0.5")
      ->check(CLI::Range(0.0F, 0.9999F));
  add_rate_options(command, words);
  command.add_option("--epochs", words.epochs, "how often all samples are learned.\n  --epochs 5")
      ->check(CLI::Range(1U, 10'000'000U))
      ->capture_default_str();
  command.add_option("--batch", words.batch, "samples of a step.\n  --batch 64")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  command.add_option("--seed", words.seed, "of the weights and of the samples' order.\n  --seed 7")
      ->check(check_whole_number)
      ->capture_default_str();
  command
      .add_option("--initialiser", words.initialiser,
                  "of weights that the model does not have: auto, he before a rectifier, else "
                  "glorot; he; glorot; lecun. Biases begin at 0")
      ->check(one_of(kInitialiserNames))
      ->capture_default_str();
  command
      .add_option("--precision", words.precision,
                  "of the operands of all matmuls: bf16, as the array has them; fp32, a reference "
                  "for comparison. Sums are float32 in both")
      ->check(one_of(kPrecisionNames))
      ->capture_default_str();
  command
      .add_option("--distance-rule", words.distances,
                  "of layers with `similarity: l1`, what stands for the derivative by a weight: "
                  "full, x - w; sign, its sign, which is the derivative")
      ->check(one_of(kDistanceRuleNames))
      ->capture_default_str();
  command
      .add_option(
          "--fixed", words.fixed,
          "a parameter that stays as it is; may be given more than once.\n  --fixed out.bias")
      ->allow_extra_args(false);
  command.add_flag("--in-order", words.in_order, "learn the samples in their order in each epoch");
}

void add_output_options(CLI::App& command, TrainWords& words) {
  command.option_defaults()->group("Results");
  add_file(
      command, "--checkpoint", words.checkpoint,
      "the file with all that is needed to go on; written before the first step and after each "
      "epoch, whole or not at all.\n  --checkpoint mlp.checkpoint");
  command
      .add_option("--checkpoint-every", words.checkpoint_every,
                  "write it after every N steps, too.\n  --checkpoint-every 100")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40));
  command.add_flag("--resume", words.resume,
                   "go on from --checkpoint; the result has the same bits as if it had never "
                   "stopped");
  add_file(command, "--export", words.exported,
           "write the trained network as ONNX, in float32; `systol run` quantises it.\n"
           "  --export mlp.onnx");
  add_file(command, "--samples", words.pictures,
           "with --adversary: write what the generator makes in the end as a PNG.\n"
           "  --samples digits.png");
  add_file(command, "--json", words.json,
           "write settings and history as JSON to FILE, '-' for standard output instead of the "
           "table; docs/training.md describes it.\n  --json training.json");
  add_file(command, "--report", words.page,
           "write loss and accuracy of each learning rate, step by step, as a page to FILE, which "
           "opens without a network.\n  --report training.html");
  command.add_option("--label", words.label,
                     "what this training is called beside others, in --json and --report; default: "
                     "the model's name.\n  --label 'its own rule'");
  command
      .add_option("--beside", words.beside,
                  "show on the page another training, too: a file of --json; may be given more "
                  "than once.\n  --beside signs.json")
      ->type_name(kFileValue)
      ->allow_extra_args(false);
}

double rate_of(const std::string& text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error != std::errc() || end != text.data() + text.size() || !(rate > 0) ||
      !std::isfinite(static_cast<float>(rate)) || static_cast<float>(rate) == 0.0F) {
    throw InputError(fmt::format(
        "--learning-rate {}: allowed is a number above 0 that float32 holds, such as 0.01", text));
  }
  return rate;
}

RateSchedule schedule_of(const TrainWords& words, const std::string& rate) {
  RateSchedule schedule;
  schedule.kind = named<ScheduleKind>(kScheduleNames, words.schedule);
  schedule.rate = rate_of(rate);
  const bool decays =
      schedule.kind == ScheduleKind::Step || schedule.kind == ScheduleKind::Exponential;
  if (words.decay && !decays) {
    throw InputError("--decay needs --schedule step or exponential");
  }
  if (words.decay_every && schedule.kind != ScheduleKind::Step) {
    throw InputError("--decay-every needs --schedule step");
  }
  schedule.decay = words.decay.value_or(schedule.decay);
  schedule.every = words.decay_every.value_or(schedule.every);
  return schedule;
}

/// `option` is "--" or "--test-", to which "labels" is added.
void check_samples(const SampleWords& samples, const std::string& inputs,
                   const std::string& option) {
  if (samples.labels.empty() == samples.targets.empty()) {
    throw InputError(fmt::format("{0} needs either {1}labels or {1}targets", inputs, option));
  }
}

/// What goes with samples does not go with a text.
void check_text(const TrainWords& words) {
  if (words.text.empty()) {
    if (!words.test_text.empty()) {
      throw InputError("--test-text needs --text FILE");
    }
    return;
  }
  const bool samples = !words.data.labels.empty() || !words.data.targets.empty() ||
                       !words.test.inputs.empty() || !words.test.labels.empty() ||
                       !words.test.targets.empty() || words.scale || words.offset ||
                       !words.adversary.empty();
  if (samples) {
    throw InputError(
        "--text is learned without --labels, --targets, --test, --adversary, --input-scale and "
        "--input-offset");
  }
  if (words.loss == "mse") {
    throw InputError("--text is learned with --loss cross-entropy");
  }
}

/// Whether the samples that are learned, and the tests, have what they need.
void check_all_samples(const TrainWords& words) {
  if (words.copies) {
    const bool others = !words.data.inputs.empty() || !words.data.labels.empty() ||
                        !words.data.targets.empty() || !words.test.inputs.empty() || words.limit ||
                        !words.text.empty() || !words.test_text.empty();
    if (others || !words.adversary.empty()) {
      throw InputError(
          "--copy-task makes its samples: --data, --labels, --targets, --test, --limit, --text "
          "and --adversary do not go with it");
    }
    return;
  }
  if (words.data.inputs.empty() == words.text.empty()) {
    throw InputError("either --data FILE or --text FILE is needed: what is learned");
  }
  check_text(words);
  if (!words.text.empty()) {
    return;
  }
  if (words.adversary.empty()) {
    check_samples(words.data, "--data", "--");
  } else if (!(words.data.labels.empty() && words.data.targets.empty() &&
               words.test.inputs.empty())) {
    throw InputError("--adversary takes no --labels, --targets or --test: --data FILE is all");
  }
  if (!words.test.inputs.empty()) {
    check_samples(words.test, "--test", "--test-");
  } else if (!words.test.labels.empty() || !words.test.targets.empty()) {
    throw InputError("--test-labels and --test-targets need --test FILE");
  }
}

void check_adversary(const TrainWords& words) {
  if (words.adversary.empty()) {
    if (!words.pictures.empty()) {
      throw InputError("--samples needs --adversary FILE");
    }
    return;
  }
  if (words.rates.size() > 1 || !words.fixed.empty()) {
    throw InputError("--adversary needs one --learning-rate, and no --fixed");
  }
  if (!words.pictures.empty() && !words.pictures.ends_with(".png")) {
    throw InputError(
        fmt::format("--samples {}: allowed: a name that ends in .png", words.pictures));
  }
}

void check_label(const std::string& label) {
  constexpr std::size_t kMost = 100;
  if (!is_printable(label) || label.size() > kMost) {
    throw InputError(
        fmt::format("--label '{}': allowed is UTF-8 of at most {} bytes without control characters",
                    printable(label.substr(0, kMost)), kMost));
  }
}

void check_beside(const TrainWords& words) {
  check_label(words.label);
  if (!words.beside.empty() && (words.page.empty() || !words.adversary.empty())) {
    throw InputError("--beside needs --report FILE, and no --adversary");
  }
}

void check_checkpoint(const TrainWords& words) {
  if (words.checkpoint.empty() && (words.resume || words.checkpoint_every)) {
    throw InputError("--resume and --checkpoint-every need --checkpoint FILE");
  }
  std::error_code ignored;
  const bool exists = std::filesystem::exists(words.checkpoint, ignored);
  if (!words.checkpoint.empty() && exists != words.resume) {
    throw InputError(
        fmt::format("--checkpoint {}: {}", words.checkpoint,
                    exists ? "that file is there already: go on with --resume, or name another"
                           : "there is no such file to resume from"));
  }
}

}  // namespace

void add_train_options(CLI::App& command, TrainWords& words) {
  command
      .add_option("MODEL", words.model,
                  "as in `systol run`: training begins with the weights that it has, or with "
                  "made-up ones")
      ->type_name(kFileValue)
      ->required();
  add_file(command, "--adversary", words.adversary,
           "MODEL is a generator, which learns to make samples like those of --data: its input is "
           "noise, and this network, which learns too, says which of them are data.\n"
           "  --adversary configs/training/digit-critic.yaml");
  command
      .add_option("-c,--config", words.config,
                  "the array that multiplies, of PEs with `pe: bf16`; not with --precision fp32.\n"
                  "  -c configs/edge_16x16_bf16.yaml")
      ->type_name(kFileValue);
  command
      .add_option("--set", words.overrides,
                  "change one key of the array file; may be given more than once.\n"
                  "  --set array.rows=8")
      ->allow_extra_args(false);
  add_data_options(command, words);
  add_learning_options(command, words);
  add_output_options(command, words);
}

TrainingSettings settings_of(const TrainWords& words, const std::string& rate) {
  TrainingSettings settings;
  const bool labelled = !words.data.labels.empty() || !words.text.empty();
  settings.loss = !words.loss.empty() ? named<Loss>(kLossNames, words.loss)
                  : labelled || words.copies || !words.adversary.empty() ? Loss::CrossEntropy
                                                                         : Loss::MeanSquaredError;
  settings.optimiser.kind = named<OptimiserKind>(kOptimiserNames, words.optimiser);
  if (words.momentum && settings.optimiser.kind == OptimiserKind::Adam) {
    throw InputError("--momentum needs --optimiser sgd or signsgd");
  }
  if (words.beta1 && settings.optimiser.kind != OptimiserKind::Adam) {
    throw InputError("--beta1 needs --optimiser adam");
  }
  settings.optimiser.beta1 = words.beta1.value_or(settings.optimiser.beta1);
  settings.optimiser.momentum = words.momentum.value_or(0.0F);
  settings.schedule = schedule_of(words, rate);
  settings.epochs = words.epochs;
  settings.batch = words.batch;
  settings.seed = seed_of(words);
  settings.shuffle = !words.in_order;
  settings.precision = named<Precision>(kPrecisionNames, words.precision);
  settings.distances = named<DistanceRule>(kDistanceRuleNames, words.distances);
  settings.fixed = {words.fixed.begin(), words.fixed.end()};
  return settings;
}

Initialiser initialiser_of(const TrainWords& words) {
  return named<Initialiser>(kInitialiserNames, words.initialiser);
}

std::uint64_t seed_of(const TrainWords& words) { return std::stoull(words.seed); }

void check_train_words(const TrainWords& words) {
  if (words.config.empty() != (words.precision == "fp32")) {
    throw InputError(words.config.empty() ? "-c ARRAY is needed: an array of bf16 PEs, such as "
                                            "configs/edge_16x16_bf16.yaml"
                                          : "-c with --precision fp32: no array computes that");
  }
  if (words.config.empty() && !words.overrides.empty()) {
    throw InputError("--set needs -c ARRAY");
  }
  check_adversary(words);
  check_all_samples(words);
  check_beside(words);
  if (words.rates.size() > 1 && !(words.checkpoint.empty() && words.exported.empty())) {
    throw InputError("--checkpoint and --export need one --learning-rate, not several");
  }
  check_checkpoint(words);
  std::vector<FileOption> inputs = model_file_options("MODEL", words.model);
  if (!words.adversary.empty()) {
    const std::vector<FileOption> adversary = model_file_options("--adversary", words.adversary);
    inputs.insert(inputs.end(), adversary.begin(), adversary.end());
  }
  const auto add = [&](const char* option, const std::string& file) {
    inputs.push_back({option, file_place(file).path.string()});
  };
  add("--data", words.data.inputs);
  add("--labels", words.data.labels);
  add("--targets", words.data.targets);
  add("--text", words.text);
  add("--test-text", words.test_text);
  add("--test", words.test.inputs);
  for (const std::string& file : words.beside) {
    add("--beside", file);
  }
  add("--test-labels", words.test.labels);
  add("--test-targets", words.test.targets);
  check_files(inputs, std::vector<FileOption>{{"--checkpoint", words.checkpoint},
                                              {"--export", words.exported},
                                              {"--json", words.json},
                                              {"--report", words.page},
                                              {"--samples", words.pictures}});
}

}  // namespace systol
