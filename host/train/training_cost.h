// What the matmuls of training take on an array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "host/train/history.h"
#include "host/train/step_matmuls.h"
#include "host/train/vector_work.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// What the array did.
struct ArrayWork {
  Ledger ledger;
  Activity activity;

  Cycles cycles() const { return ledger.total(); }
  std::uint64_t macs() const { return activity[Action::MacsUseful]; }
  ArrayWork& operator+=(const ArrayWork& other);
  ArrayWork operator*(std::uint64_t times) const;
  bool operator==(const ArrayWork&) const = default;
};

/// Times products on an array, each shape once: a program's commands, and with them its cycles and
/// what it moves, depend on the shape alone.
class MatmulTimer {
 public:
  /// Both outlive this; `device` is one of `config` that needs no values.
  MatmulTimer(const ArrayConfig& config, Device& device) : config_(config), device_(device) {}

  /// Throws as bf16_matmul_program does.
  const ArrayWork& of(const Bf16MatmulShape& shape);

 private:
  const ArrayConfig& config_;
  Device& device_;
  std::map<Bf16MatmulShape, ArrayWork> known_;
};

/// A step of so many samples.
struct StepCost {
  std::uint32_t samples = 0;
  std::vector<StepMatmul> matmuls;
  std::vector<ArrayWork> work;       ///< of all products of each of them
  std::vector<VectorPass> passes{};  ///< all that is no product
  VectorParts vector{};              ///< what they take

  ArrayWork total() const;
};

/// What a layer has in one part of a step.
struct LayerCost {
  std::string layer;
  StepPart part = StepPart::Forward;
  std::vector<StepMatmul> matmuls;  ///< of a whole batch
  ArrayWork step;                   ///< of a whole batch
  ArrayWork all;                    ///< of all steps that were counted
};

/// How many steps of each kind there were, in the order of TrainingCost::steps.
using StepCounts = std::vector<std::uint64_t>;

/// Costs of training a network on an array: those of the matmuls, one after another, each from an
/// idle machine until its result lies in memory. What else a step does stands apart, as a closed
/// form of work of a vector unit.
struct TrainingCost {
  ArrayConfig array;
  std::optional<EnergyTable> table;  ///< nothing: of the array's PEs no energy is known
  std::vector<StepCost> steps;       ///< of a whole batch, then of an epoch's last where it differs

  /// Which of `steps` one of so many samples is.
  std::size_t kind_of(std::uint32_t samples) const;
  StepCounts counts(const History& history) const;
  /// Of so many steps together.
  ArrayWork total(const StepCounts& counts) const;
  /// What is no product, of so many steps together.
  VectorParts vector(const StepCounts& counts) const;
  /// The same as total, layer by layer and part by part, in the order of a step.
  std::vector<LayerCost> layers(const StepCounts& counts) const;
  /// Of the array, its buffers and memories, while it works. Nothing where no energy is known.
  std::optional<Picojoules> energy(const ArrayWork& work) const;
  /// Each operation as an addition of fp32, and the memory's bytes, while the machine is on.
  std::optional<Picojoules> energy(const VectorWork& work) const;
  double time(const VectorWork& work) const;        ///< in seconds
  double utilisation(const ArrayWork& work) const;  ///< useful products per PE and cycle, 0 to 1
  double time(const ArrayWork& work) const;         ///< in seconds
};

/// The steps of one network: of a whole batch, then of what is left in an epoch where it is less,
/// with their matmuls and without their work. Which parameters are fixed is given by their numbers
/// (training_graph). Throws InputError for a network that cannot be
/// trained.
std::vector<StepCost> network_steps(const Graph& network, Loss loss, std::size_t samples,
                                    std::size_t batch, const std::vector<bool>& fixed = {},
                                    DistanceRule rule = DistanceRule::Full,
                                    const OptimiserSettings& optimiser = {});

/// What an adversarial training's generator and its adversary have (AdversarialTrainer), from the
/// same number of samples and the same batch: an adversary's step begins with making its samples.
std::vector<StepCost> generator_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch,
                                      const OptimiserSettings& optimiser = {});
std::vector<StepCost> adversary_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch,
                                      const OptimiserSettings& optimiser = {});

/// Of steps whose matmuls are known. `device` is one of `config` that needs no values. Throws
/// InputError for an array that cannot run them.
TrainingCost training_cost(std::vector<StepCost> steps, const ArrayConfig& config, Device& device);

}  // namespace systol
