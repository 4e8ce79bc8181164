#include "host/compile/lowering.h"

namespace systol {

void begin_matmul(TileLowering& tiles, const Plan& plan, std::size_t i) {
  tiles.begin_matmul(static_cast<std::uint32_t>(i), plan.constants[i], plan.bounds[i]);
  if (i + 1 < plan.steps.size() && plan.steps[i + 1].softmax()) {
    tiles.load_softmax_table(static_cast<std::uint32_t>(i + 1), plan.constants[i + 1]);
  }
}

void begin_softmax(TileLowering& tiles, const Plan& plan, std::size_t i) {
  if (i == 0 || plan.steps[i - 1].softmax()) {
    tiles.load_softmax_table(static_cast<std::uint32_t>(i), plan.constants[i]);
  }
}

}  // namespace systol
