#include "host/cli/train_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "host/import/labels.h"
#include "host/import/network_input.h"
#include "host/import/sample_file.h"
#include "host/import/text_file.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// Pixels from 0 to 1, other numbers as they are.
std::vector<float> read_targets(const Graph& network, const std::string& name, std::size_t count,
                                std::size_t limit) {
  SampleFile file = read_sample_file(file_place(name), limit);
  if (file.count != count) {
    throw InputError(fmt::format("{}: it holds {} targets, but there are {} samples",
                                 printable(name), file.count, count));
  }
  if (elements(file.shape) != network.output_size()) {
    throw InputError(fmt::format("{}: a target has {} values, but the network has {} outputs",
                                 printable(name), elements(file.shape), network.output_size()));
  }
  if (file.white) {
    std::ranges::transform(file.values, file.values.begin(),
                           [white = *file.white](float value) { return value / white; });
  }
  return std::move(file.values);
}

std::vector<std::uint32_t> read_classes(const Graph& network, const std::string& name,
                                        std::size_t count) {
  std::vector<std::uint32_t> labels = read_labels(file_place(name));
  check_labels(labels, count, network.output_size(), printable(name));
  return labels;
}

}  // namespace

ReadSamples read_training_samples(const Graph& network, const SampleWords& words,
                                  const TrainWords& all, std::optional<std::uint32_t> limit) {
  const std::size_t most = limit.value_or(std::numeric_limits<std::uint32_t>::max());
  SampleFile file = read_sample_file(file_place(words.inputs), most);
  ReadSamples samples;
  const std::size_t in_file = file.count;
  samples.data.count = file.kept();
  NetworkInput input = network_input(std::move(file), network, {all.scale, all.offset});
  samples.data.inputs = std::move(input.values);
  samples.how = input.how;
  if (!words.labels.empty()) {
    samples.data.labels = read_classes(network, words.labels, in_file);
    samples.data.labels.resize(samples.data.count);
  } else if (!words.targets.empty()) {
    samples.data.targets = read_targets(network, words.targets, in_file, most);
    samples.data.targets.resize(samples.data.count * network.output_size());
  }
  return samples;
}

ReadSamples read_training_text(const Graph& network, const std::string& path,
                               std::optional<std::uint32_t> limit) {
  const Shape shape = network.inputs.size() == 1 ? network.shape(network.inputs.front()) : Shape{};
  if (shape.size() != 2 || network.shape(network.outputs.front()) != shape) {
    throw InputError(fmt::format(
        "{}: --text needs a network with one input of tokens, such as 'embedding: {{rows: "
        "128, size: 64}}', and as many scores for each token",
        network.place()));
  }
  ReadSamples samples;
  samples.data.length = static_cast<std::size_t>(shape[0]);
  samples.data.tokens = read_tokens(path, static_cast<std::size_t>(shape[1]));
  const std::size_t bytes = samples.data.tokens.size();
  samples.data.count = (bytes - std::min<std::size_t>(bytes, 1)) / samples.data.length;
  if (samples.data.count == 0) {
    throw InputError(fmt::format("{}: it has {} bytes; a sample takes {}, and the one after them",
                                 printable(path), bytes, shape[0]));
  }
  samples.how = fmt::format("{} bytes of text, {} in a sample", bytes, shape[0]);
  samples.data.count = std::min<std::size_t>(samples.data.count, limit.value_or(0xffffffffU));
  return samples;
}

}  // namespace systol
