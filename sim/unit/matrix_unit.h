// The face that every model of the matrix unit shows: one call is one clock edge.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "hw/isa/pe_type.h"
#include "hw/unit/pins.h"

namespace systol {

/// The unit's size, fixed when it is made (hw/rtl/tpu_matrix_unit.sv has the same parameters).
struct UnitShape {
  std::uint32_t rows = 0;              ///< PE rows: depth of a tile (K); with sums in place samples
  std::uint32_t columns = 0;           ///< PE columns: width of a weight tile (N)
  std::uint32_t accumulator_rows = 0;  ///< accumulator rows, each `columns` sums
  bool output_stationary = false;      ///< output-stationary: the sums stay in the PEs
  isa::PeType pe = isa::PeType::Int8;
  bool operator==(const UnitShape&) const = default;
};

/// The registers of one PE; an operand's bits, and those of a sum, whatever they mean. Masks say
/// whether the operand beside them counts.
struct PeRegisters {
  std::uint16_t weight = 0;  ///< active; with sums in place as passed on downwards
  bool weight_mask = false;
  std::uint16_t shadow_weight = 0;  ///< 0 with sums in place
  bool shadow_mask = false;
  std::uint32_t activation = 0;  ///< as passed on to the right; of sparse weights' PEs a group
  bool activation_mask = false;
  std::int32_t partial_sum = 0;  ///< as passed on downwards, or in place
  std::int32_t drained_sum = 0;  ///< on its way out; 0 unless sums are in place
  bool operator==(const PeRegisters&) const = default;
};

/// What a hand-over writes into a unit that is at rest, PE (r, c) at r * columns + c and
/// accumulator (row, c) at row * columns + c. What is null stays as it is.
struct UnitContents {
  const std::int32_t* accumulators = nullptr;
  const std::int32_t* partial_sums = nullptr;  ///< in place only
  const std::uint8_t* weights = nullptr;       ///< bytes; active; not in place, like the next three
  const std::uint8_t* weight_mask = nullptr;   ///< a byte for each weight: 1 if it counts
  const std::uint8_t* shadow_weights = nullptr;
  const std::uint8_t* shadow_mask = nullptr;
};

/// A bit of one PE's partial-sum register that reads as 1 whatever is written.
struct StuckBit {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t bit = 0;
};

class MatrixUnit {
 public:
  virtual ~MatrixUnit() = default;
  /// One rising clock edge: samples the inputs and returns the outputs as they are after it.
  virtual const UnitOutputs& step(const UnitInputs& inputs) = 0;
  /// Before the first step, if `pe` is to be called: a unit may otherwise leave out registers that
  /// change no output.
  virtual void watch() {}
  /// The registers as the last step left them.
  virtual PeRegisters pe(std::uint32_t row, std::uint32_t column) const = 0;
  /// Before the first step, if `partial_sums` is to be called.
  virtual void watch_sums() {}
  /// The PEs' partial sums as the last step left them, PE (r, c) at r * columns + c; null in a unit
  /// that does not show them.
  virtual const std::int32_t* partial_sums() const { return nullptr; }
  /// One accumulator row as the last step left it; good until the next.
  virtual std::span<const std::int32_t> accumulators(std::uint32_t row) const = 0;
  virtual void restore(const UnitContents& contents) = 0;
  /// From now on; faults add up.
  virtual void inject(const StuckBit& fault) = 0;
};

}  // namespace systol
