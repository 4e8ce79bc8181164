// Rows of an input that the host puts there: those of a table, and rotary angles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// How many rows the lookup's table has.
std::uint64_t rows_of(const Graph& graph, const Lookup& lookup);

/// Writes row `row` of the table, which is one of it; of one that is made up, values uniform in the
/// graph's input range, or in +-1, that depend on the seed, the input and the row alone.
void put_row(const Graph& graph, const Lookup& lookup, std::uint64_t row, std::span<float> values);

/// [tokens][size] values of a rotary input's first token at `position`.
std::vector<float> rotary_values(const RotaryInput& rotary, std::int64_t position,
                                 std::int64_t tokens, std::int64_t size);

/// Writes what the input is in sample `sample`.
void put_angles(const Graph& graph, const RotaryInput& rotary, std::size_t sample,
                std::span<float> values);

/// The graph with constants in place of rotary inputs: what these are in the first sample.
Graph with_constant_angles(Graph graph);

}  // namespace systol
