#include "host/cli/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/import/idx.h"
#include "host/import/images.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kCalibrationSamples = 256;
constexpr double kBrightest = 255;

std::optional<ValueRange> range_of(const InputOptions& options) {
  if (!options.scale && !options.offset) {
    return std::nullopt;
  }
  const auto low = static_cast<float>(options.offset.value_or(0));
  const auto high = static_cast<float>(options.offset.value_or(0) +
                                       options.scale.value_or(1 / kBrightest) * kBrightest);
  if (!std::isfinite(low) || !std::isfinite(high)) {
    throw InputError("--input-scale, --input-offset: pixels must become finite float32 numbers");
  }
  return ValueRange{low, high};
}

/// `--resize`: averages to the size asked for, back to 8-bit pixels.
void resize(IdxImages& images, const ImageSize& size, const std::string& file) {
  if (size.height > images.height || size.width > images.width) {
    throw InputError(
        fmt::format("{}: --resize {}x{}: the images are {}x{} and can only be made "
                    "smaller",
                    file, size.height, size.width, images.height, images.width));
  }
  const std::vector<float> averaged = average_down(images, size.height, size.width);
  images.height = size.height;
  images.width = size.width;
  images.pixels.resize(averaged.size());
  std::ranges::transform(averaged, images.pixels.begin(), [](float pixel) {
    return static_cast<std::uint8_t>(std::clamp(pixel + 0.5F, 0.0F, 255.0F));
  });
}

void keep_first(IdxImages& images, std::size_t count) {
  images.count = std::min(images.count, count);
  images.pixels.resize(images.count * images.height * images.width);
}

/// A label that no output stands for would only make the accuracy look bad.
void check_answers(const std::vector<std::uint8_t>& labels, std::uint32_t outputs,
                   const std::filesystem::path& path) {
  const auto wrong =
      std::ranges::find_if(labels, [outputs](std::uint8_t label) { return label >= outputs; });
  if (wrong != labels.end()) {
    throw InputError(
        fmt::format("{}: label {} is {}, but the network has {} outputs, for the labels 0 to {}",
                    path.string(), wrong - labels.begin(), *wrong, outputs, outputs - 1));
  }
}

}  // namespace

Samples load_samples(const Graph& graph, const InputOptions& options,
                     std::uint32_t synthetic_count) {
  if (!options.images) {
    if (options.labels) {
      throw InputError("--labels needs --input: synthetic inputs have no labels");
    }
    if (options.resize || options.scale || options.offset) {
      throw InputError("--resize, --input-scale and --input-offset need --input IMAGES");
    }
    Samples samples = synthetic_samples(options.limit.value_or(synthetic_count));
    samples.how = fmt::format("synthetic input, seed {} (no --input given)", graph.seed);
    return samples;
  }
  const std::string file = options.images->string();
  IdxImages images = read_idx_images(*options.images);
  Samples samples;
  if (options.labels) {
    samples.labels = read_idx_labels(*options.labels);
    check_labels(images, samples.labels, *options.labels);
    check_answers(samples.labels, graph.output_size(), *options.labels);
  }
  keep_first(images,
             std::max<std::size_t>(options.limit.value_or(images.count), kCalibrationSamples));
  if (options.resize) {
    resize(images, *options.resize, file);
  }
  PreparedImages prepared = prepare_images(images, graph, file, range_of(options));
  samples.count = std::min<std::size_t>(options.limit.value_or(images.count), images.count);
  samples.labels.resize(std::min(samples.labels.size(), samples.count));
  const auto inputs = static_cast<std::ptrdiff_t>(graph.input_size());
  const auto end_of = [&](std::size_t count) {
    return prepared.values.begin() + static_cast<std::ptrdiff_t>(count) * inputs;
  };
  samples.values.assign(prepared.values.begin(), end_of(samples.count));
  samples.calibration.assign(prepared.values.begin(),
                             end_of(std::min(kCalibrationSamples, images.count)));
  samples.how = fmt::format("{}, {}", printable(options.images->filename().string()), prepared.how);
  return samples;
}

}  // namespace systol
