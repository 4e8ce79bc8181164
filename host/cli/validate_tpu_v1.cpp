#include <cstdio>
#include <memory>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "host/cli/validate_command.h"
#include "host/import/workload.h"
#include "host/validate/tpu_v1.h"
#include "sim/base/installation.h"

namespace systol {
namespace {

void validate_tpu_v1(const std::string& json) {
  const std::filesystem::path configs = shared_folder() / "configs";
  const LoadedArray array = load_array(configs / "tpu_v1.yaml", {});
  std::vector<FileOption> inputs = array.files;
  std::vector<Graph> networks;
  for (const TpuWorkload& workload : tpu_workloads()) {
    const std::filesystem::path file = configs / "validation/tpu-v1" / workload.file;
    inputs.push_back({"a workload", file.string()});
    networks.push_back(load_workload(file));
  }
  check_files(inputs, std::vector<FileOption>{{"--json", json}});
  const std::vector<TpuResult> results =
      run_tpu_workloads(networks, array.config, show_progress_of_many);
  end_progress();
  write_validation(tpu_text(results, array.config, known_width(stdout).value_or(kAnyWidth)),
                   tpu_json(results, array.config), json);
}

}  // namespace

void add_validate_tpu_v1(CLI::App& validate, Subcommand& action) {
  auto json = std::make_shared<std::string>();
  CLI::App& command = *validate.add_subcommand(
      "tpu-v1", "six networks of the sizes in the first TPU's paper, beside its tables");
  command
      .add_option("--json", *json,
                  "write the comparison as JSON, '-' for standard output instead of the tables")
      ->type_name(kFileValue);
  command.footer(
      "The array is configs/tpu_v1.yaml, the networks are in configs/validation/tpu-v1; both say\n"
      "what is published and what is assumed, as docs/validation.md does. No value is computed.\n"
      "Example:\n  systol validate tpu-v1 --json tpu.json");
  command.callback([json, &action] {
    action = [json] {
      validate_tpu_v1(*json);
      return kOk;
    };
  });
}

}  // namespace systol
