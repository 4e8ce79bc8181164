#include "sim/base/units.h"

auto sum = systol::Cycles(1) + systol::Bytes(1);
