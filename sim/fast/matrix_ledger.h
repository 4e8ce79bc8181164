// The cycle ledger from intervals instead of cycles.
#pragma once

#include <deque>
#include <vector>

#include "sim/device.h"

namespace systol {

/// Fills each node's ledger from the matrix unit's commands and from when anything was in flight.
/// All calls come in the order of time.
class MatrixLedger {
 public:
  /// `observer` may be null.
  MatrixLedger(std::size_t nodes, Observer* observer) : ledgers_(nodes), observer_(observer) {}

  /// Something is in flight from `start` up to `end`.
  void in_flight(Cycles start, Cycles end);

  /// Nothing waits at the matrix unit from the last cycle entered up to `until`.
  void no_command(Cycles until);
  /// The command of `node` waits for `kind` up to `until`; nothing if that is past.
  void stall(std::uint32_t node, CycleClass kind, Cycles until);
  /// Rows of `node` are fed up to `until`.
  void feed(std::uint32_t node, Cycles until);

  /// The cycle up to which everything has been entered.
  Cycles now() const { return now_; }
  /// The node that fed last.
  std::uint32_t last_node() const { return node_; }
  const std::vector<Ledger>& nodes() const { return ledgers_; }

 private:
  struct Gap {
    Cycles start;
    Cycles end;
  };

  void enter(std::uint32_t node, CycleClass kind, Cycles until);

  std::vector<Ledger> ledgers_;
  Observer* observer_;
  std::uint32_t node_ = 0;  ///< of the last command that was fed
  Cycles now_;
  Cycles busy_until_;
  std::deque<Gap> gaps_;  ///< when nothing was in flight, not yet accounted
};

}  // namespace systol
