// What a plan has for samples that follow one another: states, and shapes that differ.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/plan.h"

namespace systol {

/// How the steps' states lie in memory, of a plan that has its graphs and its number of samples.
std::vector<StatePlace> state_places(const Plan& plan, const Steps& steps);

/// How many columns the last tile of the step has in each sample, where the step is a product whose
/// columns grow; empty for any other.
std::vector<std::uint32_t> ragged_columns(const Plan& plan, const Step& step,
                                          std::uint32_t tile_columns);

/// The plan of one sample of a network whose shapes differ from sample to sample: everything lies
/// where it does in `whole`, and takes no more than there.
Plan plan_of_sample(const Plan& whole, std::uint32_t sample);

}  // namespace systol
