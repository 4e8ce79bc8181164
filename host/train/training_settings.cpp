#include "host/train/training_settings.h"

#include <fmt/format.h>

namespace systol {

std::string to_text(const TrainingSettings& settings) {
  const auto name = [](const auto& names, auto value) {
    return names[static_cast<std::size_t>(value)];
  };
  const OptimiserSettings& optimiser = settings.optimiser;
  const RateSchedule& schedule = settings.schedule;
  std::string text =
      fmt::format("{}{} {}, batch {}, seed {}{}, {}", name(kPrecisionNames, settings.precision),
                  settings.piece == 0 ? "" : fmt::format(" in sums of {}", settings.piece),
                  name(kLossNames, settings.loss), settings.batch, settings.seed,
                  settings.shuffle ? "" : ", in order", name(kOptimiserNames, optimiser.kind));
  text += optimiser.kind == OptimiserKind::Adam
              ? fmt::format(" {} {} {}", optimiser.beta1, optimiser.beta2, optimiser.epsilon)
              : fmt::format(" momentum {}", optimiser.momentum);
  text += fmt::format(", rate {} {}", schedule.rate, name(kScheduleNames, schedule.kind));
  switch (schedule.kind) {
    case ScheduleKind::Constant:
      break;
    case ScheduleKind::Step:
      text += fmt::format(" {} every {}", schedule.decay, schedule.every);
      break;
    case ScheduleKind::Exponential:
      text += fmt::format(" {}", schedule.decay);
      break;
    case ScheduleKind::Cosine:
      text += fmt::format(" over {} epochs", settings.epochs);
      break;
  }
  if (settings.distances == DistanceRule::Sign) {
    text += ", signs of distances";
  }
  return settings.fixed.empty() ? text
                                : text + fmt::format(", fixed {}", fmt::join(settings.fixed, " "));
}

}  // namespace systol
