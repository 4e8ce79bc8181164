// The two ways through a network: activations that stay on the chip, or that stream through it.
#pragma once

#include "host/compile/plan.h"
#include "host/compile/schedule.h"

namespace systol {

/// Begins the step `i`, a matmul. A softmax that follows it gets its table meanwhile.
void begin_matmul(TileLowering& tiles, const Plan& plan, std::size_t i);
/// Begins the step `i`, a softmax: loads its table unless begin_matmul did.
void begin_softmax(TileLowering& tiles, const Plan& plan, std::size_t i);

/// The batch in blocks of `plan.resident_rows`, each from the first step to the last.
void lower_resident(const Plan& plan, Schedule& schedule);

/// Any network, in groups of `plan.resident_rows` samples, each from the first step to the last.
void lower_network(const Plan& plan, Schedule& schedule);

/// Step by step; tiles of activations are loaded and stored around each matmul.
void lower_streaming(const Plan& plan, Schedule& schedule);

}  // namespace systol
