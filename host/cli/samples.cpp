#include "host/cli/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

#include "host/cli/parse_options.h"
#include "host/import/labels.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kCalibrationSamples = 256;

/// Of a file, a folder or an array, without the folders before it.
std::string short_name(std::string name) {
  while (name.size() > 1 && name.ends_with('/')) {
    name.pop_back();
  }
  return printable(std::filesystem::path(name).filename().string());
}

/// Samples that run, and those that calibrate: the first ones in the file, whatever the limit is.
std::size_t samples_to_read(const InputOptions& options) {
  return options.limit ? std::max<std::size_t>(*options.limit, kCalibrationSamples)
                       : std::numeric_limits<std::size_t>::max();
}

Samples made_up_samples(const Graph& graph, const InputOptions& options,
                        std::uint32_t synthetic_count) {
  Samples samples = synthetic_samples(options.limit.value_or(synthetic_count));
  samples.how = fmt::format("synthetic input, seed {} (no --input given)", graph.seed);
  samples.method = calibration_of(options);
  return samples;
}

}  // namespace

GivenInput read_input(const InputOptions& options) {
  const std::optional<ImageSize> size =
      options.resize.empty() ? std::nullopt : std::optional(parse_image_size(options.resize));
  GivenInput input;
  if (options.file.empty()) {
    if (!options.labels.empty()) {
      throw InputError("--labels needs --input: synthetic inputs have no labels");
    }
    if (size || options.scaling.scale || options.scaling.offset) {
      throw InputError("--resize, --input-scale and --input-offset need --input FILE");
    }
    return input;
  }
  input.samples = read_sample_file(file_place(options.file), samples_to_read(options));
  if (size) {
    resize(*input.samples, *size);
  }
  if (!options.labels.empty()) {
    input.labels = read_labels(file_place(options.labels));
  }
  return input;
}

Samples load_samples(const Graph& graph, const InputOptions& options, GivenInput input,
                     std::uint32_t synthetic_count) {
  if (!input.samples) {
    return made_up_samples(graph, options, synthetic_count);
  }
  const std::size_t kept = input.samples->kept();
  const std::string name = short_name(input.samples->name);
  Samples samples;
  if (!options.labels.empty()) {
    check_labels(input.labels, input.samples->count, graph.output_size(), options.labels);
  }
  NetworkInput values = network_input(std::move(*input.samples), graph, options.scaling);
  samples.count = std::min<std::size_t>(options.limit.value_or(kept), kept);
  samples.labels = std::move(input.labels);
  samples.labels.resize(std::min(samples.labels.size(), samples.count));
  const std::size_t inputs = graph.input_size();
  samples.calibration = values.values;
  samples.calibration.resize(std::min(kCalibrationSamples, kept) * inputs);
  samples.values = std::move(values.values);
  samples.values.resize(samples.count * inputs);
  samples.how = fmt::format("{}, {}", name, values.how);
  samples.method = calibration_of(options);
  return samples;
}

}  // namespace systol
