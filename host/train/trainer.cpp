#include "host/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "host/graph/infer.h"
#include "host/graph/text.h"
#include "host/train/batch_graph.h"
#include "host/train/checksum.h"
#include "host/train/loss.h"

namespace systol {
namespace {

constexpr std::size_t kTestBatch = 256;

std::vector<std::size_t> sizes_of(const Graph& network) {
  std::vector<std::size_t> sizes;
  for (const TensorId id : parameters_of(network)) {
    sizes.push_back(elements(network.shape(id)));
  }
  return sizes;
}

std::uint32_t checksum_of(const Graph& network) {
  const std::string text = to_text(network);
  std::uint32_t sum = checksum(text.data(), text.size());
  for (const Constant& constant : network.constants) {
    sum = checksum(constant.values.data(), constant.values.size() * sizeof(float), sum);
  }
  return sum;
}

std::vector<bool> fixed_of(const Graph& network, const std::set<std::string>& names) {
  std::vector<bool> fixed;
  std::set<std::string> left = names;
  for (const TensorId id : parameters_of(network)) {
    fixed.push_back(left.erase(network.tensor(id).name) > 0);
  }
  if (!left.empty()) {
    std::vector<std::string> known;
    for (const TensorId id : parameters_of(network)) {
      known.push_back(network.tensor(id).name);
    }
    throw InputError(fmt::format("{}: it has no parameter '{}'; it has {}", network.place(),
                                 *left.begin(), fmt::join(known, ", ")));
  }
  return fixed;
}

std::vector<bool> distances_of(const Graph& network) {
  std::vector<bool> distances;
  for (const TensorId id : parameters_of(network)) {
    distances.push_back(std::ranges::any_of(network.nodes, [id](const Node& node) {
      return similarity_of(node.operation) == Similarity::L1 && node.inputs[1] == id;
    }));
  }
  return distances;
}

/// Of AdderNet's layer-wise rate (Chen et al., CVPR 2020): of a step by the root of the values.
constexpr double kAdderRate = 0.1;

}  // namespace

std::string to_text(const TrainingSettings& settings) {
  const auto name = [](const auto& names, auto value) {
    return names[static_cast<std::size_t>(value)];
  };
  const OptimiserSettings& optimiser = settings.optimiser;
  const RateSchedule& schedule = settings.schedule;
  std::string text =
      fmt::format("{}{} {}, batch {}, seed {}{}, {}", name(kPrecisionNames, settings.precision),
                  settings.piece == 0 ? "" : fmt::format(" in sums of {}", settings.piece),
                  name(kLossNames, settings.loss), settings.batch, settings.seed,
                  settings.shuffle ? "" : ", in order", name(kOptimiserNames, optimiser.kind));
  text += optimiser.kind == OptimiserKind::Adam
              ? fmt::format(" {} {} {}", optimiser.beta1, optimiser.beta2, optimiser.epsilon)
              : fmt::format(" momentum {}", optimiser.momentum);
  text += fmt::format(", rate {} {}", schedule.rate, name(kScheduleNames, schedule.kind));
  switch (schedule.kind) {
    case ScheduleKind::Constant:
      break;
    case ScheduleKind::Step:
      text += fmt::format(" {} every {}", schedule.decay, schedule.every);
      break;
    case ScheduleKind::Exponential:
      text += fmt::format(" {}", schedule.decay);
      break;
    case ScheduleKind::Cosine:
      text += fmt::format(" over {} epochs", settings.epochs);
      break;
  }
  return settings.fixed.empty() ? text
                                : text + fmt::format(", fixed {}", fmt::join(settings.fixed, " "));
}

Trainer::Trainer(Graph network, TrainingSettings settings, TrainingData data, TrainingData tests)
    : network_(std::move(network)),
      settings_(std::move(settings)),
      data_(std::move(data)),
      tests_(std::move(tests)),
      parameters_(parameters_of(network_)),
      fixed_(fixed_of(network_, settings_.fixed)),
      distances_(distances_of(network_)),
      steps_per_epoch_((data_.count + settings_.batch - 1) / settings_.batch),
      product_(settings_.precision, settings_.piece),
      optimiser_(settings_.optimiser, sizes_of(network_)) {
  settings_.batch = std::min(settings_.batch, data_.count);
  program_of(steps_, true, settings_.batch);
  check_data(data_, network_.input_size(), network_.output_size());
  identity_ = {network_.name, checksum_of(network_), to_text(settings_), data_.count,
               fingerprint(data_) ^ (tests_.empty() ? 0 : ~fingerprint(tests_))};
}

std::span<float> Trainer::parameter(std::size_t number) {
  return network_.constant(parameters_[number])->values;
}

std::unique_ptr<Trainer::Program> Trainer::make_program(TrainingGraph graph) {
  auto program = std::make_unique<Program>(std::move(graph), product_);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    program->executor.bind(program->graph.parameters[i], parameter(i));
  }
  return program;
}

Trainer::Program& Trainer::program_of(std::map<std::size_t, std::unique_ptr<Program>>& programs,
                                      bool trains, std::size_t batch) {
  std::unique_ptr<Program>& program = programs[batch];
  if (program == nullptr) {
    const auto samples = static_cast<std::int64_t>(batch);
    program = make_program(trains ? training_graph(network_, settings_.loss, samples)
                                  : forward_graph(network_, settings_.loss, samples));
  }
  return *program;
}

const TrainingGraph& Trainer::step_graph() const { return steps_.at(settings_.batch)->graph; }

std::span<const float> Trainer::gradient(std::size_t parameter) const {
  return last_->executor.values(last_->graph.gradients[parameter]);
}

/// Scores over which a softmax is taken.
std::size_t Trainer::row() const {
  return static_cast<std::size_t>(network_.shape(network_.outputs.front()).back());
}

void Trainer::diverged(const std::string& what) const {
  const std::uint64_t step = steps_done();
  throw Divergence(fmt::format("{}: step {} (epoch {}): {}: a smaller learning rate may help",
                               network_.place(), step + 1, step / steps_per_epoch_ + 1, what));
}

void Trainer::step() {
  const std::uint64_t number = steps_done();
  const std::uint64_t epoch = number / steps_per_epoch_;
  const std::uint64_t first = number % steps_per_epoch_ * settings_.batch;
  if (first == 0 || order_.empty()) {
    order_ = shuffled(data_.count, settings_.seed, epoch);
    if (!settings_.shuffle) {
      std::iota(order_.begin(), order_.end(), 0U);
    }
  }
  const std::size_t samples = std::min<std::size_t>(settings_.batch, data_.count - first);
  last_ = &program_of(steps_, true, samples);
  GraphExecutor& executor = last_->executor;
  const TrainingGraph& graph = last_->graph;
  gather(data_, std::span(order_).subspan(first, samples), executor.input(graph.input),
         executor.input(graph.target));
  executor.run();
  const LossValue loss = loss_of(graph.likelihood, executor.values(graph.scores),
                                 executor.values(graph.target), samples, row());
  if (!std::isfinite(loss.mean)) {
    const Node* node = executor.first_not_finite();
    diverged(fmt::format("the loss is {}; the first layer with a value that is not finite is '{}'",
                         std::isnan(loss.mean) ? "not a number" : "infinite",
                         node == nullptr ? "the loss" : node->name));
  }
  const float rate =
      learning_rate(settings_.schedule, {number, steps_per_epoch_, settings_.epochs});
  update(*last_, rate);
  history_.steps.push_back({loss.mean, static_cast<std::uint32_t>(samples),
                            static_cast<std::uint32_t>(loss.correct), rate});
  if (at_epoch_end() && !tests_.empty()) {
    history_.tests.push_back(run_tests());
  }
}

void Trainer::update(Program& program, float rate) {
  optimiser_.begin_step();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (fixed_[i]) {
      continue;
    }
    optimiser_.update(i, rate, scaled(i, program.executor.values(program.graph.gradients[i])),
                      parameter(i));
    if (!all_finite(parameter(i))) {
      const Node* node = program.executor.first_not_finite();
      diverged(fmt::format(
          "'{}' is no longer finite after its update{}", network_.tensor(parameters_[i]).name,
          node == nullptr ? ""
                          : fmt::format("; the first value that is not is in '{}'", node->name)));
    }
  }
}

std::span<const float> Trainer::scaled(std::size_t parameter, std::span<const float> gradient) {
  if (!distances_[parameter]) {
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

TestRecord Trainer::run_tests() {
  TestRecord record;
  std::vector<std::uint32_t> order(tests_.count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t first = 0; first < tests_.count; first += kTestBatch) {
    const std::size_t samples = std::min(kTestBatch, tests_.count - first);
    Program& program = program_of(forwards_, false, samples);
    test_targets_.resize(samples * network_.output_size());
    gather(tests_, std::span(order).subspan(first, samples),
           program.executor.input(program.graph.input), test_targets_);
    program.executor.run();
    const LossValue loss =
        loss_of(program.graph.likelihood, program.executor.values(program.graph.scores),
                test_targets_, samples, row());
    record.loss += loss.mean * static_cast<double>(samples);
    record.correct += static_cast<std::uint32_t>(loss.correct);
    record.samples += static_cast<std::uint32_t>(samples);
  }
  record.loss /= record.samples;
  return record;
}

Checkpoint Trainer::checkpoint() const {
  Checkpoint checkpoint{identity_, {}, optimiser_.state(), history_};
  for (const TensorId id : parameters_) {
    checkpoint.parameters.push_back(network_.constant(id)->values);
  }
  return checkpoint;
}

void Trainer::restore(Checkpoint checkpoint) {
  bool fits =
      checkpoint.identity == identity_ && checkpoint.parameters.size() == parameters_.size();
  for (std::size_t i = 0; fits && i < parameters_.size(); ++i) {
    fits = checkpoint.parameters[i].size() == parameter(i).size();
  }
  if (!fits) {
    throw std::logic_error("a checkpoint of another training");
  }
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    std::ranges::copy(checkpoint.parameters[i], parameter(i).begin());
  }
  optimiser_.restore(std::move(checkpoint.optimiser));
  history_ = std::move(checkpoint.history);
  order_.clear();
}

}  // namespace systol
