#include "host/run/output_check.h"

#include <algorithm>
#include <cstring>

#include "hw/isa/text.h"

namespace systol {

OutputCheck::OutputCheck(const QuantGraph& graph, const IntegerResult& expected,
                         std::uint32_t pe_columns)
    : graph_(graph), expected_(expected), pe_columns_(pe_columns) {
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const IntegerLayer& layer = expected.layers[i];
    const std::size_t outputs = graph.layers[i].softmax_table ? layer.outputs.size() : 0;
    written_.push_back(
        {std::vector<std::uint8_t>(layer.logits.size()), std::vector<std::uint8_t>(outputs)});
  }
}

void OutputCheck::wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                            std::span<const std::int8_t> values) {
  const isa::Origin& origin = command.origin;
  const QuantDense& layer = graph_.layers[origin.node];
  const IntegerLayer& expected = expected_.layers[origin.node];
  const bool softmax = std::holds_alternative<isa::Softmax>(command.operation);
  const std::vector<std::int8_t>& all = softmax ? expected.outputs : expected.logits;
  std::vector<std::uint8_t>& written =
      softmax ? written_[origin.node].outputs : written_[origin.node].logits;
  // A transposed row is one channel of several samples.
  const bool transposed = std::holds_alternative<isa::ActivateTransposed>(command.operation);
  Mismatch place;
  place.command = index;
  place.tile_row = origin.row;
  place.tile_column = origin.column;
  place.row = origin.row + (transposed ? 0 : row);
  place.column = origin.column + (transposed ? row : 0);
  const std::size_t first = std::size_t{place.row} * layer.outputs + place.column;
  const std::size_t step = transposed ? layer.outputs : 1;
  report_.compared += values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    written[first + i * step] = 1;
  }
  if (!transposed && std::equal(values.begin(), values.end(), &all[first])) {
    return;
  }
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const std::int8_t expected_value = all[first + i * step];
    if (values[i] != expected_value && !report_.first_mismatch) {
      place.layer = layer.name;
      place.command_text = isa::to_text(command);
    }
    place.pe_column = i % pe_columns_;
    compare(expected_value, values[i], place);
    ++(transposed ? place.row : place.column);
  }
}

void OutputCheck::compare(std::int8_t expected, std::int8_t got, const Mismatch& place) {
  if (expected == got) {
    return;
  }
  ++report_.mismatches;
  if (!report_.first_mismatch) {
    report_.first_mismatch = place;
    report_.first_mismatch->expected = expected;
    report_.first_mismatch->got = got;
  }
}

CheckReport OutputCheck::finish(std::span<const std::uint8_t> output) {
  for (const Written& layer : written_) {
    report_.missing += static_cast<std::uint64_t>(std::ranges::count(layer.logits, 0) +
                                                  std::ranges::count(layer.outputs, 0));
  }
  const std::vector<std::int8_t>& expected = expected_.layers.back().outputs;
  report_.compared += expected.size();
  if (std::memcmp(expected.data(), output.data(), expected.size()) == 0) {
    return report_;
  }
  const std::uint32_t columns = graph_.layers.back().outputs;
  Mismatch place;
  place.layer = graph_.layers.back().name + " (as stored)";
  place.command_text = "store";
  for (std::uint32_t i = 0; i < expected.size(); ++i) {
    place.row = i / columns;
    place.column = i % columns;
    place.pe_column = place.column % pe_columns_;
    compare(expected[i], static_cast<std::int8_t>(output[i]), place);
  }
  return report_;
}

}  // namespace systol
