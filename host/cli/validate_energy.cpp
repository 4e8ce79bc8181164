#include <memory>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/validate_command.h"
#include "host/import/model.h"
#include "host/validate/energy.h"
#include "host/validate/eyeriss.h"
#include "host/validate/nvdla.h"
#include "host/validate/simba.h"
#include "sim/base/installation.h"

namespace systol {
namespace {

void validate_energy(const std::string& json) {
  const std::filesystem::path configs = shared_folder() / "configs";
  const LoadedArray tpu = load_array(configs / "tpu_v1.yaml", {});
  const LoadedArray edge = load_array(configs / "edge_8x8.yaml", {});
  const std::array<std::filesystem::path, 3> models = {configs / "validation/tpu-v1/cnn0.yaml",
                                                       configs / "models/mnist_autoencoder.onnx",
                                                       configs / "models/mnist_resnet8.onnx"};
  const LoadedArray eyeriss = load_array(configs / "validation/eyeriss/array.yaml", {});
  std::vector<FileOption> inputs = tpu.files;
  const LoadedArray nvdla = load_array(configs / "validation/nvdla/array.yaml", {});
  for (const LoadedArray* array : {&edge, &eyeriss, &nvdla}) {
    inputs.insert(inputs.end(), array->files.begin(), array->files.end());
  }
  std::vector<Graph> layers;
  for (const std::string_view name : eyeriss_files()) {
    const std::filesystem::path file = configs / name;
    inputs.push_back({"a layer", file.string()});
    layers.push_back(import_model_or_sizes(file.string(), {}, {}));
  }
  for (const std::filesystem::path& model : models) {
    inputs.push_back({"a model", model.string()});
  }
  check_files(inputs, std::vector<FileOption>{{"--json", json}});
  std::vector<EnergyComparison> rows = compare_first_tpu(
      import_model_or_sizes(models[0].string(), {}, {}), tpu.config, show_progress_of_many);
  for (EnergyComparison& row : compare_gap9(import_model_or_sizes(models[1].string(), {}, {}),
                                            import_model_or_sizes(models[2].string(), {}, {}),
                                            edge.config, show_progress_of_many)) {
    rows.push_back(row);
  }
  for (const EnergyComparison& row :
       compare_eyeriss(layers, eyeriss.config, show_progress_of_many)) {
    rows.push_back(row);
  }
  rows.push_back(compare_eyeriss_in_place(layers, eyeriss.config, show_progress_of_many));
  for (const EnergyComparison& row : compare_nvdla(nvdla.config)) {
    rows.push_back(row);
  }
  rows.push_back(compare_simba(nvdla.config));
  end_progress();
  write_validation(energy_text(rows), energy_json(rows), json);
}

}  // namespace

void add_validate_energy(CLI::App& validate, Subcommand& action) {
  auto json = std::make_shared<std::string>();
  CLI::App& command =
      *validate.add_subcommand("energy", "powers and energies that were published, beside ours");
  command
      .add_option("--json", *json,
                  "write the comparison as JSON, '-' for standard output instead of the table")
      ->type_name(kFileValue);
  command.footer(
      "The first TPU is configs/tpu_v1.yaml; sources and what does not close: docs/validation.md.\n"
      "Example:\n  systol validate energy");
  command.callback([json, &action] {
    action = [json] {
      validate_energy(*json);
      return kOk;
    };
  });
}

}  // namespace systol
