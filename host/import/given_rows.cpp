#include "host/import/given_rows.h"

#include <algorithm>
#include <cmath>

#include "host/import/synthetic.h"

namespace systol {

std::uint64_t rows_of(const Graph& graph, const Lookup& lookup) {
  const auto width = static_cast<std::uint64_t>(graph.shape(lookup.input).back());
  return lookup.size() == 0 ? lookup.made_up : lookup.size() / width;
}

void put_row(const Graph& graph, const Lookup& lookup, std::uint64_t row, std::span<float> values) {
  if (lookup.size() > 0) {
    std::copy_n(&lookup.values()[row * values.size()], values.size(), values.begin());
    return;
  }
  const ValueRange range = graph.input_range.value_or(ValueRange{-1.0F, 1.0F});
  SplitMix64 table(graph.seed + index_of(lookup.input));
  SplitMix64 random(table.next() ^ SplitMix64(row).next());
  std::ranges::generate(values, [&] {
    return static_cast<float>(
        random.uniform(static_cast<double>(range.low), static_cast<double>(range.high)));
  });
}

std::vector<float> rotary_values(const RotaryInput& rotary, std::int64_t position,
                                 std::int64_t tokens, std::int64_t size) {
  const auto half = static_cast<std::size_t>(size / 2);
  std::vector<double> divisors(half);
  for (std::size_t i = 0; i < half; ++i) {
    divisors[i] = std::pow(rotary.base, 2.0 * static_cast<double>(i) / static_cast<double>(size));
  }
  std::vector<float> values(static_cast<std::size_t>(tokens * size));
  float* row = values.data();
  for (std::int64_t token = 0; token < tokens; ++token, row += size) {
    const auto at = static_cast<double>(position + token);
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = at / divisors[i];
      row[half + i] = static_cast<float>(rotary.sine ? std::sin(angle) : std::cos(angle));
      row[i] = rotary.sine ? -row[half + i] : row[half + i];
    }
  }
  return values;
}

void put_angles(const Graph& graph, const RotaryInput& rotary, std::size_t sample,
                std::span<float> values) {
  const Shape& shape = graph.shape(rotary.input);
  const std::int64_t position = rotary.position + static_cast<std::int64_t>(sample) * shape[0];
  std::ranges::copy(rotary_values(rotary, position, shape[0], shape[1]), values.begin());
}

Graph with_constant_angles(Graph graph) {
  for (const RotaryInput& rotary : graph.rotary_inputs) {
    const Shape& shape = graph.shape(rotary.input);
    graph.constants.insert(
        std::ranges::lower_bound(graph.constants, rotary.input, {}, &Constant::tensor),
        {rotary.input, rotary_values(rotary, rotary.position, shape[0], shape[1])});
    std::erase(graph.inputs, rotary.input);
  }
  graph.rotary_inputs.clear();
  return graph;
}

}  // namespace systol
