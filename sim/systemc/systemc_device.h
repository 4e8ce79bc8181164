// The SystemC system as an engine. No SystemC in this header.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/snapshot.h"
#include "sim/unit/matrix_unit.h"
#include "sim/unit/model_vector_unit.h"
#include "sim/unit/register_recorder.h"
#include "sim/wave/unit_wave.h"

namespace systol {

/// Makes the matrix unit that the system is built around: the verilated one or the model.
using MatrixUnitFactory = std::function<std::unique_ptr<MatrixUnit>(const UnitShape&)>;

/// What makes both units; the vector unit is the model unless another is named.
struct UnitFactories {
  template <std::convertible_to<MatrixUnitFactory> Factory>
  // NOLINTNEXTLINE(google-explicit-constructor): a matrix unit's maker stands for both
  UnitFactories(Factory make_matrix, VectorUnitFactory make_vector = make_model_vector_unit)
      : matrix(std::move(make_matrix)), vector(std::move(make_vector)) {}

  MatrixUnitFactory matrix;
  VectorUnitFactory vector;
};

struct SystemOptions {
  std::optional<WaveOptions> wave;
  std::optional<StuckBit> fault;
  bool switching = true;  ///< counts which bits of operands change
  /// Sees the array's registers in every cycle, instead of a wave.
  RegisterRecorder* registers = nullptr;
};

UnitShape unit_shape(const ArrayConfig& config);

/// `engine` is the name that reports show: "rtl" or "systemc".
std::unique_ptr<Device> make_systemc_device(std::string engine, const ArrayConfig& config,
                                            UnitFactories make_units, SystemOptions options);

/// Goes on from a snapshot with the commands after its `fetched`, to the program's end, or until
/// all is complete that started before the cycle `until`. `snapshot.memory` is left as the memories
/// are then. Throws as Device::run does, and InputError for a wave.
struct Resumed {
  Cycles cycle;      ///< that it came to
  std::string note;  ///< of the wave
  // What the machine holds then.
  std::vector<std::uint8_t> buffer;
  std::vector<std::int32_t> accumulators;  ///< [rows][columns]
  std::vector<std::int32_t> sums;          ///< of the PEs, in place only: [rows][columns]
};
Resumed resume(const ArrayConfig& config, Snapshot& snapshot, CommandSource& commands,
               std::span<const std::string> nodes, const UnitFactories& make_units,
               const SystemOptions& options, std::optional<Cycles> until, Observer* observer);

}  // namespace systol
