// Whether the machine can run a program safely: every command in range, every hazard ordered.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "hw/isa/command.h"
#include "sim/check/access_history.h"
#include "sim/check/softmax_row.h"
#include "sim/config/array_config.h"

namespace systol {

/// Takes a program's commands one by one, in program order, and throws InputError at the first
/// that is wrong; the message names the command and, for a hazard, the other one. Memory grows
/// with the number of distinct walks, not with the number of commands or of pieces.
///
/// The order that it relies on: commands of one unit complete in program order; the k-th wait of a
/// unit for another takes the k-th token that the other gave it; a matmul starts after the
/// load_weights whose tile it takes. A wait must come after its signal in program order, so that
/// a command depends on earlier commands only.
class ProgramCheck {
 public:
  /// `space_bytes` and `nodes` as in isa::Program. Throws InputError if a memory's capacity is
  /// less.
  ProgramCheck(const ArrayConfig& config, std::array<std::uint64_t, isa::kSpaces> space_bytes,
               std::vector<std::string> nodes);

  /// The next command. Throws InputError.
  void add(const isa::Command& command);

  /// The program's end: tokens and weight tiles that nobody took are errors. Throws InputError.
  void finish() const;

 private:
  /// What a command gives when it is complete: who gave it, and all that is complete by then.
  struct Token {
    std::uint64_t command = 0;
    Clock clock{};
  };
  struct Tile {
    Token token;
    std::uint32_t rows = 0;
    std::uint32_t columns = 0;
  };

  [[noreturn]] void fail(const std::string& problem) const;
  std::string describe(std::uint64_t index, isa::Unit unit) const;
  std::deque<Token>& tokens(isa::Unit from, isa::Unit to);

  void remember(const isa::Command& command);
  void take_tokens(const isa::Command& command, Clock& clock);
  void take_tile(bool next, std::uint32_t depth, std::uint32_t columns, Clock& clock);
  void check_product(const isa::MatmulOutputStationary& matmul);
  void check_activation_state(const isa::Operation& operation);
  void check_softmax(const isa::Operation& operation);
  void check_channels(std::uint32_t columns) const;
  void check_table(bool used) const;
  void check_accesses(const isa::Command& command, const Clock& clock);
  [[noreturn]] void fail_hazard(isa::Region region, bool write,
                                const AccessHistory::Conflict& conflict) const;
  void forget();
  void give_tokens(const isa::Command& command, const Clock& clock);

  ArrayConfig config_;
  std::array<std::uint64_t, isa::kSpaces> space_bytes_;
  std::vector<std::string> nodes_;

  std::uint64_t count_ = 0;           ///< commands seen; the current one's number is count_ - 1
  std::vector<isa::Command> recent_;  ///< a ring of the last commands, for messages
  std::array<Clock, isa::kUnits> clocks_{};  ///< what is complete when a unit's next command starts
  std::array<std::deque<Token>, isa::kUnits * isa::kUnits> tokens_;
  std::deque<Tile> tiles_;  ///< loaded and not yet taken by a matmul
  std::optional<Tile> active_tile_;
  std::optional<std::uint64_t> product_;  ///< the command that began the sums in place
  std::uint32_t channels_ = 0;            ///< columns of the last set_channels
  bool table_ = false;                    ///< whether there was a set_table
  SoftmaxRowCheck softmax_;
  std::uint64_t softmax_part_ = 0;  ///< the last one's number
  std::array<AccessHistory, isa::kRegions> histories_ = {
      AccessHistory(isa::Region::Buffer), AccessHistory(isa::Region::Accumulators),
      AccessHistory(isa::Region::Weights), AccessHistory(isa::Region::Activations)};
};

}  // namespace systol
