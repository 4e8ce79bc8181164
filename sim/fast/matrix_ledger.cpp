#include "sim/fast/matrix_ledger.h"

#include <algorithm>

namespace systol {

void MatrixLedger::in_flight(Cycles start, Cycles end) {
  if (start > busy_until_) {
    gaps_.push_back({busy_until_, start});
  }
  busy_until_ = std::max(busy_until_, end);
}

void MatrixLedger::no_command(Cycles until) {
  for (const Gap& gap : gaps_) {
    enter(node_, CycleClass::NonMatrix, std::min(gap.start, until));
    enter(node_, CycleClass::Idle, std::min(gap.end, until));
  }
  // What is not known to be busy is idle: nothing starts before `until` any more.
  enter(node_, CycleClass::NonMatrix, std::min(busy_until_, until));
  enter(node_, CycleClass::Idle, until);
  std::erase_if(gaps_, [&](const Gap& gap) { return gap.end <= now_; });
}

void MatrixLedger::stall(std::uint32_t node, CycleClass kind, Cycles until) {
  enter(node, kind, until);
}

void MatrixLedger::feed(std::uint32_t node, Cycles until) {
  enter(node, CycleClass::ArrayActive, until);
  node_ = node;
}

/// The cycles up to `until` that are not entered yet, if there are any.
void MatrixLedger::enter(std::uint32_t node, CycleClass kind, Cycles until) {
  if (until <= now_) {
    return;
  }
  ledgers_[node][kind] += until - now_;
  if (observer_ != nullptr) {
    observer_->matrix_cycles(node, kind, now_, until);
  }
  now_ = until;
}

}  // namespace systol
