#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/compare_options.h"
#include "host/cli/comparison_printer.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/samples.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/cli/terminal.h"
#include "host/import/model.h"
#include "host/report/json.h"
#include "host/result_page/comparison_page.h"
#include "host/scale_sim/array_file.h"
#include "host/session/workload.h"
#include "host/sweep/grid.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

/// More rows than a table is for.
constexpr std::uint64_t kMostRows = 100'000;
constexpr std::array<std::string_view, 3> kDefaultObjectives = {"time", "energy", "area"};

/// An array of the comparison, or why it is none.
struct Candidate {
  std::string name;  ///< of the array, or of its file where it cannot be read
  std::vector<Setting> settings;
  ArrayConfig config;
  std::string error;
  std::string model;  ///< that runs on it alone, in the place of MODELS; empty: those do
};

Candidate candidate_of(const std::string& path, std::vector<std::string> overrides,
                       std::vector<Setting> settings, bool swept) {
  std::ranges::transform(settings, std::back_inserter(overrides),
                         [](const Setting& setting) { return text_of(setting); });
  Candidate candidate{std::filesystem::path(path).stem().string(), std::move(settings), {}, {}, {}};
  try {
    candidate.config = read_array(path, overrides);
    candidate.name = candidate.config.name;
  } catch (const InputError& error) {
    if (!swept) {
      throw;
    }
    candidate.error = error.what();
  }
  return candidate;
}

/// The network that the PEs of these settings have for themselves, or an empty name.
std::string own_model(const std::vector<PeChoice>& choices, const std::vector<Setting>& settings) {
  for (const PeChoice& choice : choices) {
    if (std::ranges::find(settings, Setting{std::string(kPeKey), choice.type}) != settings.end()) {
      return choice.model;
    }
  }
  return {};
}

/// Each array in each of the dataflows asked for, with each combination of what is swept.
std::vector<Candidate> candidates_of(const CompareWords& words, const std::vector<Axis>& axes) {
  const std::uint64_t points = grid_size(axes, "--sweep");
  const std::size_t dataflows = std::max<std::size_t>(words.dataflows.size(), 1);
  if (points * words.configs.size() * dataflows * words.models.size() > kMostRows) {
    throw InputError(
        fmt::format("--sweep: found more than {} rows, allowed: at most so many", kMostRows));
  }
  std::vector<Candidate> candidates;
  for (const std::string& path : words.configs) {
    for (std::size_t i = 0; i < dataflows; ++i) {
      std::vector<std::string> overrides = words.overrides;
      if (!words.dataflows.empty()) {
        overrides.push_back("array.dataflow=" + words.dataflows[i]);
      }
      for (std::uint64_t point = 0; point < points; ++point) {
        candidates.push_back(
            candidate_of(path, overrides, grid_settings(axes, point), !axes.empty()));
        candidates.back().model = own_model(words.pe_choices, candidates.back().settings);
      }
    }
  }
  if (std::ranges::none_of(candidates, [](const Candidate& c) { return c.error.empty(); })) {
    throw InputError("--sweep " + candidates.front().error);
  }
  return candidates;
}

/// Moves the arrays of the baseline to the front.
void put_baseline_first(CompareWords& words) {
  if (words.baseline.empty()) {
    return;
  }
  std::size_t number = 0;
  const char* end = words.baseline.data() + words.baseline.size();
  const bool is_number = std::from_chars(words.baseline.data(), end, number).ptr == end &&
                         number >= 1 && number <= words.configs.size();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < words.configs.size(); ++i) {
    names.push_back(load_array(words.configs[i], words.overrides).config.name);
    if (is_number ? i + 1 == number : names.back() == words.baseline) {
      std::rotate(words.configs.begin(), words.configs.begin() + static_cast<std::ptrdiff_t>(i),
                  words.configs.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return;
    }
  }
  std::string allowed;
  for (const std::string& name : names) {
    allowed += (allowed.empty() ? "" : ", ") + name;
  }
  throw InputError(fmt::format("--baseline: found '{}', allowed: {}, or a number from 1 to {}",
                               words.baseline, allowed, names.size()));
}

void check_all_files(const CompareWords& words) {
  std::vector<FileOption> inputs;
  for (const std::string& model : words.models) {
    std::ranges::copy(model_file_options("MODELS", model), std::back_inserter(inputs));
  }
  for (const PeChoice& choice : words.pe_choices) {
    if (!choice.model.empty()) {
      std::ranges::copy(model_file_options("--pe", choice.model), std::back_inserter(inputs));
    }
  }
  for (const std::string& config : words.configs) {
    std::ranges::copy(load_array(config, words.overrides).files, std::back_inserter(inputs));
  }
  std::ranges::copy(input_files(words.input), std::back_inserter(inputs));
  check_files(inputs,
              std::vector<FileOption>{
                  {"--csv", words.csv}, {"--json", words.json}, {"--report", words.report}});
}

/// What all rows are judged by, before there is one.
Comparison empty_comparison(const CompareWords& words, const std::vector<Axis>& axes) {
  Comparison comparison;
  for (const Axis& axis : axes) {
    std::ranges::copy(axis.keys, std::back_inserter(comparison.keys));
  }
  for (const std::string& limit : words.limits) {
    comparison.limits.push_back(parse_limit(limit, "--under"));
  }
  for (const std::string& name : words.objectives) {
    comparison.objectives.push_back(metric_index(name, "--objectives"));
  }
  if (words.objectives.empty()) {
    for (const std::string_view name : kDefaultObjectives) {
      comparison.objectives.push_back(metric_index(name, ""));
    }
  }
  return comparison;
}

/// What is known of a row before it runs.
ResultRow expected_row(const CompareWords& words, const Candidate& candidate, std::size_t model,
                       std::size_t candidates, std::size_t i) {
  ResultRow row;
  row.number = model * candidates + i + 1;
  row.workload = model;
  const std::string& file = candidate.model.empty() ? words.models[model] : candidate.model;
  row.model = std::filesystem::path(file).stem().string();
  row.array = candidate.name;
  row.settings = candidate.settings;
  row.rows = candidate.config.rows;
  row.columns = candidate.config.columns;
  row.dataflow = name_of(candidate.config.dataflow);
  row.batch = words.batch.value_or(1);
  return row;
}

class CompareCommand {
 public:
  CompareCommand(CompareWords& words, const std::string& command_line)
      : words_(words),
        command_line_(command_line),
        engine_(engine_of(words.engine)),
        axes_(axes_of(words)),
        comparison_(empty_comparison(words, axes_)) {
    if (!words.best.empty()) {
      best_ = metric_index(words.best, "--best");
    } else if (!words.limits.empty()) {
      best_ = metric_index("time", "");
    }
    options_.batch = words.batch;
    options_.energy_tables = &energy_tables_;
    options_.check = !words.engine.no_check;
    options_.threads = words.engine.threads;
  }

  int run() {
    const std::vector<Candidate> candidates = candidates_of(words_, axes_);
    ComparisonPrinter printer(layout(candidates), words_.json != "-" && words_.csv != "-");
    const GivenInput input = read_input(words_.input);
    for (std::size_t model = 0; model < words_.models.size(); ++model) {
      const Workload workload = load(words_.models[model], input);
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        ResultRow row = expected_row(words_, candidates[i], model, candidates.size(), i);
        const Workload& own =
            candidates[i].model.empty() ? workload : load_own(candidates[i].model, input);
        row.model = name_of(own);
        run_one(own, candidates[i], row);
        comparison_.rows.push_back(std::move(row));
        printer.add(comparison_);
      }
    }
    printer.finish(comparison_, best_);
    write_files();
    return status();
  }

 private:
  static std::vector<Axis> axes_of(const CompareWords& words) {
    std::vector<Axis> axes;
    if (!words.pe_choices.empty()) {
      Axis& types = axes.emplace_back(Axis{{std::string(kPeKey)}, {}});
      for (const PeChoice& choice : words.pe_choices) {
        types.levels.push_back({choice.type});
      }
    }
    for (const std::string& text : words.sweeps) {
      axes.push_back(parse_axis(text, "--sweep"));
    }
    check_keys(axes, "--sweep");
    return axes;
  }

  ComparisonLayout layout(const std::vector<Candidate>& candidates) const {
    ComparisonLayout layout;
    layout.columns = words_.columns;
    layout.width = known_width(stdout).value_or(0);
    for (const Limit& limit : comparison_.limits) {
      layout.first.push_back(limit.metric);
    }
    if (best_) {
      layout.first.push_back(*best_);
    }
    for (std::size_t model = 0; model < words_.models.size(); ++model) {
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        layout.expected.push_back(expected_row(words_, candidates[i], model, candidates.size(), i));
      }
    }
    layout.limits = comparison_.limits;
    layout.checked = has_values(engine_) && options_.check;
    layout.accuracy = has_values(engine_) && !words_.input.labels.empty();
    return layout;
  }

  Workload load(const std::string& model, const GivenInput& input) const {
    if (is_topology_file(model)) {
      return load_topology(model);
    }
    Graph graph =
        import_model_or_sizes(model, given_shapes(words_.shapes), given_states(words_.states));
    Samples samples = load_samples(graph, words_.input, input, words_.batch.value_or(1));
    return prepare(std::move(graph), std::move(samples));
  }

  const Workload& load_own(const std::string& model, const GivenInput& input) {
    auto found = own_.find(model);
    if (found == own_.end()) {
      found = own_.emplace(model, load(model, input)).first;
    }
    return found->second;
  }

  /// Where arrays are swept, one that cannot run is a row that says why.
  void run_one(const Workload& workload, const Candidate& candidate, ResultRow& row) {
    row.error = candidate.error;
    if (row.failed()) {
      return;
    }
    try {
      RunReport report = systol::run(workload, candidate.config, engine_, options_, show_progress);
      ResultRow result = result_of(report);
      result.number = row.number;
      result.workload = row.workload;
      result.settings = std::move(row.settings);
      row = std::move(result);
      if (!words_.json.empty()) {
        report.command_line = command_line_;
        reports_.push_back(std::move(report));
      }
    } catch (const InputError& error) {
      if (axes_.empty()) {
        throw;
      }
      row.error = error.what();
    }
  }

  void write_files() const {
    if (!words_.csv.empty()) {
      write_file(words_.csv, comparison_csv(comparison_));
    }
    if (!words_.report.empty()) {
      write_file(words_.report, comparison_page(comparison_, command_line_));
    }
    if (!words_.json.empty()) {
      write_file(words_.json, json_text(comparison_json(comparison_, reports_)));
    }
  }

  int status() const {
    const bool wrong = std::ranges::any_of(
        comparison_.rows, [](const ResultRow& row) { return row.check == "FAILED"; });
    return wrong ? kWrongResult : kOk;
  }

  const CompareWords& words_;
  const std::string& command_line_;
  EngineSpec engine_;
  std::vector<Axis> axes_;
  Comparison comparison_;
  std::optional<std::size_t> best_;
  EnergyTables energy_tables_;
  RunOptions options_;
  std::map<std::string, Workload> own_;  ///< of PE types that have a network for themselves
  std::vector<RunReport> reports_;       ///< only for the JSON
};

int compare(CompareWords& words, const std::string& command_line) {
  for (std::vector<std::string>* names : {&words.models, &words.configs}) {
    std::ranges::transform(*names, names->begin(),
                           [](const std::string& name) { return named_file(name).string(); });
  }
  words.pe_choices = parse_pe_choices(words.pes, words.models.size());
  for (PeChoice& choice : words.pe_choices) {
    choice.model = choice.model.empty() ? choice.model : named_file(choice.model).string();
  }
  check_all_files(words);
  put_baseline_first(words);
  return CompareCommand(words, command_line).run();
}

}  // namespace

void add_compare_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto words = std::make_shared<CompareWords>();
  CLI::App& command =
      *app.add_subcommand("compare", "Runs models or layer sizes on several arrays, side by side");
  add_compare_options(command, *words);
  command.callback([words, &action, command_line] {
    action = [words, command_line] { return compare(*words, command_line); };
  });
}

}  // namespace systol
