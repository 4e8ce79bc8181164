// Weights of fewer than 8 bits: which integers there are, and the scales that lose the least.
#pragma once

#include <cstdint>
#include <vector>

#include "host/quantise/quantise_matmul.h"

namespace systol {

/// The integers from `least` to `most`; of one bit without 0.
struct WeightLevels {
  double least = 0.0;
  double most = 0.0;
};

/// Of 8 bits -128 to 127, of 4 bits -7 to 7, of 2 bits -1 to 1, of one bit -1 and 1. A file's own
/// integers of 4 bits reach -8.
WeightLevels weight_levels(std::uint32_t bits, bool own = false);

/// For each output the scale s that makes the sum of (w - s * level)^2 over its weights the
/// smallest: of one bit, where a level is the weight's sign, exactly, the mean magnitude; of more,
/// where it is the nearest level, among 20 scales in equal steps up to that of the largest weight.
std::vector<double> narrow_scales(const DenseValues& values);

}  // namespace systol
