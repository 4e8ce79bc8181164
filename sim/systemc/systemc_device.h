// The SystemC system as an engine. No SystemC in this header.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/unit/matrix_unit.h"
#include "sim/wave/unit_wave.h"

namespace systol {

/// Makes the matrix unit that the system is built around: the verilated one or the model.
using MatrixUnitFactory = std::function<std::unique_ptr<MatrixUnit>(const UnitShape&)>;

struct SystemOptions {
  std::optional<WaveOptions> wave;
  std::optional<StuckBit> fault;
};

UnitShape unit_shape(const ArrayConfig& config);

/// `engine` is the name that reports show: "rtl" or "systemc".
std::unique_ptr<Device> make_systemc_device(std::string engine, const ArrayConfig& config,
                                            MatrixUnitFactory make_unit, SystemOptions options);

}  // namespace systol
