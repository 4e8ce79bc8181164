#include "host/cli/model_options.h"

#include "host/cli/option_text.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/import/model.h"

namespace systol {

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("MODEL", options.model, "as in `systol run`")
      ->type_name(kFileValue)
      ->required();
  command.add_option("-c,--config", options.config, "the array, a YAML file or a SCALE-Sim .cfg")
      ->type_name(kFileValue)
      ->required();
  add_shape_option(command, options.shapes);
  add_state_option(command, options.states);
  command.add_option("--set", options.overrides, "change one key of the array file")
      ->allow_extra_args(false);
  command.add_option("--batch", options.batch, "samples that go through the network together")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
}

Prepared prepare_model(const ModelOptions& options) {
  return prepare(import_model_or_sizes(options.model, given_shapes(options.shapes),
                                       given_states(options.states)),
                 synthetic_samples(options.batch));
}

}  // namespace systol
