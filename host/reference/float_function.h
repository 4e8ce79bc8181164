// The functions of one value, as Function defines them.
#pragma once

#include "host/graph/operation.h"

namespace systol {

/// Not a number, or infinite, where the function has no value.
double float_function(const Map& map, double x);

}  // namespace systol
