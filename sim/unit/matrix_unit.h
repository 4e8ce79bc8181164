// The matrix unit's pins and the face that every model of it shows: one call is one clock edge.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace systol {

/// The unit's size, fixed when it is made (hw/rtl/tpu_matrix_unit.sv has the same parameters).
struct UnitShape {
  std::uint32_t rows = 0;              ///< PE rows: depth of a tile (K); with sums in place samples
  std::uint32_t columns = 0;           ///< PE columns: width of a weight tile (N)
  std::uint32_t accumulator_rows = 0;  ///< accumulator rows, each `columns` int32 values
  bool sums_in_place = false;          ///< output-stationary: the sums stay in the PEs
  bool operator==(const UnitShape&) const = default;
};

/// Input pins during one cycle. Data pointers may be null while their valid is low. This struct
/// crosses the C boundary of a verilated library: plain data only.
struct UnitInputs {
  // Weight row to the shadow registers: `columns` values. With sums in place, the weights of the
  // step that is fed in the same cycle.
  bool weight_valid = false;
  std::uint32_t weight_row = 0;
  const std::int8_t* weight_data = nullptr;
  // Activation row: `rows` values; the first of a tile carries `feed_swap`. With sums in place, a
  // step of a product: the first carries `feed_begin`, the last `feed_drain`.
  bool feed_valid = false;
  bool feed_swap = false;
  bool feed_add = false;
  std::uint32_t feed_address = 0;
  const std::int8_t* feed_data = nullptr;
  bool feed_begin = false;
  bool feed_drain = false;
  // Sums in place: the accumulator row of each drained row, the last PE row's first, from the cycle
  // of `feed_drain` on.
  bool drain_valid = false;
  std::uint32_t drain_address = 0;
  // One of the nine planes of channel parameters: `columns` bytes.
  bool channel_valid = false;
  std::uint32_t channel_plane = 0;
  const std::int8_t* channel_data = nullptr;
  // `columns` entries of the look-up table, from entry `table_row * columns` on.
  bool table_valid = false;
  std::uint32_t table_row = 0;
  const std::int8_t* table_data = nullptr;
  // Accumulator row to the activation path.
  bool activate_valid = false;
  bool activate_table = false;
  std::uint32_t activate_address = 0;
  std::int8_t activate_zero_point = 0;
  std::int8_t activate_minimum = 0;
  std::int8_t activate_maximum = 0;
  // With `activate_own` the row is a channel of its own and brings its parameters.
  bool activate_own = false;
  std::int32_t activate_bias = 0;
  std::uint32_t activate_multiplier = 0;  ///< 31 bits
  std::uint8_t activate_shift = 0;        ///< 6 bits
};

/// Output pins after a clock edge; `result_data` holds `columns` values until the next edge.
struct UnitOutputs {
  bool result_valid = false;
  const std::int8_t* result_data = nullptr;
};

/// The registers that a waveform shows and a fault or a hand-over writes, PE (r, c) at
/// r * columns + c and accumulator (row, c) at row * columns + c.
struct UnitState {
  std::int8_t* weights = nullptr;         ///< active; with sums in place as passed on downwards
  std::int8_t* shadow_weights = nullptr;  ///< null with sums in place
  std::int8_t* activations = nullptr;     ///< as passed on to the right
  std::int32_t* partial_sums = nullptr;   ///< as passed on downwards, or in place
  std::int32_t* drained_sums = nullptr;   ///< on their way out; null unless sums are in place
  std::int32_t* accumulators = nullptr;
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
  /// Current registers; the pointers are good until the next step.
  virtual UnitState state() = 0;
  /// From now on; faults add up.
  virtual void inject(const StuckBit& fault) = 0;
};

}  // namespace systol
