#include "host/export/outputs.h"

#include <fmt/format.h>

#include <iterator>
#include <vector>

#include "host/export/npy_text.h"
#include "host/export/sample_grid.h"
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
  const bool picture = path.extension() == ".png";
  if (path.extension() != ".npy" && !picture) {
    throw InputError(
        fmt::format("{}: allowed: a name that ends in .csv, .npy or .png", path.string()));
  }
  if (graph.outputs.size() != 1) {
    throw InputError(fmt::format(
        "{}: '{}' has {} outputs, and a {} holds one array; allowed: a name that ends in .csv",
        path.string(), graph.name, graph.outputs.size(), path.extension().string()));
  }
  const Shape& shape = graph.shape(graph.outputs.front());
  if (picture && !image_of(shape)) {
    throw InputError(fmt::format(
        "{}: the output of '{}' is {}, which is no image in grey or in three colours; allowed: a "
        "name that ends in .csv or .npy",
        path.string(), graph.name, to_string(shape)));
  }
  return picture ? OutputFormat::Png : OutputFormat::Npy;
}

void write_outputs(const RunReport& report, std::span<const std::string> names, OutputFormat format,
                   const std::filesystem::path& path) {
  const OutputValues& output = report.outputs.front();
  if (format == OutputFormat::Npy) {
    write_file(path, npy_text(output.values, with_samples(report.samples, output.shape)));
  } else if (format == OutputFormat::Png) {
    write_file(path, sample_grid_png(output.values, *image_of(output.shape), {0.0F, 1.0F}));
  } else if (names.empty()) {
    write_file(path, csv_text(report, value_names(report)));
  } else {
    write_file(path, csv_text(report, names));
  }
}

}  // namespace systol
