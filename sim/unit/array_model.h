// The PE array of the model unit with its skew and de-skew, whatever stays in the PEs.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/unit/matrix_unit.h"

namespace systol {

class ArrayModel {
 public:
  virtual ~ArrayModel() = default;

  /// What leaves the de-skew in a cycle: `columns` sums for an accumulator row.
  struct Row {
    const std::int32_t* sums = nullptr;
    std::uint32_t address = 0;
    bool add = false;
  };

  /// One clock edge; the row that is complete after it, if there is one.
  virtual std::optional<Row> step(const UnitInputs& inputs) = 0;

  virtual void inject(const StuckBit& fault) = 0;

  /// Registers in the hardware's frame. They may be tracked from the first call on only: call it no
  /// later than after the first step to see what the hardware holds where no wave passes.
  virtual UnitState state() = 0;
};

}  // namespace systol
