// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "host/account/figure.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// 1234567 -> "1 234 567"
std::string grouped(std::uint64_t number);
/// 0 to 1; of nothing 0.
double share(Cycles part, Cycles whole);
/// 0.1234 -> "12.3 %"
std::string percent(double share);
/// "1.23 ms", "45.6 us"
std::string duration(double seconds);
/// "12.3 nJ", "4.56 uJ"
std::string energy(Picojoules energy);
/// "345 mW"
std::string power(double watts);
/// "1.23 mm2"
std::string area(SquareMicrometres area);
/// "24.0 KiB"
std::string data_size(std::uint64_t bytes);
/// "weight-stationary"
std::string spelled(Dataflow dataflow);

}  // namespace systol
