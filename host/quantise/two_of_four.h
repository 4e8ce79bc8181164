// Weights of which at most two of each four are not 0.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace systol {

/// `weights` [inputs][outputs] where of every four in a column, from the top, the two of the
/// largest magnitude stay, of equal ones the upper, and the others become 0. The fours begin anew
/// after each `run` inputs, of which there is a whole number. Weights that are so already are not
/// changed.
std::vector<float> two_of_four(std::span<const float> weights, std::size_t outputs,
                               std::uint64_t run);

}  // namespace systol
