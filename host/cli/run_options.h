// What can be said to `systol run`.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/engine_options.h"
#include "host/cli/input_options.h"
#include "host/cli/page_options.h"
#include "host/cli/scale_sim_output.h"
#include "host/cli/value_outputs.h"

namespace systol {

/// The options as they were typed; what is empty was not given.
struct RunWords {
  std::string model;
  std::vector<std::string> shapes;
  std::vector<std::string> states;
  std::string config;
  std::vector<std::string> overrides;
  InputOptions input;
  std::optional<std::uint32_t> batch;
  EngineOptions engine;
  std::string json;
  std::string csv;
  PageOptions page;
  bool json_commands = false;
  std::string show;
  std::string timeline;
  std::optional<std::uint64_t> timeline_from;
  std::optional<std::uint64_t> timeline_to;
  bool power = false;
  std::optional<std::uint64_t> power_window;
  std::optional<double> load;
  ScaleSimOutput scale_sim;
  ValueOptions values;
};

void add_run_options(CLI::App& run, RunWords& words);

/// The file that --show writes; empty without --show. Throws InputError for what cannot be shown.
std::string filters_file(const std::string& what);

/// Throws InputError unless all files can be read, or written without loss.
void check_all_files(const RunWords& words);

}  // namespace systol
