// What parameters are before the first step.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "host/graph/graph.h"

namespace systol {

/// Weights are uniform in +-limit; n is how many products a sum adds, m how many sums a value goes
/// into.
enum class Initialiser : std::uint8_t {
  Automatic,  ///< He before a function that drops what is negative, else Glorot
  He,         ///< sqrt(6 / n) (He et al., 2015)
  Glorot,     ///< sqrt(6 / (n + m)) (Glorot and Bengio, 2010)
  Lecun,      ///< sqrt(3 / n) (LeCun et al., 1998)
};
inline constexpr std::array<std::string_view, 4> kInitialiserNames = {"auto", "he", "glorot",
                                                                      "lecun"};

/// Gives the constants that have no values some: weights as the initialiser says, by the seed and
/// their place among the parameters; biases 0; what other nodes multiply by 1, and what they add 0.
void initialise(Graph& network, Initialiser initialiser, std::uint64_t seed);

}  // namespace systol
