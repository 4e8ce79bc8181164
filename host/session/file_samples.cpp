#include "host/session/file_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kFirstCalibrate = 256;

/// Of a file, a folder or an array, without the folders before it.
std::string short_name(std::string name) {
  while (name.size() > 1 && name.ends_with('/')) {
    name.pop_back();
  }
  return printable(std::filesystem::path(name).filename().string());
}

}  // namespace

std::size_t samples_to_read(std::optional<std::uint32_t> limit) {
  return limit ? std::max<std::size_t>(*limit, kFirstCalibrate)
               : std::numeric_limits<std::size_t>::max();
}

Samples file_samples(const Graph& graph, SampleFile file, std::vector<std::uint32_t> labels,
                     std::optional<std::uint32_t> limit, const InputScaling& scaling) {
  const std::size_t kept = file.kept();
  const std::string name = short_name(file.name);
  NetworkInput values = network_input(std::move(file), graph, scaling);
  Samples samples;
  samples.count = std::min<std::size_t>(limit.value_or(kept), kept);
  samples.labels = std::move(labels);
  samples.labels.resize(std::min(samples.labels.size(), samples.count));
  const std::size_t inputs = graph.input_size();
  samples.calibration = values.values;
  samples.calibration.resize(std::min(kFirstCalibrate, kept) * inputs);
  samples.values = std::move(values.values);
  samples.values.resize(samples.count * inputs);
  samples.how = fmt::format("{}, {}", name, values.how);
  return samples;
}

}  // namespace systol
