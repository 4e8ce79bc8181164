// The vector unit in plain C++, cycle for cycle the pins of hw/rtl/tpu_vector_unit.sv.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/unit/vector_unit.h"

namespace systol {

/// A unit of any number of lanes.
std::unique_ptr<VectorUnit> make_model_vector_unit(std::uint32_t lanes);

}  // namespace systol
