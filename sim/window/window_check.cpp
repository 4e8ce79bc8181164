#include "sim/window/window_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "hw/isa/text.h"

namespace systol {

void WindowRecord::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                             Cycles end) {
  if (start < from_) {
    commands_.erase(index);
    return;
  }
  Ran& ran = commands_[index];
  ran.command = command;
  ran.start = start;
  ran.end = end;
}

/// Rows are shown before their command: what started too early goes again then.
void WindowRecord::wrote_row(std::uint64_t index, const isa::Command& /*command*/,
                             std::uint32_t row, std::span<const std::int8_t> values) {
  commands_[index].rows[row].assign(values.begin(), values.end());
}

/// Only the first of a kind is of use: the others follow from it.
void WindowCheck::fail(Kind& kind, std::string text) {
  if (!kind.failed) {
    failures_.push_back(std::move(text));
  }
  kind.failed = true;
}

void WindowCheck::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                            Cycles end) {
  const auto found = record_.commands().find(index);
  if (found == record_.commands().end()) {
    return;
  }
  ++commands_;
  const WindowRecord::Ran& fast = found->second;
  if (std::pair(fast.start, fast.end) != std::pair(start, end)) {
    fail(times_, fmt::format("command {} ({}) runs in cycles {} to {} on the {} engine, and in {} "
                             "to {} on the fast one",
                             index, isa::to_text(command), start.count(), end.count(), engine_,
                             fast.start.count(), fast.end.count()));
  }
}

void WindowCheck::wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                            std::span<const std::int8_t> values) {
  const auto found = record_.commands().find(index);
  if (found == record_.commands().end()) {
    return;
  }
  const WindowRecord::Ran& fast = found->second;
  const auto expected = fast.rows.find(row);
  if (expected == fast.rows.end()) {
    fail(rows_, fmt::format("command {} ({}) writes a row {} on the {} engine, and none on the "
                            "fast one",
                            index, isa::to_text(command), row, engine_));
    return;
  }
  compare(values, expected->second, rows_, [&](std::size_t column) {
    return fmt::format("command {} ({}, in cycles {} to {}): column {} of its row {}", index,
                       isa::to_text(command), fast.start.count(), fast.end.count(), column, row);
  });
}

template <class A, class B>
void WindowCheck::compare(const A& got, const B& expected, Kind& kind, const auto& place) {
  values_ += std::min(got.size(), expected.size());
  const auto [a, b] = std::ranges::mismatch(got, expected);
  if (a == got.end() || b == expected.end()) {
    return;
  }
  fail(kind, fmt::format("{} is {} on the {} engine, and {} on the fast one",
                         place(static_cast<std::size_t>(a - got.begin())), +*a, engine_, +*b));
}

void WindowCheck::finish(const HeldValues& held, const MemoryImage& memory, const Snapshot& fast,
                         std::uint32_t columns) {
  if (commands_ != record_.commands().size()) {
    fail(times_, fmt::format("{} commands are complete on the {} engine, and {} on the fast one",
                             commands_, engine_, record_.commands().size()));
  }
  const auto cell = [columns](const char* what) {
    return [columns, what](std::size_t i) {
      return fmt::format("after the window {} row {}, column {}", what, i / columns, i % columns);
    };
  };
  compare(held.accumulators, fast.accumulators, held_, cell("accumulator"));
  compare(held.sums, fast.sums, held_, cell("the sum of PE"));
  compare(held.buffer, fast.buffer, held_, [](std::size_t i) {
    return fmt::format("after the window byte 0x{:x} of the unified buffer", i);
  });
  for (int i = 0; i < isa::kSpaces; ++i) {
    const auto space = static_cast<isa::Space>(i);
    compare(memory.space(space), fast.memory.space(space), held_, [&](std::size_t at) {
      return fmt::format("after the window byte 0x{:x} of the {} memory", at, isa::name_of(space));
    });
  }
}

}  // namespace systol
