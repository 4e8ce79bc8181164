// The learning rate of each step.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace systol {

enum class ScheduleKind : std::uint8_t {
  Constant,
  Step,         ///< times `decay` after each `every` epochs
  Exponential,  ///< times `decay` in each epoch, a little in each step
  Cosine,       ///< from the whole rate down to 0 at the end, half a period of a cosine
};
inline constexpr std::array<std::string_view, 4> kScheduleNames = {"constant", "step",
                                                                   "exponential", "cosine"};

struct RateSchedule {
  ScheduleKind kind = ScheduleKind::Constant;
  double rate = 0.01;       ///< of the first step
  double decay = 0.1;       ///< of Step and Exponential
  std::uint32_t every = 1;  ///< epochs, of Step
};

/// Steps are counted from 0.
struct StepPlace {
  std::uint64_t step = 0;
  std::uint64_t steps_per_epoch = 1;
  std::uint64_t epochs = 1;
};

float learning_rate(const RateSchedule& schedule, const StepPlace& place);

}  // namespace systol
