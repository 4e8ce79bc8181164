#include <cstdint>

#include "sim/base/units.h"

auto sum = systol::Cycles(1) + systol::Cycles(1);
bool less = systol::Bytes(1) < systol::Bytes(2);
void wait(systol::Cycles cycles);
void run() { wait(systol::Cycles(5)); }
std::uint64_t number = systol::Cycles(5).count();
