#include "host/compile/plan_cost.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "host/compile/lowering.h"
#include "sim/command_time.h"

namespace systol {
namespace {

constexpr std::size_t kMostCommands = 16'384;

struct TooManyCommands {};

/// In which memories move so many bytes at their bandwidths; 0 where these are not known.
Cycles time_to_move(Bytes bytes, const ArrayConfig& config) {
  double bandwidth = 0;
  for (const MemoryConfig& memory : config.memories) {
    if (!memory.bandwidth) {
      return Cycles(0);
    }
    bandwidth += static_cast<double>(memory.bandwidth->count());
  }
  const double seconds = static_cast<double>(bytes.count()) / bandwidth;
  return Cycles(static_cast<std::uint64_t>(seconds * static_cast<double>(config.clock.count())));
}

}  // namespace

/// What times need of commands, in their order.
class TimedList : public TimedSource {
 public:
  explicit TimedList(ArrayConfig config)
      : config_(std::move(config)),
        banks_(std::ranges::any_of(config_.memories,
                                   [](const auto& memory) { return bool{memory.dram}; })) {}

  void add(isa::Command&& command) {
    commands_.push_back(timed_command(command, config_));
    bytes_ += commands_.back().bytes;
    if (banks_) {
      operations_.push_back(std::move(command.operation));
      commands_.back().operation = &operations_.back();
    }
  }
  Bytes bytes() const { return bytes_; }
  /// From the first command on again.
  void begin() { next_ = 0; }
  bool next(TimedCommand& command) override {
    if (next_ == commands_.size()) {
      return false;
    }
    command = commands_[next_++];
    return true;
  }

 private:
  ArrayConfig config_;
  bool banks_;
  std::vector<TimedCommand> commands_;
  std::deque<isa::Operation> operations_;  ///< where their addresses matter
  Bytes bytes_;                            ///< of all requests
  std::size_t next_ = 0;
};

Bytes PlanCost::bytes() const { return commands_->bytes(); }

PlanCost::PlanCost(std::shared_ptr<TimedList> commands, std::size_t steps,
                   const std::vector<ArrayConfig>& machines)
    : commands_(std::move(commands)), steps_(steps), machines_(&machines), known_(machines.size()) {
  for (const ArrayConfig& machine : machines) {
    least_.push_back(time_to_move(bytes(), machine));
  }
}

Cycles PlanCost::time(std::size_t machine) {
  if (!known_[machine]) {
    commands_->begin();
    least_[machine] = time_of(*commands_, (*machines_)[machine], steps_);
    known_[machine] = true;
    for (std::size_t slower = 0; slower < machine; ++slower) {
      least_[slower] = std::max(least_[slower], least_[machine]);
    }
  }
  return least_[machine];
}

std::optional<PlanCost> cost_of(Plan plan, const std::vector<ArrayConfig>& machines) {
  plan.rows = std::min(plan.rows, plan.resident_rows);
  const auto list = std::make_shared<TimedList>(plan.config);
  bool whole = false;
  Schedule schedule(
      [&](isa::Command&& command) {
        if (!whole) {  // its window was full
          throw TooManyCommands();
        }
        list->add(std::move(command));
      },
      kMostCommands);
  try {
    lower_network(plan, schedule);
  } catch (const TooManyCommands&) {
    return std::nullopt;
  }
  whole = true;
  schedule.finish();
  return PlanCost(list, plan.steps.size(), machines);
}

}  // namespace systol
