#include "host/train/text_sample.h"

#include <algorithm>

#include "host/train/batch_graph.h"
#include "host/train/token_choice.h"

namespace systol {

std::string sampled_text(const Graph& network, const TrainingSettings& settings,
                         const TextSampling& sampling) {
  const TrainingGraph forward = forward_graph(network, settings.loss, 1);
  MatrixProduct product(settings.precision, settings.piece);
  GraphExecutor executor(forward.graph, product);
  const std::vector<TensorId> parameters = parameters_of(network);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::ranges::copy(network.constant(parameters[i])->values,
                      executor.input(forward.parameters[i]).begin());
  }
  const std::span<float> input = executor.input(forward.input);
  const auto length = static_cast<std::size_t>(network.shape(network.inputs.front())[0]);
  const std::size_t rows = input.size() / length;
  SplitMix64 random(sampling.seed);
  std::string text = sampling.prompt;
  for (std::size_t i = 0; i < sampling.count; ++i) {
    const std::string_view seen =
        std::string_view(text).substr(text.size() - std::min(text.size(), length));
    std::ranges::fill(input, 0.0F);
    for (std::size_t place = 0; place < seen.size(); ++place) {
      input[place * rows + static_cast<unsigned char>(seen[place])] = 1.0F;
    }
    executor.run();
    const std::span<const float> scores = executor.values(forward.scores);
    const std::size_t width = scores.size() / length;
    text += static_cast<char>(choose_token(scores.subspan((seen.size() - 1) * width, width),
                                           sampling.temperature, random));
  }
  return text.substr(sampling.prompt.size());
}

}  // namespace systol
