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
  std::vector<float> values;
  const std::int64_t half = size / 2;
  for (std::int64_t token = 0; token < tokens; ++token) {
    for (std::int64_t i = 0; i < size; ++i) {
      const double exponent = 2.0 * static_cast<double>(i % half) / static_cast<double>(size);
      const double angle = static_cast<double>(position + token) / std::pow(rotary.base, exponent);
      const double sign = i < half ? -1.0 : 1.0;
      values.push_back(static_cast<float>(rotary.sine ? sign * std::sin(angle) : std::cos(angle)));
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
    graph.constants.push_back(
        {rotary.input, rotary_values(rotary, rotary.position, shape[0], shape[1])});
    std::erase(graph.inputs, rotary.input);
  }
  graph.rotary_inputs.clear();
  return graph;
}

}  // namespace systol
