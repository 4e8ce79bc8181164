// Text that a network makes while it is trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "host/train/trainer.h"

namespace systol {

struct TextSampling {
  std::string prompt;  ///< bytes that the network has rows for; at least one
  std::size_t count = 0;
  double temperature = 1;
  std::uint64_t seed = 1;
};

/// `count` bytes that follow the prompt, each drawn from what the network, in the form of
/// with_one_hot_rows(), says after the last of those that it reads at once. Matmuls are those of
/// the settings' precision and order.
std::string sampled_text(const Graph& network, const TrainingSettings& settings,
                         const TextSampling& sampling);

}  // namespace systol
