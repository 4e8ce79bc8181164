// The classes that a network's scores stand for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace systol {

/// As many as there are scores; one score says no or yes, which are two.
std::uint32_t class_count(std::uint32_t scores);

/// The class of each row of `scores` [rows][columns]: that of the largest score, the first of equal
/// ones; of a single score 1 above 1/2, and else 0.
std::vector<std::size_t> classes_of(std::span<const float> scores, std::size_t columns);

}  // namespace systol
