#include "host/run/output_check.h"

#include <algorithm>
#include <cstring>

#include "hw/isa/text.h"

namespace systol {
namespace {

/// Where an operation writes row `row` of int8 values.
std::optional<std::uint64_t> address_of(const isa::Operation& operation, std::uint32_t row) {
  if (const auto* activate = std::get_if<isa::Activate>(&operation)) {
    return activate->buffer.at(row);
  }
  if (const auto* softmax = std::get_if<isa::Softmax>(&operation)) {
    return softmax->destination.at(row);
  }
  const auto* vector = std::get_if<isa::Vector>(&operation);
  return vector == nullptr || vector->wide_destination ? std::nullopt
                                                       : std::optional(vector->destination.at(row));
}

}  // namespace

OutputCheck::OutputCheck(const NetworkProgram& program, const IntegerResult& expected)
    : program_(program), plan_(program.plan()), expected_(expected) {
  for (const Step& step : plan_.steps) {
    written_.emplace_back(expected.of(step.output).size());
  }
}

void OutputCheck::wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                            std::span<const std::int8_t> values) {
  if (plan_.chain) {
    compare_row(index, command, row, values);
    return;
  }
  if (const auto* transposed = std::get_if<isa::ActivateTransposed>(&command.operation)) {
    for (std::uint64_t i = 0; i < values.size(); ++i) {
      compare_value(index, command, transposed->buffer.at(i) + row, values[i]);
    }
    return;
  }
  const std::optional<std::uint64_t> address = address_of(command.operation, row);
  if (address && equals_row(command, *address, values)) {
    return;
  }
  for (std::uint64_t i = 0; address && i < values.size(); ++i) {
    compare_value(index, command, *address + i, values[i]);
  }
}

/// Whether the values lie together in the step's output and are all right; they are entered then.
bool OutputCheck::equals_row(const isa::Command& command, std::uint64_t address,
                             std::span<const std::int8_t> values) {
  const std::optional<std::uint64_t> first = plan_.value_at(command.origin, address);
  const std::optional<std::uint64_t> last =
      plan_.value_at(command.origin, address + values.size() - 1);
  if (!first || !last || *last - *first != values.size() - 1) {
    return false;
  }
  const auto begin = static_cast<std::ptrdiff_t>(*first);
  const Step& step = plan_.steps[command.origin.node];
  if (!std::equal(values.begin(), values.end(), expected_.of(step.output).begin() + begin)) {
    return false;
  }
  std::fill_n(written_[command.origin.node].begin() + begin, values.size(), std::uint8_t{1});
  report_.compared += values.size();
  return true;
}

void OutputCheck::compare_value(std::uint64_t index, const isa::Command& command,
                                std::uint64_t address, std::int8_t value) {
  const std::optional<std::uint64_t> place = plan_.value_at(command.origin, address);
  if (!place) {
    return;  // a border, or what is no output yet
  }
  const Step& step = plan_.steps[command.origin.node];
  const std::int8_t expected = expected_.of(step.output)[*place];
  const auto* vector = std::get_if<isa::Vector>(&command.operation);
  if (vector != nullptr && vector->operation == isa::LaneOperation::Fill && expected != value) {
    return;  // padding before values are put among it; what is not written after it is missing
  }
  written_[command.origin.node][*place] = 1;
  ++report_.compared;
  if (expected == value) {
    return;
  }
  Mismatch mismatch;
  mismatch.command = index;
  mismatch.tile_row = command.origin.row;
  mismatch.tile_column = command.origin.column;
  mismatch.row = static_cast<std::uint32_t>(*place / step.outputs);
  mismatch.column = static_cast<std::uint32_t>(*place % step.outputs);
  mismatch.pe_column = (mismatch.column - mismatch.tile_column) % plan_.config.columns;
  if (!report_.first_mismatch) {
    mismatch.node = step.name;
    mismatch.command_text = isa::to_text(command);
  }
  compare(expected, value, mismatch);
}

/// Rows of M x N values.
void OutputCheck::compare_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                              std::span<const std::int8_t> values) {
  const isa::Origin& origin = command.origin;
  const Step& step = plan_.steps[origin.node];
  const std::vector<std::int8_t>& all = expected_.of(step.output);
  // A transposed row is one channel of several samples.
  const bool transposed = std::holds_alternative<isa::ActivateTransposed>(command.operation);
  Mismatch place;
  place.command = index;
  place.tile_row = origin.row;
  place.tile_column = origin.column;
  place.row = origin.row + (transposed ? 0 : row);
  place.column = origin.column + (transposed ? row : 0);
  const std::size_t first = std::size_t{place.row} * step.outputs + place.column;
  const std::size_t stride = transposed ? step.outputs : 1;
  report_.compared += values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    written_[origin.node][first + i * stride] = 1;
  }
  if (!transposed && std::equal(values.begin(), values.end(), &all[first])) {
    return;
  }
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const std::int8_t expected = all[first + i * stride];
    if (values[i] != expected && !report_.first_mismatch) {
      place.node = step.name;
      place.command_text = isa::to_text(command);
    }
    place.pe_column = i % plan_.config.columns;
    compare(expected, values[i], place);
    ++(transposed ? place.row : place.column);
  }
}

/// A command's rows are shown before it.
void OutputCheck::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                            Cycles end) {
  const isa::Origin& origin = command.origin;
  const std::array<std::uint32_t, 3> tile{origin.node, origin.row, origin.column};
  if (isa::unit_of(command) == isa::Unit::Matrix) {
    tile_starts_.try_emplace(tile, start);
  } else if (isa::unit_of(command) == isa::Unit::Activate ||
             isa::unit_of(command) == isa::Unit::Vector) {
    const auto found = tile_starts_.find(tile);
    if (report_.first_mismatch && !report_.first_mismatch->cycles &&
        report_.first_mismatch->command == index) {
      report_.first_mismatch->cycles = {found == tile_starts_.end() ? start : found->second, end};
    }
    if (found != tile_starts_.end() &&
        !std::holds_alternative<isa::SetChannels>(command.operation) &&
        !std::holds_alternative<isa::SetTable>(command.operation)) {
      tile_starts_.erase(found);
    }
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

CheckReport OutputCheck::finish(const MemoryImage& memory) {
  for (const std::vector<std::uint8_t>& written : written_) {
    report_.missing += static_cast<std::uint64_t>(std::ranges::count(written, 0));
  }
  for (const OutputPlace& place : program_.outputs()) {
    compare_stored(
        place,
        memory.space(isa::Space::Activations).subspan(place.address, place.rows * place.columns));
  }
  return report_;
}

void OutputCheck::compare_stored(const OutputPlace& output, std::span<const std::uint8_t> stored) {
  const std::vector<std::int8_t>& expected = expected_.of(output.stored);
  report_.compared += expected.size();
  if (std::memcmp(expected.data(), stored.data(), expected.size()) == 0) {
    return;
  }
  Mismatch place;
  place.node = name_of(output.stored) + " (as stored)";
  place.command_text = "store";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    place.row = static_cast<std::uint32_t>(i / output.columns);
    place.column = static_cast<std::uint32_t>(i % output.columns);
    place.pe_column = place.column % plan_.config.columns;
    compare(expected[i], static_cast<std::int8_t>(stored[i]), place);
  }
}

/// Of the step that computes the tensor.
std::string OutputCheck::name_of(TensorId tensor) const {
  return std::ranges::find(plan_.steps, tensor, &Step::output)->name;
}

}  // namespace systol
