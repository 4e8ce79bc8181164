#include "host/train/optimiser.h"

#include <cmath>
#include <stdexcept>

namespace systol {
namespace {

float sign(float value) { return value > 0.0F ? 1.0F : value < 0.0F ? -1.0F : 0.0F; }

void same_sizes(const std::vector<std::vector<float>>& a,
                const std::vector<std::vector<float>>& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) {
    same = a[i].size() == b[i].size();
  }
  if (!same) {
    throw std::logic_error("the optimiser's state is that of other parameters");
  }
}

}  // namespace

Optimiser::Optimiser(const OptimiserSettings& settings, std::span<const std::size_t> sizes)
    : settings_(settings), first_(sizes.size()), second_(sizes.size()) {
  const bool adam = settings.kind == OptimiserKind::Adam;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    first_[i].resize(adam || settings.momentum != 0.0F ? sizes[i] : 0);
    second_[i].resize(adam ? sizes[i] : 0);
  }
}

void Optimiser::update(std::size_t number, float rate, std::span<const float> gradient,
                       std::span<float> parameter) {
  if (settings_.kind == OptimiserKind::Adam) {
    adam(number, rate, gradient, parameter);
    return;
  }
  const bool signs = settings_.kind == OptimiserKind::SignSgd;
  const float kept = settings_.momentum;
  const float added = signs ? 1.0F - kept : 1.0F;
  std::vector<float>& averages = first_[number];
  for (std::size_t i = 0; i < parameter.size(); ++i) {
    float direction = gradient[i];
    if (!averages.empty()) {
      averages[i] = kept * averages[i] + added * direction;
      direction = averages[i];
    }
    parameter[i] -= rate * (signs ? sign(direction) : direction);
  }
}

void Optimiser::adam(std::size_t number, float rate, std::span<const float> gradient,
                     std::span<float> parameter) {
  const auto corrected = [&](float beta) {
    return static_cast<float>(1.0 -
                              std::pow(static_cast<double>(beta), static_cast<double>(step_)));
  };
  const float first_share = corrected(settings_.beta1);
  const float second_share = corrected(settings_.beta2);
  const auto [kind, momentum, beta1, beta2, epsilon] = settings_;
  std::vector<float>& first = first_[number];
  std::vector<float>& second = second_[number];
  for (std::size_t i = 0; i < parameter.size(); ++i) {
    const float g = gradient[i];
    first[i] = beta1 * first[i] + (1.0F - beta1) * g;
    second[i] = beta2 * second[i] + (1.0F - beta2) * (g * g);
    parameter[i] -=
        rate * (first[i] / first_share) / (std::sqrt(second[i] / second_share) + epsilon);
  }
}

void Optimiser::restore(State state) {
  same_sizes(state.first, first_);
  same_sizes(state.second, second_);
  step_ = state.step;
  first_ = std::move(state.first);
  second_ = std::move(state.second);
}

}  // namespace systol
