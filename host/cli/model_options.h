// A model and an array, for commands that compute no value of it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "host/session/prepared.h"

namespace systol {

struct ModelOptions {
  std::string model;
  std::vector<std::string> shapes;
  std::vector<std::string> states;
  std::string config;
  std::vector<std::string> overrides;
  std::uint32_t batch = 1;
};

/// MODEL, -c, --shape, --state, --set and --batch.
void add_model_options(CLI::App& command, ModelOptions& options);

/// The model with as many made-up samples as a batch has. Throws InputError.
Prepared prepare_model(const ModelOptions& options);

}  // namespace systol
