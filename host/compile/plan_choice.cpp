#include "host/compile/plan_choice.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "host/compile/channel.h"
#include "host/compile/lowering.h"
#include "sim/base/error.h"
#include "sim/command_time.h"

namespace systol {
namespace {

/// Of a network that is timed, for the samples that are in the buffer at once. A thousand take half
/// a millisecond.
constexpr std::size_t kMostCommands = 16'384;

/// What times need of commands, in their order.
class TimedList : public TimedSource {
 public:
  explicit TimedList(const ArrayConfig& config)
      : config_(config), banks_(std::ranges::any_of(config.memories, [](const auto& memory) {
          return bool{memory.dram};
        })) {}

  void add(isa::Command&& command) {
    commands_.push_back(timed_command(command, config_));
    if (banks_) {
      operations_.push_back(std::move(command.operation));
      commands_.back().operation = &operations_.back();
    }
  }
  bool next(TimedCommand& command) override {
    if (next_ == commands_.size()) {
      return false;
    }
    command = commands_[next_++];
    return true;
  }

 private:
  const ArrayConfig& config_;
  bool banks_;
  std::vector<TimedCommand> commands_;
  std::deque<isa::Operation> operations_;  ///< where their addresses matter
  std::size_t next_ = 0;
};

struct TooManyCommands {};

/// Of the samples that are in the buffer at once; nothing where they take too many commands.
std::optional<Cycles> time_of_samples(Plan plan) {
  plan.rows = std::min(plan.rows, plan.resident_rows);
  TimedList list(plan.config);
  bool whole = false;
  Schedule schedule(
      [&](isa::Command&& command) {
        if (!whole) {  // its window was full
          throw TooManyCommands();
        }
        list.add(std::move(command));
      },
      kMostCommands);
  try {
    lower_network(plan, schedule);
  } catch (const TooManyCommands&) {
    return std::nullopt;
  }
  whole = true;
  schedule.finish();
  return time_of(list, plan.config, plan.steps.size());
}

/// Whether bands of the matrix unit were chosen.
bool has_choice(const Plan& plan) {
  return !plan.chain && plan.growing == nullptr &&
         std::ranges::any_of(plan.step_areas, [](const StepAreas& areas) {
           return areas.bands && !areas.bands->candidates.empty();
         });
}

/// Whether two plans of a network are the same commands.
bool are_equal(const Plan& a, const Plan& b) {
  const auto same_bands = [](const StepAreas& x, const StepAreas& y) {
    return x.bands && y.bands ? x.bands->are_as(*y.bands) : !x.bands && !y.bands;
  };
  return std::ranges::equal(a.places, b.places, {}, &Place::buffer, &Place::buffer) &&
         std::ranges::equal(a.areas, b.areas, {}, &BufferArea::buffer, &BufferArea::buffer) &&
         std::ranges::equal(a.step_areas, b.step_areas, same_bands);
}

/// Nothing where there are none, or one takes too many commands.
std::optional<Plan> fastest_of(std::vector<Plan> plans) {
  std::optional<std::size_t> fastest;
  Cycles least(UINT64_MAX);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const std::optional<Cycles> time = time_of_samples(plans[i]);
    if (!time) {
      return std::nullopt;
    }
    if (*time < least) {
      least = *time;
      fastest = i;
    }
  }
  return fastest ? std::optional(std::move(plans[*fastest])) : std::nullopt;
}

}  // namespace

Plan choose_plan(const std::shared_ptr<const Graph>& graph,
                 const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch) {
  Plan own = make_plan(graph, quantised, config, rows, batch);
  if (!has_choice(own) || !time_of_samples(own)) {
    return own;
  }
  std::vector<Plan> plans;
  for (const ArrayConfig& machine : machines_of_any_bandwidth(config)) {
    try {
      Plan plan = make_plan(graph, quantised, machine, rows, batch);
      plan.config = config;
      if (std::ranges::none_of(plans, [&](const Plan& other) { return are_equal(plan, other); })) {
        plans.push_back(std::move(plan));
      }
    } catch (const InputError&) {
      // Whether the tensors find room depends on the bands that were chosen.
    }
  }
  return fastest_of(std::move(plans)).value_or(std::move(own));
}

}  // namespace systol
