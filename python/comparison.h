// Rows side by side as a DataFrame.
#pragma once

#include <pybind11/pybind11.h>

#include "host/report/comparison.h"

namespace systol::python {

/// With the columns of `systol compare --csv`.
pybind11::object frame_of(const Comparison& comparison);

}  // namespace systol::python
