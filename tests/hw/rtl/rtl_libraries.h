// Libraries for tests: built once into a folder of the build tree.
#pragma once

#include <memory>

#include "sim/rtl/unit_library.h"
#include "sim/rtl/verilated_unit.h"

namespace systol::test {

inline UnitLibraryPaths test_paths() {
  UnitLibraryPaths paths = UnitLibraryPaths::standard();
  paths.cache = SYSTOL_TEST_CACHE;
  return paths;
}

inline std::unique_ptr<MatrixUnit> make_rtl_unit(const UnitShape& shape, std::uint64_t seed = 0) {
  return make_verilated_unit(build_unit_library(shape, {}, test_paths()), shape, seed);
}

/// Of 1, 3, 4 or 5 lanes: from the libraries of arrays that other tests have, too.
inline std::unique_ptr<VectorUnit> make_rtl_vector_unit(std::uint32_t lanes,
                                                        std::uint64_t seed = 0) {
  const UnitShape shape{lanes == 5 ? 3U : lanes == 3 ? 5U : lanes, lanes, lanes == 3 ? 64U : 7U};
  return make_verilated_vector_unit(build_unit_library(shape, {}, test_paths()), shape, seed);
}

}  // namespace systol::test
