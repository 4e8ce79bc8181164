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

}  // namespace systol
