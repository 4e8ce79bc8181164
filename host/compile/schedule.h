// Commands in program order, with the tokens that order them across units.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "hw/isa/command.h"
#include "sim/base/ring.h"

namespace systol {

/// A command's place in the program, and its unit.
struct CommandId {
  std::uint64_t index = 0;
  isa::Unit unit = isa::Unit::Weights;
  auto operator<=>(const CommandId&) const = default;
};

/// Takes finished commands in program order.
using CommandSink = std::function<void(isa::Command&&)>;

/// Keeps them all; `commands` must outlive the sink.
inline CommandSink append_to(std::vector<isa::Command>& commands) {
  return [&commands](isa::Command&& command) { commands.push_back(std::move(command)); };
}

/// Appends commands. A caller says which earlier commands the new one must follow; a token is
/// spent only where the order does not already follow from the units' own order and from tokens
/// given before. One unit's tokens to another are therefore taken in the order they are given.
///
/// Commands can still be told to signal while they are in a window of the last ones; then they go
/// to the sink. For one that has left, the first in the window after which it is complete stands
/// in. There always is one: where the last that knows would leave, the new command is made to
/// follow it (docs/adr/0009).
class Schedule {
 public:
  static constexpr std::size_t kWindow = 65'536;

  /// `window` is at least 1.
  explicit Schedule(CommandSink sink, std::size_t window = kWindow)
      : sink_(std::move(sink)), limit_(window) {}

  /// Appends `operation`, to start after all of `after` are complete; entries may be empty.
  CommandId append(const isa::Operation& operation, const isa::Origin& origin,
                   const std::vector<std::optional<CommandId>>& after = {});

  /// Hands over what is left; call once, at the program's end.
  void finish();

 private:
  /// Per unit, one more than the index of its last command that is known to be complete; 0 is none.
  using Clock = std::array<std::uint64_t, isa::kUnits>;
  struct Entry {
    isa::Command command;
    Clock complete;  ///< what is complete when the command is, itself included
  };
  /// A command to follow, and the one in the window whose token says that it is complete.
  struct Wait {
    std::uint64_t token;
    CommandId id;
  };

  bool knows(isa::Unit unit, CommandId id) const;
  std::uint64_t stand_in(CommandId id) const;
  Entry& entry(std::uint64_t index) { return window_[index - first_]; }
  const Entry& entry(std::uint64_t index) const { return window_[index - first_]; }
  void take_token(isa::Unit unit, isa::UnitSet& wait, std::uint64_t from);
  bool first_may_leave() const;
  void hand_over_first();

  CommandSink sink_;
  std::size_t limit_;
  Ring<Entry> window_;
  std::vector<Wait> waits_;  ///< of the command that is appended; a member for its memory
  std::uint64_t first_ = 0;  ///< index of the window's first command
  std::array<std::deque<std::uint64_t>, isa::kUnits> in_window_;  ///< per unit
  std::array<Clock, isa::kUnits> clocks_{};  ///< what is complete when a unit's last command is
  Clock left_{};                             ///< the last of each unit that has left the window
};

}  // namespace systol
