// The units as their RTL: a verilated library with the interfaces MatrixUnit and VectorUnit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "sim/unit/matrix_unit.h"
#include "sim/unit/vector_unit.h"

namespace systol {

/// Loads the library and makes a unit that has been reset. `seed` other than 0 fills whatever the
/// reset does not touch with random bits. Throws EnvironmentError if the library cannot be loaded
/// or was made for another shape or another version of this program. `step` throws
/// HardwareError with the RTL's message when one of its assertions fails.
std::unique_ptr<MatrixUnit> make_verilated_unit(const std::filesystem::path& library,
                                                const UnitShape& shape, std::uint64_t seed = 0);

/// The vector unit of the same library, with a lane for each column; the rest as above.
std::unique_ptr<VectorUnit> make_verilated_vector_unit(const std::filesystem::path& library,
                                                       const UnitShape& shape,
                                                       std::uint64_t seed = 0);

}  // namespace systol
