#include "host/cli/samples.h"

#include <fmt/format.h>

#include <utility>

#include "host/cli/parse_options.h"
#include "host/import/labels.h"
#include "host/session/file_samples.h"
#include "sim/base/error.h"

namespace systol {
namespace {

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
  input.samples = read_sample_file(file_place(options.file), samples_to_read(options.limit));
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
  if (!options.labels.empty()) {
    check_labels(input.labels, input.samples->count, graph.output_size(), options.labels);
  }
  Samples samples = file_samples(graph, std::move(*input.samples), std::move(input.labels),
                                 options.limit, options.scaling);
  samples.method = calibration_of(options);
  return samples;
}

}  // namespace systol
