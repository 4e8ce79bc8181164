#include "host/train/rate_schedule.h"

#include <cmath>
#include <numbers>

namespace systol {

float learning_rate(const RateSchedule& schedule, const StepPlace& place) {
  const std::uint64_t epoch = place.step / place.steps_per_epoch;
  const double epochs =
      static_cast<double>(place.step) / static_cast<double>(place.steps_per_epoch);
  double factor = 1;
  switch (schedule.kind) {
    case ScheduleKind::Constant:
      break;
    case ScheduleKind::Step:
      factor = std::pow(schedule.decay, static_cast<double>(std::uint64_t{epoch / schedule.every}));
      break;
    case ScheduleKind::Exponential:
      factor = std::pow(schedule.decay, epochs);
      break;
    case ScheduleKind::Cosine:
      factor = (1 + std::cos(std::numbers::pi * epochs / static_cast<double>(place.epochs))) / 2;
      break;
  }
  return static_cast<float>(schedule.rate * factor);
}

}  // namespace systol
