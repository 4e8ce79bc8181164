#include <memory>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/threads_option.h"
#include "host/cli/validate_command.h"
#include "host/import/model.h"
#include "host/result_page/scoreboard_page.h"
#include "host/validate/eyeriss.h"
#include "host/validate/nvdla.h"
#include "host/validate/scoreboard.h"
#include "sim/base/installation.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

void append_rows(std::vector<ScoreRow>& rows, std::vector<ScoreRow> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

/// Reads what the suites need, and remembers which files that were.
class Inputs {
 public:
  ArrayConfig array(const char* name) {
    LoadedArray loaded = load_array(configs_ / name, {});
    files_.insert(files_.end(), loaded.files.begin(), loaded.files.end());
    return std::move(loaded.config);
  }
  Graph network(const std::string& name) {
    const std::filesystem::path file = configs_ / name;
    files_.push_back({"a network", file.string()});
    return import_model_or_sizes(file.string(), {}, {});
  }
  std::vector<GemminiLayer> gemmini_layers() {
    const std::filesystem::path file = configs_ / "validation/gemmini/firesim_cycles.csv";
    files_.push_back({"the measured layers", file.string()});
    return load_gemmini_layers(file);
  }
  const std::vector<FileOption>& files() const { return files_; }

 private:
  std::filesystem::path configs_ = shared_folder() / "configs";
  std::vector<FileOption> files_;
};

struct ValidateAllOptions {
  std::string json;
  std::string report;
  unsigned threads = 1;
};

void validate_all(const ValidateAllOptions& options, const std::string& command_line) {
  Inputs inputs;
  const ArrayConfig tpu = inputs.array("tpu_v1.yaml");
  std::vector<Graph> networks;
  for (const TpuWorkload& workload : tpu_workloads()) {
    networks.push_back(inputs.network("validation/tpu-v1/" + std::string(workload.file)));
  }
  const ArrayConfig gemmini = inputs.array("validation/gemmini/array.yaml");
  const std::vector<GemminiLayer> layers = inputs.gemmini_layers();
  const ArrayConfig tiny = inputs.array("validation/tiny-tpu/array.yaml");
  const Graph mnist = inputs.network("validation/tiny-tpu/mnist.yaml");
  const ArrayConfig edge = inputs.array("edge_8x8.yaml");
  const ArrayConfig eyeriss = inputs.array("validation/eyeriss/array.yaml");
  std::vector<Graph> convolutions;
  for (const std::string_view file : eyeriss_files()) {
    convolutions.push_back(inputs.network(std::string(file)));
  }
  const ArrayConfig nvdla = inputs.array("validation/nvdla/array.yaml");
  const Graph cnn0 = inputs.network("validation/tpu-v1/cnn0.yaml");
  const Graph autoencoder = inputs.network("models/mnist_autoencoder.onnx");
  const Graph resnet = inputs.network("models/mnist_resnet8.onnx");
  check_files(inputs.files(),
              std::vector<FileOption>{{"--json", options.json}, {"--report", options.report}});
  std::vector<ScoreRow> rows = score_rows(run_tpu_workloads(networks, tpu));
  append_rows(rows, score_rows(run_gemmini_layers(layers, gemmini, options.threads)));
  append_rows(rows, score_rows(run_tiny_tpu(mnist, tiny)));
  append_rows(rows, score_rows(compare_first_tpu(cnn0, tpu)));
  append_rows(rows, score_rows(compare_gap9(autoencoder, resnet, edge)));
  append_rows(rows, score_rows(compare_eyeriss(convolutions, eyeriss)));
  append_rows(rows, score_rows(compare_nvdla(nvdla)));
  write_validation(scoreboard_text(rows), scoreboard_json(rows), options.json);
  if (!options.report.empty()) {
    write_file(options.report, scoreboard_page(rows, command_line));
  }
}

}  // namespace

void add_validate_all(CLI::App& validate, Subcommand& action, const std::string& command_line) {
  auto options = std::make_shared<ValidateAllOptions>();
  CLI::App& command = *validate.add_subcommand(
      "all", "every machine that others have measured, row by row, beside SCALE-Sim's closed form");
  command.add_option("--json", options->json,
                     "write the scoreboard as JSON, '-' for standard output instead of the table");
  command
      .add_option("--report", options->report,
                  "write the scoreboard as a page with a chart, one HTML file that any browser "
                  "opens without a network")
      ->type_name(kFileValue);
  add_threads_option(command, options->threads);
  command.footer(
      "The first TPU's tables and power, Gemmini's layers on FireSim, tinyTPU on a Zynq-7020, and\n"
      "GAP9's two voltages. Nothing is fitted, and missed rows are shown. docs/trust.md says how "
      "to\n"
      "read it.\nExample:\n  systol validate all --json all.json");
  command.callback([options, &action, command_line] {
    action = [options, command_line] {
      validate_all(*options, command_line);
      return kOk;
    };
  });
}

}  // namespace systol
