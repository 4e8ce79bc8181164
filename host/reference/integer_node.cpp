#include "host/reference/integer_node.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "host/reference/each_sample.h"
#include "host/reference/image_window.h"
#include "host/reference/place_pairs.h"
#include "host/reference/rescaled.h"

namespace systol {
namespace {

/// p[i] = min(127, ((e[i] * r + 2^31) >> 32) - 128) with e[i] = table[max - x[i]] and
/// r = floor(2^40 / sum of e).
void softmax_row(const std::array<std::uint16_t, 256>& table, const std::int8_t* x, std::int8_t* p,
                 std::size_t count) {
  const int peak = *std::max_element(x, x + count);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    total += table[static_cast<std::size_t>(peak - x[i])];
  }
  const std::uint64_t reciprocal = (std::uint64_t{1} << 40) / total;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t e = table[static_cast<std::size_t>(peak - x[i])];
    const std::uint64_t rounded = (e * reciprocal + (std::uint64_t{1} << 31)) >> 32;
    p[i] = static_cast<std::int8_t>(std::min(static_cast<int>(rounded) - 128, 127));
  }
}

/// Of a and b less their zero points, before the rescale.
std::int64_t joined(BinaryFunction function, const QuantBinary& operation, std::int64_t a,
                    std::int64_t b) {
  const std::int64_t scaled_a = a * operation.a_multiplier;
  const std::int64_t scaled_b = b * operation.b_multiplier;
  switch (function) {
    case BinaryFunction::Add:
    case BinaryFunction::Subtract:
      return scaled_a + scaled_b;
    case BinaryFunction::Multiply:
      return a * b;
    case BinaryFunction::Maximum:
      return std::max(scaled_a, scaled_b);
    case BinaryFunction::Minimum:
      return std::min(scaled_a, scaled_b);
  }
  return 0;
}

/// The windows of one sample.
struct PoolSample {
  const ImageWindow& image;
  const std::int8_t* x;
  std::int8_t* y;

  void maximum() const {
    for (std::int64_t place = 0; place < image.place_count(); ++place) {
      std::int8_t* values = y + place * image.channels;
      std::fill_n(values, image.channels, static_cast<std::int8_t>(-128));
      image.for_each_value(place, [&](std::int64_t offset) {
        for (std::int64_t c = 0; c < image.channels; ++c) {
          values[c] = std::max(values[c], x[offset + c]);
        }
      });
    }
  }

  void average(const QuantPool& operation, std::int8_t input_zero_point, bool borders) const {
    std::vector<std::int64_t> sums(static_cast<std::size_t>(image.channels));
    for (std::int64_t place = 0; place < image.place_count(); ++place) {
      std::ranges::fill(sums, 0);
      std::int64_t count = 0;
      image.for_each_value(place, [&](std::int64_t offset) {
        ++count;
        for (std::int64_t c = 0; c < image.channels; ++c) {
          sums[static_cast<std::size_t>(c)] += x[offset + c] - input_zero_point;
        }
      });
      const auto divisor = static_cast<std::size_t>(borders ? image.taps() : count);
      std::ranges::transform(sums, y + place * image.channels, [&](std::int64_t sum) {
        return rescaled(sum, operation.rescales[divisor - 1], {operation.zero_point});
      });
    }
  }
};

}  // namespace

void IntegerNode::operator()(const QuantMap& operation) const {
  std::transform(
      inputs[0].values, inputs[0].values + samples * output_size(), output,
      [&](std::int8_t value) { return operation.table[static_cast<std::size_t>(value + 128)]; });
}

void IntegerNode::operator()(const QuantSoftmax& operation) const {
  for (std::size_t row = 0; row < samples * rows(); ++row) {
    softmax_row(operation.table, inputs[0].values + row * width(), output + row * width(), width());
  }
}

void IntegerNode::operator()(const QuantBinary& operation) const {
  const BinaryFunction function = std::get<Binary>(node.operation).function;
  const PlacePairs pairs = operands_of(graph, node);
  const ReferenceRange range{operation.zero_point, operation.minimum, operation.maximum};
  const std::int64_t a_zero = inputs[0].zero_point;
  const std::int64_t b_zero = inputs[1].zero_point;
  each_sample(samples, samples * output_size() * 4, threads, [&](std::size_t sample, unsigned) {
    join_values(pairs, inputs[0].sample(sample), inputs[1].sample(sample), result(sample),
                [&](std::int8_t a, std::int8_t b) {
                  return rescaled(joined(function, operation, a - a_zero, b - b_zero),
                                  operation.rescale, range);
                });
  });
}

void IntegerNode::operator()(const QuantPool& operation) const {
  const auto* pool = std::get_if<Pool>(&node.operation);
  if (pool == nullptr) {  // a Mean
    for (std::size_t row = 0; row < samples * rows(); ++row) {
      const std::int8_t* x = inputs[0].values + row * width();
      const std::int64_t sum = std::accumulate(x, x + width(), std::int64_t{0}) -
                               static_cast<std::int64_t>(width()) * inputs[0].zero_point;
      output[row] = rescaled(sum, operation.rescales[width() - 1], {operation.zero_point});
    }
    return;
  }
  const ImageWindow image = image_window(graph, node, *pool);
  const std::size_t work = samples * output_size() * static_cast<std::size_t>(image.taps());
  each_sample(samples, work, threads, [&](std::size_t sample, unsigned) {
    const PoolSample one{image, inputs[0].sample(sample), result(sample)};
    pool->kind == PoolKind::Maximum
        ? one.maximum()
        : one.average(operation, inputs[0].zero_point, pool->count_borders);
  });
}

void IntegerNode::operator()(const QuantMove& operation) const {
  const std::vector<PlacePairs> moves = moves_of(graph, node);
  each_sample(samples, samples * output_size(), threads, [&](std::size_t sample, unsigned) {
    if (std::holds_alternative<Pad>(node.operation)) {
      std::fill_n(result(sample), output_size(), operation.padding);
    }
    for (std::size_t i = 0; i < moves.size(); ++i) {
      const IntegerInput& input = inputs[i];
      move_values(moves[i], input.sample(sample), result(sample), [&](std::int8_t value) {
        return rescaled(value - input.zero_point, operation.rescales[i], {operation.zero_point});
      });
    }
  });
}

void IntegerNode::operator()(const QuantView&) const {
  std::copy_n(inputs[0].values, samples * output_size(), output);
}

}  // namespace systol
