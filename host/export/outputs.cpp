#include "host/export/outputs.h"

#include <fmt/format.h>

#include <iterator>
#include <vector>

#include "host/export/npy_text.h"
#include "host/report/csv_field.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

std::vector<std::string> value_names(const RunReport& report) {
  std::vector<std::string> names;
  for (const OutputValues& output : report.outputs) {
    for (std::uint64_t i = 0; i < output.columns; ++i) {
      names.push_back(output.columns == 1 ? output.name : fmt::format("{}[{}]", output.name, i));
    }
  }
  return names;
}

std::string csv_text(const RunReport& report, std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ",") + csv_field(name);
  }
  for (std::uint64_t sample = 0; sample < report.samples; ++sample) {
    char separator = '\n';
    for (const OutputValues& output : report.outputs) {
      for (std::uint64_t i = 0; i < output.columns; ++i) {
        fmt::format_to(std::back_inserter(text), "{}{}", separator,
                       output.values[sample * output.columns + i]);
        separator = ',';
      }
    }
  }
  return text + '\n';
}

}  // namespace

OutputFormat output_format(const std::filesystem::path& path, const Graph& graph) {
  if (path.extension() == ".csv") {
    return OutputFormat::Csv;
  }
  if (path.extension() != ".npy") {
    throw InputError(fmt::format("{}: allowed: a name that ends in .csv or .npy", path.string()));
  }
  if (graph.outputs.size() != 1) {
    throw InputError(fmt::format(
        "{}: '{}' has {} outputs, and a .npy holds one array; allowed: a name that ends in .csv",
        path.string(), graph.name, graph.outputs.size()));
  }
  return OutputFormat::Npy;
}

void write_outputs(const RunReport& report, std::span<const std::string> names, OutputFormat format,
                   const std::filesystem::path& path) {
  if (format == OutputFormat::Npy) {
    const OutputValues& output = report.outputs.front();
    write_file(path, npy_text(output.values, with_samples(report.samples, output.shape)));
  } else if (names.empty()) {
    write_file(path, csv_text(report, value_names(report)));
  } else {
    write_file(path, csv_text(report, names));
  }
}

}  // namespace systol
