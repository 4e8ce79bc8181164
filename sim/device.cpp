#include "sim/device.h"

namespace systol {

Ledger RunResult::ledger() const {
  Ledger sum;
  for (const LayerResult& layer : layers) {
    sum += layer.ledger;
  }
  return sum;
}

Activity RunResult::activity() const {
  Activity sum;
  for (const LayerResult& layer : layers) {
    sum += layer.activity;
  }
  return sum;
}

}  // namespace systol
