// The part of a bf16 that a multiplier sees.
#pragma once

#include "sim/base/bf16.h"

namespace systol {

/// 8 bits, of which the first is not stored; 0 of a 0.
constexpr unsigned significand(Bf16 value) {
  return (value.bits & 0x7fU) | ((value.bits & 0x7f80U) != 0 ? 0x80U : 0U);
}

}  // namespace systol
