// From what a run lets one see to how far it is.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "host/session/progress.h"
#include "sim/device.h"

namespace systol {

/// A step that computes a graph's tensors one after another, for some samples or for all.
class NodeProgress {
 public:
  /// The references must outlive this.
  NodeProgress(const Graph& graph, std::size_t samples, std::string_view step,
               const Progress& progress);

  /// `samples` of a tensor have been computed. One that no node computes does not count.
  void computed(TensorId id, std::size_t samples);
  /// The same, from its values.
  void computed(TensorId id, std::span<const float> values);

 private:
  const Graph& graph_;
  std::string_view step_;
  const Progress& progress_;
  std::map<TensorId, std::size_t> nodes_;  ///< by what they compute
  std::vector<std::uint64_t> work_;        ///< by node, of a sample
  std::uint64_t all_ = 0;                  ///< of all samples
  std::uint64_t done_ = 0;
};

/// Weights that are made up, node by node.
class ConstantProgress {
 public:
  /// The references must outlive this.
  ConstantProgress(const Graph& graph, const Progress& progress);

  /// The constants of graph.nodes[node] have their values.
  void filled(std::size_t node);

 private:
  const Graph& graph_;
  const Progress& progress_;
  std::vector<std::uint64_t> values_;  ///< by node
  std::uint64_t all_ = 0;
  std::uint64_t done_ = 0;
};

/// Multiplications of a command, or 0.
std::uint64_t macs_of(const isa::Operation& operation);

/// A program in the making: each command is a position.
class CompileProgress {
 public:
  /// As SimulationProgress.
  CompileProgress(std::span<const std::string> nodes, std::uint64_t macs, const Progress& progress)
      : nodes_(nodes), macs_(macs), progress_(progress) {}

  void made(const isa::Command& command);

 private:
  std::span<const std::string> nodes_;
  std::uint64_t macs_;
  const Progress& progress_;
  std::uint64_t done_ = 0;
};

/// An engine at work: each command that it completes is a position.
class SimulationProgress : public Observer {
 public:
  /// `nodes` are the program's, `macs` the multiplications of all that runs. All must outlive this.
  SimulationProgress(std::span<const std::string> nodes, std::uint64_t macs,
                     const Progress& progress)
      : nodes_(nodes), macs_(macs), progress_(progress) {}

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;

 private:
  std::span<const std::string> nodes_;
  std::uint64_t macs_;
  const Progress& progress_;
  std::uint64_t done_ = 0;
  Cycles cycle_;  ///< the last in which a command that has been seen ended
};

}  // namespace systol
