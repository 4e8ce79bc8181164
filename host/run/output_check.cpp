#include "host/run/output_check.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "host/run/row_place.h"
#include "hw/isa/text.h"

namespace systol {

OutputCheck::OutputCheck(const NetworkProgram& program, const IntegerResult& expected)
    : program_(program), plan_(program.plan()), expected_(expected) {
  for (const Step& step : plan_.steps) {
    written_.emplace_back(expected.of(step.output).size());
  }
}

void OutputCheck::wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                            std::span<const std::int8_t> values) {
  const WrittenRow written(plan_, command, row);
  if (plan_.chain && is_inside(command, written.place(values.size() - 1))) {
    compare_row(index, command, row, values);
    return;
  }
  if (equals_row(command, written, values)) {
    return;
  }
  for (std::uint64_t i = 0; i < values.size(); ++i) {
    if (const std::optional<std::uint64_t> place = written.place(i)) {
      compare_value(index, command, *place, values[i]);
    }
  }
}

/// Whether it is the place of a value of the step's output.
bool OutputCheck::is_inside(const isa::Command& command, std::optional<std::uint64_t> place) const {
  return place && *place < written_[command.origin.node].size();
}

/// Whether the values lie together in the step's output and are all right; they are entered then.
bool OutputCheck::equals_row(const isa::Command& command, const WrittenRow& written,
                             std::span<const std::int8_t> values) {
  const std::optional<std::uint64_t> first = written.place(0);
  const std::optional<std::uint64_t> last = written.place(values.size() - 1);
  if (!first || !is_inside(command, last) || *last - *first != values.size() - 1) {
    return false;
  }
  const auto begin = static_cast<std::ptrdiff_t>(*first);
  const Step& step = plan_.steps[command.origin.node];
  if (!std::equal(values.begin(), values.end(), expected_.of(step.output).begin() + begin)) {
    return false;
  }
  const auto seen = written_[command.origin.node].begin() + begin;
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  report_.compared += static_cast<std::uint64_t>(std::count(seen, seen + count, 0));
  std::fill_n(seen, count, std::uint8_t{1});
  return true;
}

void OutputCheck::compare_value(std::uint64_t index, const isa::Command& command,
                                std::uint64_t place, std::int8_t value) {
  const Step& step = plan_.steps[command.origin.node];
  const bool inside = is_inside(command, place);
  const std::int8_t expected = inside ? expected_.of(step.output)[place] : std::int8_t{0};
  const auto* vector = std::get_if<isa::Vector>(&command.operation);
  if (vector != nullptr && vector->operation == isa::LaneOperation::Fill && inside &&
      expected != value) {
    return;  // padding before values are put among it; what is not written after it is missing
  }
  if (inside) {  // counts once, however often padding is written over
    report_.compared += std::exchange(written_[command.origin.node][place], std::uint8_t{1}) == 0;
  }
  if (inside && expected == value) {
    return;
  }
  Mismatch mismatch;
  mismatch.command = index;
  mismatch.tile_row = command.origin.row;
  mismatch.tile_column = command.origin.column;
  mismatch.row = static_cast<std::uint32_t>(place / step.outputs);
  mismatch.column = static_cast<std::uint32_t>(place % step.outputs);
  mismatch.pe_column = (mismatch.column - mismatch.tile_column) % plan_.config.columns;
  if (!report_.first_mismatch) {
    mismatch.node = step.name;
    mismatch.command_text = isa::to_text(command);
  }
  differs(expected, value, mismatch);
}

/// Rows of M x N values.
void OutputCheck::compare_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                              std::span<const std::int8_t> values) {
  const isa::Origin& origin = command.origin;
  const Step& step = plan_.steps[origin.node];
  const std::vector<std::int8_t>& all = expected_.of(step.output);
  const RowPlace in_tensor = row_place(plan_, command, row);
  Mismatch place;
  place.command = index;
  place.tile_row = origin.row;
  place.tile_column = origin.column;
  place.row = in_tensor.row;
  place.column = in_tensor.column;
  report_.compared += values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    written_[origin.node][in_tensor.first + i * in_tensor.stride] = 1;
  }
  if (!in_tensor.transposed && std::equal(values.begin(), values.end(), &all[in_tensor.first])) {
    return;
  }
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const std::int8_t expected = all[in_tensor.first + i * in_tensor.stride];
    if (values[i] != expected && !report_.first_mismatch) {
      place.node = step.name;
      place.command_text = isa::to_text(command);
    }
    place.pe_column = i % plan_.config.columns;
    compare(expected, values[i], place);
    ++(in_tensor.transposed ? place.row : place.column);
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
  if (expected != got) {
    differs(expected, got, place);
  }
}

void OutputCheck::differs(std::int8_t expected, std::int8_t got, const Mismatch& place) {
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
