#include "host/train/training_cost.h"

#include <algorithm>

#include "host/account/energy.h"
#include "host/account/hardware.h"

namespace systol {

ArrayWork& ArrayWork::operator+=(const ArrayWork& other) {
  ledger += other.ledger;
  activity += other.activity;
  return *this;
}

ArrayWork ArrayWork::operator*(std::uint64_t times) const {
  ArrayWork work = *this;
  for (Cycles& cycles : work.ledger.cycles) {
    cycles = cycles * times;
  }
  for (std::uint64_t& count : work.activity.counts) {
    count *= times;
  }
  return work;
}

const ArrayWork& MatmulTimer::of(const Bf16MatmulShape& shape) {
  const auto found = known_.find(shape);
  if (found != known_.end()) {
    return found->second;
  }
  const isa::Program program = bf16_matmul_program(shape, config_);
  CommandList commands(program.commands);
  MemoryImage no_values;
  const RunResult result = device_.run(commands, program.nodes, no_values, nullptr);
  return known_.emplace(shape, ArrayWork{result.ledger(), result.activity()}).first->second;
}

ArrayWork StepCost::total() const {
  ArrayWork sum;
  for (const ArrayWork& part : work) {
    sum += part;
  }
  return sum;
}

std::size_t TrainingCost::kind_of(std::uint32_t samples) const {
  return steps.front().samples == samples ? 0 : steps.size() - 1;
}

StepCounts TrainingCost::counts(const History& history) const {
  StepCounts counts(steps.size());
  for (const StepRecord& record : history.steps) {
    ++counts[kind_of(record.samples)];
  }
  return counts;
}

ArrayWork TrainingCost::total(const StepCounts& counts) const {
  ArrayWork sum;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    sum += steps[i].total() * counts[i];
  }
  return sum;
}

std::vector<LayerCost> TrainingCost::layers(const StepCounts& counts) const {
  std::vector<LayerCost> layers;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = 0; j < steps[i].matmuls.size(); ++j) {
      const StepMatmul& matmul = steps[i].matmuls[j];
      auto layer = std::ranges::find_if(layers, [&](const LayerCost& other) {
        return other.layer == matmul.layer && other.part == matmul.part;
      });
      if (layer == layers.end()) {
        layer = layers.insert(layer, {matmul.layer, matmul.part, {}, {}, {}});
      }
      if (i == 0) {
        layer->matmuls.push_back(matmul);
        layer->step += steps[i].work[j];
      }
      layer->all += steps[i].work[j] * counts[i];
    }
  }
  return layers;
}

std::optional<Picojoules> TrainingCost::energy(const ArrayWork& work) const {
  if (!table) {
    return std::nullopt;
  }
  return account({work.activity, duration_of(work.ledger)}, array, *table).total;
}

VectorParts TrainingCost::vector(const StepCounts& counts) const {
  VectorParts sum;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t part = 0; part < sum.size(); ++part) {
      sum[part] += steps[i].vector[part] * counts[i];
    }
  }
  return sum;
}

std::optional<Picojoules> TrainingCost::energy(const VectorWork& work) const {
  if (!table) {
    return std::nullopt;
  }
  ArrayWork moved;
  moved.ledger[CycleClass::NonMatrix] = work.cycles;
  moved.activity[Action::ActivationsReadBytes] = work.read_bytes;
  moved.activity[Action::ActivationsWriteBytes] = work.written_bytes;
  return *energy(moved) +
         Picojoules(table->fp32_add->value.count() * static_cast<double>(work.operations));
}

double TrainingCost::time(const VectorWork& work) const {
  return static_cast<double>(work.cycles.count()) / static_cast<double>(array.clock.count());
}

double TrainingCost::utilisation(const ArrayWork& work) const {
  const double slots = static_cast<double>(work.cycles().count()) *
                       static_cast<double>(array.rows) * static_cast<double>(array.columns);
  return slots > 0 ? static_cast<double>(work.macs()) / slots : 0.0;
}

double TrainingCost::time(const ArrayWork& work) const {
  return static_cast<double>(work.cycles().count()) / static_cast<double>(array.clock.count());
}

TrainingCost training_cost(std::vector<StepCost> steps, const ArrayConfig& config, Device& device) {
  TrainingCost cost;
  cost.array = config;
  EnergyTable table = load_energy_table(config);
  if (has_measured_pe(config, table) && table.fp32_add && table.area.fp32_add) {
    check_memories(config, table);
    cost.table = std::move(table);
  }
  MatmulTimer timer(config, device);
  for (StepCost& step : steps) {
    for (const StepMatmul& matmul : step.matmuls) {
      step.work.push_back(timer.of(matmul.shape) * matmul.products);
    }
    step.vector = vector_parts(step.passes, config);
  }
  cost.steps = std::move(steps);
  return cost;
}

}  // namespace systol
