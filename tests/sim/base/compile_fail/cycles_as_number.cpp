#include <cstdint>

#include "sim/base/units.h"

std::uint64_t number = systol::Cycles(5);
