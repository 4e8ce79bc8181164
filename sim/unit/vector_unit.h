// The face that every model of the vector unit shows: one call is one clock edge.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "hw/unit/vector_pins.h"

namespace systol {

/// When what is presented is used, and when a result is there, hw/TIMING.md says. Sums over a
/// window have 64 bits and wrap.
class VectorUnit {
 public:
  virtual ~VectorUnit() = default;
  /// One rising clock edge: samples the inputs and returns the outputs as they are after it. The
  /// first place of a window follows the last of the one before.
  virtual const VectorOutputs& step(const VectorInputs& inputs) = 0;
};

/// Makes a unit of so many lanes.
using VectorUnitFactory = std::function<std::unique_ptr<VectorUnit>(std::uint32_t lanes)>;

}  // namespace systol
