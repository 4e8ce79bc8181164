// Commands in program order, with the tokens that order them across units.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "hw/isa/command.h"

namespace systol {

/// A command's place in the program.
using CommandId = std::uint64_t;

/// Appends commands. A caller says which earlier commands the new one must follow; a token is
/// spent only where the order does not already follow from the units' own order and from tokens
/// given before. One unit's tokens to another are therefore taken in the order they are given.
class Schedule {
 public:
  explicit Schedule(std::vector<isa::Command>& commands) : commands_(commands) {}

  /// Appends `operation`, to start after all of `after` are complete; entries may be empty.
  CommandId append(isa::Operation operation, const isa::Origin& origin,
                   const std::vector<std::optional<CommandId>>& after = {});

 private:
  /// Per unit, how many of its commands are known to be complete.
  using Clock = std::array<std::uint64_t, isa::kUnits>;
  struct Place {
    isa::Unit unit;
    Clock before;  ///< what is complete when the command is, itself included
  };

  void order_after(isa::Unit unit, isa::UnitSet& wait, CommandId earlier);

  std::vector<isa::Command>& commands_;
  std::vector<Place> places_;
  std::array<Clock, isa::kUnits> clocks_{};
};

}  // namespace systol
