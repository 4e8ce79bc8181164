// What can be said to `systol compare`.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/engine_options.h"
#include "host/cli/input_options.h"
#include "host/cli/pe_choices.h"

namespace systol {

/// The options as they were typed; what is empty was not given.
struct CompareWords {
  std::vector<std::string> models;
  std::vector<std::string> shapes;
  std::vector<std::string> states;
  std::vector<std::string> configs;
  std::vector<std::string> overrides;
  std::vector<std::string> dataflows;
  std::vector<std::string> pes;
  std::vector<PeChoice> pe_choices;  ///< of `pes`, with found files
  std::vector<std::string> sweeps;
  EngineOptions engine;
  InputOptions input;
  std::optional<std::uint32_t> batch;
  std::string baseline;
  std::vector<std::string> limits;
  std::string best;
  std::vector<std::string> objectives;
  std::vector<std::string> columns;
  std::string csv;
  std::string report;
  std::string json;
};

void add_compare_options(CLI::App& command, CompareWords& words);

}  // namespace systol
