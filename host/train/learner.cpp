#include "host/train/learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "host/graph/text.h"
#include "host/train/batch_graph.h"
#include "host/train/checksum.h"

namespace systol {
namespace {

/// Of AdderNet's layer-wise rate (Chen et al., CVPR 2020): of a step by the root of the values.
constexpr double kAdderRate = 0.1;

bool weighs_distances(const Graph& network, TensorId id) {
  return std::ranges::any_of(network.nodes, [id](const Node& node) {
    return similarity_of(node.operation) == Similarity::L1 && node.inputs[1] == id;
  });
}

void round_weights(const LearnedValues& parameter) {
  if (parameter.rounded != nullptr) {
    parameter.rounded->round();
  }
}

}  // namespace

std::vector<bool> fixed_parameters(const Graph& network, const std::set<std::string>& names) {
  std::vector<bool> fixed;
  std::set<std::string> left = names;
  std::vector<std::string> known;
  for (const TensorId id : parameters_of(network)) {
    known.push_back(network.tensor(id).name);
    fixed.push_back(left.erase(known.back()) > 0);
  }
  if (!left.empty()) {
    throw InputError(fmt::format("{}: it has no parameter '{}'; it has {}", network.place(),
                                 *left.begin(), fmt::join(known, ", ")));
  }
  return fixed;
}

std::vector<LearnedValues> learned_parameters(Graph& network, const std::set<std::string>& fixed) {
  const std::vector<bool> of_names = fixed_parameters(network, fixed);
  std::vector<LearnedValues> parameters;
  for (const TensorId id : parameters_of(network)) {
    const std::shared_ptr<RoundedWeights> rounded = rounded_weights(network, id);
    parameters.push_back(
        {network.tensor(id).name,
         rounded == nullptr ? std::span(network.constant(id)->values) : rounded->floats(),
         of_names[parameters.size()], weighs_distances(network, id), rounded});
  }
  return parameters;
}

std::vector<std::size_t> sizes_of(const std::vector<LearnedValues>& parameters) {
  std::vector<std::size_t> sizes;
  sizes.reserve(parameters.size());
  for (const LearnedValues& parameter : parameters) {
    sizes.push_back(parameter.values.size());
  }
  return sizes;
}

std::vector<std::vector<float>> values_of(const std::vector<LearnedValues>& parameters) {
  std::vector<std::vector<float>> values;
  values.reserve(parameters.size());
  for (const LearnedValues& parameter : parameters) {
    values.emplace_back(parameter.values.begin(), parameter.values.end());
  }
  return values;
}

void restore_values(const Checkpoint& checkpoint, const TrainingIdentity& identity,
                    const std::vector<LearnedValues>& parameters) {
  const bool fits =
      checkpoint.identity == identity &&
      std::ranges::equal(checkpoint.parameters, parameters, {}, &std::vector<float>::size,
                         [](const LearnedValues& parameter) { return parameter.values.size(); });
  if (!fits) {
    throw std::logic_error("a checkpoint of another training");
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::ranges::copy(checkpoint.parameters[i], parameters[i].values.begin());
    round_weights(parameters[i]);
  }
}

std::uint32_t checksum_of(const Graph& network) {
  const std::string text = to_text(network);
  std::uint32_t sum = checksum(text.data(), text.size());
  for (const Constant& constant : network.constants) {
    sum = checksum(constant.values.data(), constant.values.size() * sizeof(float), sum);
  }
  return sum;
}

Learner::Learner(const Graph& network, const TrainingSettings& settings,
                 std::vector<LearnedValues> parameters)
    : network_(network),
      settings_(settings),
      parameters_(std::move(parameters)),
      product_(settings_.precision, settings_.piece) {}

Learner::Program& Learner::program_of(Programs& programs, bool trains, std::size_t samples) {
  std::unique_ptr<Program>& program = programs[samples];
  if (program == nullptr) {
    const auto batch = static_cast<std::int64_t>(samples);
    std::vector<bool> fixed;
    for (const LearnedValues& parameter : parameters_) {
      fixed.push_back(parameter.fixed);
    }
    program = std::make_unique<Program>(
        trains ? training_graph(network_, settings_.loss, batch, fixed, settings_.distances)
               : forward_graph(network_, settings_.loss, batch),
        product_);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      program->executor.bind(program->graph.parameters[i], parameters_[i].used());
    }
  }
  return *program;
}

Learner::Batch Learner::batch(std::size_t samples) {
  Program& program = program_of(steps_, true, samples);
  return {program.executor.input(program.graph.input),
          program.executor.input(program.graph.target)};
}

StepRecord Learner::learn(std::size_t samples, const StepPlace& place, Optimiser& optimiser,
                          std::size_t first) {
  Program& program = program_of(steps_, true, samples);
  last_ = &program;
  GraphExecutor& executor = program.executor;
  const TrainingGraph& graph = program.graph;
  executor.run();
  const LossValue loss = loss_of(graph.likelihood, executor.values(graph.scores),
                                 executor.values(graph.target), samples, row());
  if (!std::isfinite(loss.mean)) {
    const Node* node = executor.first_not_finite();
    diverged(place,
             fmt::format("the loss is {}; the first layer with a value that is not finite is '{}'",
                         std::isnan(loss.mean) ? "not a number" : "infinite",
                         node == nullptr ? "the loss" : node->name));
  }
  const float rate = learning_rate(settings_.schedule, place);
  update(program, place, rate, optimiser, first);
  return {loss.mean, static_cast<std::uint32_t>(samples), static_cast<std::uint32_t>(loss.correct),
          rate};
}

void Learner::update(Program& program, const StepPlace& place, float rate, Optimiser& optimiser,
                     std::size_t first) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const LearnedValues& parameter = parameters_[i];
    if (parameter.fixed) {
      continue;
    }
    optimiser.update(first + i, rate,
                     scaled(i, program.executor.values(program.graph.gradients[i])),
                     parameter.values);
    if (!all_finite(parameter.values)) {
      const Node* node = program.executor.first_not_finite();
      diverged(place,
               fmt::format("'{}' is no longer finite after its update{}", parameter.name,
                           node == nullptr ? ""
                                           : fmt::format("; the first value that is not is in '{}'",
                                                         node->name)));
    }
    round_weights(parameter);
  }
}

std::span<const float> Learner::scaled(std::size_t parameter, std::span<const float> gradient) {
  if (!parameters_[parameter].distances) {
    return gradient;
  }
  double squares = 0;
  for (const float value : gradient) {
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  if (!(squares > 0)) {
    return gradient;
  }
  const auto factor =
      static_cast<float>(kAdderRate * std::sqrt(static_cast<double>(gradient.size()) / squares));
  scaled_.resize(gradient.size());
  std::ranges::transform(gradient, scaled_.begin(), [=](float value) { return factor * value; });
  return scaled_;
}

std::span<float> Learner::inputs(std::size_t samples) {
  Program& program = program_of(forwards_, false, samples);
  return program.executor.input(program.graph.input);
}

std::span<const float> Learner::scores(std::size_t samples) {
  Program& program = program_of(forwards_, false, samples);
  program.executor.run();
  return program.executor.values(program.graph.scores);
}

Likelihood Learner::likelihood(std::size_t samples) {
  return program_of(forwards_, false, samples).graph.likelihood;
}

const TrainingGraph& Learner::step_graph(std::size_t samples) const {
  return steps_.at(samples)->graph;
}

std::span<const float> Learner::gradient(std::size_t parameter) const {
  return last_->executor.values(last_->graph.gradients[parameter]);
}

std::size_t Learner::row() const {
  return static_cast<std::size_t>(network_.shape(network_.outputs.front()).back());
}

void Learner::diverged(const StepPlace& place, const std::string& what) const {
  throw Divergence(fmt::format("{}: step {} (epoch {}): {}: a smaller learning rate may help",
                               network_.place(), place.step + 1,
                               place.step / place.steps_per_epoch + 1, what));
}

}  // namespace systol
