// The PE array of the modelled unit with its skew and de-skew, whatever stays in the PEs.
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

  // As in MatrixUnit.
  virtual void inject(const StuckBit& fault) = 0;
  virtual void watch() = 0;
  virtual void watch_sums() = 0;
  virtual const std::int32_t* partial_sums() const = 0;
  virtual PeRegisters pe(std::uint32_t row, std::uint32_t column) const = 0;
  virtual void restore(const UnitContents& contents) = 0;
};

}  // namespace systol
