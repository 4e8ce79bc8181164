// What the command line of `systol train` says.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/train/initialise.h"
#include "host/train/trainer.h"

namespace systol {

/// Files of samples and of what is to be computed of them, as typed; empty: not given.
struct SampleWords {
  std::string inputs;
  std::string labels;
  std::string targets;
};

/// The options as they were typed; what is empty was not given.
struct TrainWords {
  std::string model;
  std::string adversary;
  std::string config;
  std::vector<std::string> overrides;
  SampleWords data;
  SampleWords test;
  std::string text;
  std::string test_text;
  std::optional<std::uint32_t> copies;  ///< sequences of the copy task
  std::optional<std::uint32_t> limit;
  std::optional<double> scale;
  std::optional<double> offset;
  std::string loss;
  std::string optimiser = "sgd";
  std::optional<float> momentum;
  std::optional<float> beta1;
  std::vector<std::string> rates{"0.01"};
  std::string schedule = "constant";
  std::optional<double> decay;
  std::optional<std::uint32_t> decay_every;
  std::uint32_t epochs = 1;
  std::uint32_t batch = 1;
  std::string seed = "1";
  std::string initialiser = "auto";
  std::string precision = "bf16";
  std::string distances = "full";
  std::vector<std::string> fixed;
  bool in_order = false;
  std::string checkpoint;
  std::optional<std::uint64_t> checkpoint_every;
  bool resume = false;
  std::string exported;
  std::string json;
  std::string page;
  std::string label;
  std::vector<std::string> beside;
  std::string pictures;
};

void add_train_options(CLI::App& command, TrainWords& words);

/// Of one of the learning rates. Throws InputError, naming the option, for values and combinations
/// that cannot be.
TrainingSettings settings_of(const TrainWords& words, const std::string& rate);
Initialiser initialiser_of(const TrainWords& words);
std::uint64_t seed_of(const TrainWords& words);

/// Throws InputError for options that do not go together, or whose files do not.
void check_train_words(const TrainWords& words);

}  // namespace systol
