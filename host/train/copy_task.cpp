#include "host/train/copy_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "host/import/synthetic.h"
#include "host/train/graph_executor.h"
#include "host/train/learner.h"
#include "host/train/training_graph.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kBatch = 50;

/// A step's graph for one sample in which the heads' weights are outputs, too.
struct HeadGraph {
  TrainingGraph step;
  std::vector<TensorId> written;
  std::vector<TensorId> read;
};

HeadGraph head_graph(const Graph& network, Loss loss) {
  HeadGraph heads{forward_graph(network, loss, 1), {}, {}};
  for (const Node& node : heads.step.graph.nodes) {
    const std::string_view name = node.name;
    if (name.ends_with(".write.weights")) {
      heads.written.push_back(node.output);
    } else if (name.ends_with(".read.weights")) {
      heads.read.push_back(node.output);
    }
  }
  for (const std::vector<TensorId>* tensors : {&heads.written, &heads.read}) {
    heads.step.graph.outputs.insert(heads.step.graph.outputs.end(), tensors->begin(),
                                    tensors->end());
  }
  return heads;
}

/// [slots][steps] of a tensor [slots] for each step.
std::vector<float> table_of(const GraphExecutor& executor, const std::vector<TensorId>& steps) {
  std::vector<float> table;
  for (std::size_t slot = 0; slot < executor.values(steps.front()).size(); ++slot) {
    for (const TensorId step : steps) {
      table.push_back(executor.values(step)[slot]);
    }
  }
  return table;
}

void count(std::span<const float> scores, std::span<const float> targets, float middle,
           Recall& recall) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    right += (scores[i] > middle) == (targets[i] > 0.5F) ? 1 : 0;
  }
  ++recall.sequences;
  recall.bits += scores.size();
  recall.right += right;
  recall.whole += right == scores.size() ? 1 : 0;
}

}  // namespace

CopyTask copy_task_of(const Graph& network) {
  const Shape& in = network.shape(network.inputs.front());
  const Shape& out = network.shape(network.outputs.front());
  if (network.inputs.size() != 1 || network.outputs.size() != 1 || in.size() != 2 ||
      out.size() != 2 || in[0] != 2 * out[0] + 1 || in[1] != out[1] + 1) {
    throw InputError(fmt::format(
        "{}: it reads {} and answers {}; the copy task has [2 n + 1, bits + 1] and [n, bits]",
        network.place(), to_string(in), to_string(out)));
  }
  return {static_cast<std::size_t>(out[0]), static_cast<std::size_t>(out[1])};
}

TrainingData copy_sequences(const CopyTask& task, std::size_t count, std::uint64_t seed) {
  const auto [length, bits] = task;
  SplitMix64 random(seed);
  TrainingData data;
  data.count = count;
  for (std::size_t sample = 0; sample < count; ++sample) {
    const std::size_t first = data.inputs.size();
    data.inputs.resize(first + (2 * length + 1) * (bits + 1));
    for (std::size_t row = 0; row < length; ++row) {
      for (std::size_t bit = 0; bit < bits; ++bit) {
        const auto value = static_cast<float>(random.next() >> 63);
        data.inputs[first + row * (bits + 1) + bit] = value;
        data.targets.push_back(value);
      }
    }
    data.inputs[first + length * (bits + 1) + bits] = 1.0F;
  }
  return data;
}

Recall recall_of(Graph& network, const TrainingSettings& settings, std::size_t sequences,
                 std::uint64_t seed) {
  const CopyTask task = copy_task_of(network);
  const TrainingData data = copy_sequences(task, sequences, seed);
  Learner learner(network, settings, learned_parameters(network, {}));
  const std::size_t answer = task.length * task.bits;
  Recall recall;
  recall.length = task.length;
  for (std::size_t first = 0; first < sequences; first += kBatch) {
    const std::size_t samples = std::min(kBatch, sequences - first);
    const std::span<float> inputs = learner.inputs(samples);
    const std::size_t width = inputs.size() / samples;
    std::copy_n(data.inputs.data() + first * width, inputs.size(), inputs.data());
    const std::span<const float> scores = learner.scores(samples);
    const float middle = learner.likelihood(samples) == Likelihood::None ? 0.5F : 0.0F;
    for (std::size_t i = 0; i < samples; ++i) {
      count(scores.subspan(i * answer, answer),
            std::span(data.targets).subspan((first + i) * answer, answer), middle, recall);
    }
  }
  return recall;
}

HeadWeights head_weights(Graph& network, const TrainingSettings& settings, std::uint64_t seed) {
  const HeadGraph heads = head_graph(network, settings.loss);
  HeadWeights weights;
  if (heads.written.empty() || heads.read.empty()) {
    return weights;
  }
  MatrixProduct product(settings.precision, settings.piece);
  GraphExecutor executor(heads.step.graph, product);
  const std::vector<LearnedValues> parameters = learned_parameters(network, {});
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    executor.bind(heads.step.parameters[i], parameters[i].values);
  }
  const TrainingData data = copy_sequences(copy_task_of(network), 1, seed);
  std::ranges::copy(data.inputs, executor.input(heads.step.input).begin());
  executor.run();
  weights.written = table_of(executor, heads.written);
  weights.read = table_of(executor, heads.read);
  weights.steps = heads.read.size();
  weights.slots = weights.read.size() / weights.steps;
  return weights;
}

}  // namespace systol
