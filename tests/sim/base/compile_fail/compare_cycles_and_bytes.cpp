#include "sim/base/units.h"

bool less = systol::Cycles(1) < systol::Bytes(1);
