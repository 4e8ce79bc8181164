#include "host/compile/step_time.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "host/compile/bands.h"
#include "host/compile/network.h"
#include "sim/command_time.h"

namespace systol {
namespace {

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

}  // namespace

StepTime::StepTime(const Plan& plan, std::size_t i, const std::vector<bool>& spilled) {
  const Step& step = plan.steps[i];
  alone_.graph = plan.graph;
  alone_.quantised = plan.quantised;
  alone_.config = plan.config;
  alone_.rows = alone_.batch = alone_.resident_rows = 1;
  alone_.steps = {step};
  alone_.origin_rows = {plan.origin_rows[i]};
  alone_.constants = {plan.constants[i]};
  alone_.bounds = {plan.bounds[i]};
  alone_.additions = {plan.additions[i]};
  alone_.states = plan.states;
  alone_.indices.resize(plan.indices.size());
  std::set<TensorId> tensors(step.sources.begin(), step.sources.end());
  tensors.insert(step.output);
  for (const TensorId tensor : tensors) {
    const std::size_t index = plan.index_of(tensor);
    Place place{plan.places[index].sample_bytes, plan.places[index].layout, {}, {}};
    if (spilled[index]) {
      place.memory = alone_.activation_bytes;
      alone_.activation_bytes += place.sample_bytes;
    } else {
      place.buffer = tensors_end_;
      tensors_end_ += place.layout.bytes();
    }
    alone_.indices[index_of(tensor)] = alone_.tensors.size();
    alone_.tensors.push_back(plan.tensors[index]);
    alone_.places.push_back(std::move(place));
  }
}

bool StepTime::is_known(const Plan& plan, std::size_t i) {
  const Tiling& tiling = plan.constants[i].tiling;
  const std::uint64_t blocks = divided_up(plan.steps[i].rows, block_rows(plan.config, UINT32_MAX));
  // A tile of weights takes two commands for each block.
  return 2 * blocks * tiling.row_tiles() * tiling.column_tiles() <= kShort &&
         plan.growing == nullptr && plan.steps.size() == 1 && !isa::is_signs(plan.config.pe);
}

std::optional<Cycles> StepTime::of(const Bands& bands, const std::vector<BufferArea>& areas) {
  alone_.areas = areas;
  std::uint64_t end = tensors_end_;
  for (BufferArea& area : alone_.areas) {
    area.buffer = end;
    end += area.lifetime.bytes(1);
  }
  alone_.step_areas = {StepAreas{}};
  alone_.step_areas.front().bands = bands;
  TimedList list(alone_.config);
  bool whole = false;
  Schedule schedule(
      [&](isa::Command&& command) {
        if (!whole) {
          throw TooManyCommands();
        }
        list.add(std::move(command));
      },
      kMostCommands);
  const auto tiles = make_tile_lowering(alone_.config, schedule, slot_rows(alone_.config));
  Residence residence(alone_);
  try {
    lower_in_bands({alone_, schedule, residence, 0, 1}, 0, *tiles,
                   block_rows(alone_.config, UINT32_MAX));
  } catch (const TooManyCommands&) {
    return std::nullopt;
  }
  whole = true;
  schedule.finish();
  return time_of(list, alone_.config, 1);
}

}  // namespace systol
