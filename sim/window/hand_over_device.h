// Half a run on the fast engine, half on a clocked one: for the tests of the hand-over.
#pragma once

#include <memory>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/systemc/systemc_device.h"

namespace systol {

/// Runs a program once on the fast engine, then again up to a cycle that depends on the program,
/// and from there to its end on the clocked one. Command times, cycles and the memory's contents
/// are those of the second run; ledger and activity those of the first.
std::unique_ptr<Device> make_hand_over_device(const ArrayConfig& config, UnitFactories make_units);

}  // namespace systol
