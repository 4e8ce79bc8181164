// What `systol run` writes of the values that a network computed.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/file_options.h"
#include "host/export/outputs.h"
#include "host/graph/graph.h"
#include "host/report/report.h"
#include "host/session/prepared.h"

namespace systol {

/// The options as they were typed; what is empty was not given.
struct ValueOptions {
  std::string outputs;
  std::string predictions;
  std::string class_names;
  std::string tensors;
  std::string products;
  std::string quantised;

  /// Whether a network has to compute values for it.
  bool any() const {
    return !outputs.empty() || !predictions.empty() || !class_names.empty() || !tensors.empty() ||
           !products.empty() || !quantised.empty();
  }
};

/// --outputs, --predictions, --class-names, --save-tensors, --save-products and --export-quantised.
void add_value_options(CLI::App& command, ValueOptions& options);

/// What is written of one network, checked before it runs.
class ValueOutputs {
 public:
  /// Reads the names. Throws InputError for what the network's outputs cannot be written as.
  ValueOutputs(const ValueOptions& options, const Graph& graph);

  /// Throws EnvironmentError where a file cannot be written.
  void write(const RunReport& report, const Prepared& prepared) const;

 private:
  const ValueOptions& options_;
  std::optional<OutputFormat> format_;
  std::vector<std::string> names_;
};

}  // namespace systol
