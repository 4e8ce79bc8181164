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
  if (until <= now_) {
    return;
  }
  Cycles idle;
  for (const Gap& gap : gaps_) {
    const Cycles from = std::max(gap.start, now_);
    const Cycles to = std::min(gap.end, until);
    idle += to > from ? to - from : Cycles(0);
  }
  // What is not known to be busy yet is idle: nothing starts before `until` any more.
  const Cycles from = std::max(busy_until_, now_);
  idle += until > from ? until - from : Cycles(0);
  ledgers_[layer_][CycleClass::Idle] += idle;
  ledgers_[layer_][CycleClass::NonMatrix] += until - now_ - idle;
  now_ = until;
  std::erase_if(gaps_, [&](const Gap& gap) { return gap.end <= now_; });
}

void MatrixLedger::stall(std::uint32_t layer, CycleClass kind, Cycles until) {
  if (until > now_) {
    ledgers_[layer][kind] += until - now_;
    now_ = until;
  }
}

void MatrixLedger::feed(std::uint32_t layer, Cycles until) {
  stall(layer, CycleClass::ArrayActive, until);
  layer_ = layer;
}

}  // namespace systol
