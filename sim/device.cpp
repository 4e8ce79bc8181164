#include "sim/device.h"

namespace systol {

Ledger RunResult::ledger() const {
  Ledger sum;
  for (const NodeResult& node : nodes) {
    sum += node.ledger;
  }
  return sum;
}

Activity RunResult::activity() const {
  Activity sum;
  for (const NodeResult& node : nodes) {
    sum += node.activity;
  }
  return sum;
}

std::optional<SumBits> RunResult::sum_toggles() const {
  SumBits sum;
  for (const NodeResult& node : nodes) {
    if (!node.sum_toggles) {
      return std::nullopt;
    }
    sum += *node.sum_toggles;
  }
  return sum;
}

}  // namespace systol
