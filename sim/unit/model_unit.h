// The matrix unit in plain C++, cycle for cycle the pins of hw/rtl/tpu_matrix_unit.sv.
#pragma once

#include <memory>

#include "sim/unit/matrix_unit.h"

namespace systol {

/// A unit of any size, one vectorised step per clock edge.
std::unique_ptr<MatrixUnit> make_model_unit(const UnitShape& shape);

}  // namespace systol
