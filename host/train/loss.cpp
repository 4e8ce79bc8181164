#include "host/train/loss.h"

#include <algorithm>
#include <cmath>

namespace systol {
namespace {

using Row = std::span<const float>;

/// log(1 + exp(z)), without overflow.
double soft_plus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

double squares(Row scores, Row targets) {
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double difference = static_cast<double>(scores[i]) - static_cast<double>(targets[i]);
    sum += difference * difference;
  }
  return sum / static_cast<double>(scores.size());
}

double softmax_entropy(Row scores, Row targets) {
  const auto top = static_cast<double>(*std::ranges::max_element(scores));
  double sum = 0;
  for (const float score : scores) {
    sum += std::exp(static_cast<double>(score) - top);
  }
  const double whole = top + std::log(sum);
  double loss = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (targets[i] != 0.0F) {
      loss += static_cast<double>(targets[i]) * (whole - static_cast<double>(scores[i]));
    }
  }
  return loss;
}

double sigmoid_entropy(Row scores, Row targets) {
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto z = static_cast<double>(scores[i]);
    sum += soft_plus(z) - static_cast<double>(targets[i]) * z;
  }
  return sum / static_cast<double>(scores.size());
}

bool is_correct(Likelihood likelihood, Row scores, Row targets) {
  if (scores.size() == 1) {
    const float middle = likelihood == Likelihood::Sigmoid ? 0.0F : 0.5F;
    return (scores[0] > middle) == (targets[0] > 0.5F);
  }
  return std::ranges::max_element(scores) - scores.begin() ==
         std::ranges::max_element(targets) - targets.begin();
}

}  // namespace

LossValue loss_of(Likelihood likelihood, std::span<const float> scores,
                  std::span<const float> targets, std::size_t samples, std::size_t row) {
  LossValue value;
  const std::size_t rows = scores.size() / row;
  for (std::size_t i = 0; i < rows; ++i) {
    const Row of = scores.subspan(i * row, row);
    const Row wanted = targets.subspan(i * row, row);
    value.mean += likelihood == Likelihood::None      ? squares(of, wanted)
                  : likelihood == Likelihood::Softmax ? softmax_entropy(of, wanted)
                                                      : sigmoid_entropy(of, wanted);
  }
  value.mean /= static_cast<double>(rows);
  const std::size_t outputs = scores.size() / samples;
  for (std::size_t i = 0; i < samples; ++i) {
    value.correct += is_correct(likelihood, scores.subspan(i * outputs, outputs),
                                targets.subspan(i * outputs, outputs))
                         ? 1
                         : 0;
  }
  return value;
}

}  // namespace systol
