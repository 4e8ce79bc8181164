// Values of mean 0 and variance 1.
#include <algorithm>
#include <cmath>
#include <variant>

#include "host/reference/integer_node.h"
#include "host/reference/rescaled.h"

namespace systol {
namespace {

/// The largest number whose square is at most `value`, which is below 2^63.
std::uint64_t floor_root(std::uint64_t value) {
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
  while (root * root > value) {
    --root;
  }
  while ((root + 1) * (root + 1) <= value) {
    ++root;
  }
  return root;
}

/// `count` values that are `stride` apart.
struct NormalisedRow {
  std::int64_t count;
  std::size_t stride;
  const QuantNormalise& operation;

  void run(const std::int8_t* x, std::int8_t* y) const {
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const std::int64_t value = x[i * stride];
      sum += value;
      squares += value * value;
    }
    const std::uint64_t spread =
        static_cast<std::uint64_t>(count * squares - sum * sum) + operation.epsilon;
    const std::uint64_t root = floor_root(spread << 16);
    const auto reciprocal =
        spread == 0 ? 0 : static_cast<std::int64_t>((std::uint64_t{1} << 46) / root);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const std::int64_t product = (count * x[i * stride] - sum) * reciprocal;
      const std::int64_t wide =
          std::clamp<std::int64_t>((product + (std::int64_t{1} << 26)) >> 27, -32768, 32767);
      y[i * stride] = rescaled(wide, operation.rescale, {operation.zero_point});
    }
  }
};

}  // namespace

void IntegerNode::operator()(const QuantNormalise& operation) const {
  if (!std::get<Normalise>(node.operation).spatial) {
    const NormalisedRow row{static_cast<std::int64_t>(width()), 1, operation};
    for (std::size_t i = 0; i < samples * rows(); ++i) {
      row.run(inputs[0].values + i * width(), output + i * width());
    }
    return;
  }
  const NormalisedRow channel{static_cast<std::int64_t>(rows()), width(), operation};
  for (std::size_t sample = 0; sample < samples; ++sample) {
    for (std::size_t c = 0; c < width(); ++c) {
      channel.run(inputs[0].sample(sample) + c, result(sample) + c);
    }
  }
}

}  // namespace systol
