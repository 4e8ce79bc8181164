#include "host/train/training_data.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "host/import/synthetic.h"
#include "host/train/checksum.h"

namespace systol {

void check_data(const TrainingData& data, std::size_t inputs, std::size_t outputs) {
  if (!data.tokens.empty()) {
    if (data.length == 0 || data.tokens.size() <= data.count * data.length) {
      throw std::logic_error("a text is too short for its samples");
    }
    return;
  }
  const bool labelled = !data.labels.empty();
  const bool fits = data.inputs.size() == data.count * inputs &&
                    (labelled ? data.labels.size() == data.count && data.targets.empty()
                              : data.targets.size() == data.count * outputs);
  if (!fits) {
    throw std::logic_error("training data does not fit the network");
  }
}

namespace {

/// A row for each token of the samples, with a 1 in the place of it, or of what is `after` it.
void put_ones(const TrainingData& data, std::span<const std::uint32_t> order, std::size_t after,
              std::span<float> rows) {
  const std::size_t width = rows.size() / (order.size() * data.length);
  std::ranges::fill(rows, 0.0F);
  float* row = rows.data();
  for (const std::uint32_t sample : order) {
    for (std::size_t i = 0; i < data.length; ++i, row += width) {
      row[data.tokens[sample * data.length + i + after]] = 1.0F;
    }
  }
}

}  // namespace

void gather(const TrainingData& data, std::span<const std::uint32_t> order, std::span<float> inputs,
            std::span<float> targets) {
  if (!data.tokens.empty()) {
    put_ones(data, order, 0, inputs);
    put_ones(data, order, 1, targets);
    return;
  }
  const std::size_t width = inputs.size() / order.size();
  const std::size_t outputs = targets.size() / order.size();
  std::ranges::fill(targets, 0.0F);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t sample = order[i];
    std::copy_n(data.inputs.data() + sample * width, width, inputs.data() + i * width);
    float* target = targets.data() + i * outputs;
    if (data.labels.empty()) {
      std::copy_n(data.targets.data() + sample * outputs, outputs, target);
    } else if (outputs == 1) {
      *target = static_cast<float>(data.labels[sample]);
    } else {
      target[data.labels[sample]] = 1.0F;
    }
  }
}

std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  SplitMix64 seeds(seed);
  SplitMix64 random(seeds.next() + epoch);
  for (std::size_t i = count; i > 1; --i) {  // Fisher and Yates
    const auto other = static_cast<std::size_t>(random.uniform(0, static_cast<double>(i)));
    std::swap(order[i - 1], order[std::min(other, i - 1)]);
  }
  return order;
}

std::span<const std::uint32_t> SampleOrder::batch(const StepPlace& place, std::size_t samples) {
  const std::uint64_t epoch = place.step / place.steps_per_epoch;
  if (epoch_ != epoch) {
    order_ = shuffled(count_, seed_, epoch);
    if (!shuffles_) {
      std::iota(order_.begin(), order_.end(), 0U);
    }
    epoch_ = epoch;
  }
  const std::size_t first = place.step % place.steps_per_epoch * samples;
  return std::span(order_).subspan(first, std::min(samples, count_ - first));
}

std::uint32_t fingerprint(const TrainingData& data) {
  std::uint32_t sum = checksum(data.inputs.data(), data.inputs.size() * sizeof(float));
  sum = checksum(data.labels.data(), data.labels.size() * sizeof(std::uint32_t), sum);
  sum = checksum(data.tokens.data(), data.tokens.size() * sizeof(std::uint32_t), sum);
  return checksum(data.targets.data(), data.targets.size() * sizeof(float), sum);
}

}  // namespace systol
