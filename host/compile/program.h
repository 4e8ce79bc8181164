// A network's program for an array.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/compile/plan.h"
#include "host/compile/schedule.h"
#include "host/graph/quant_graph.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Where a program leaves an output of the graph: `rows` x `columns` int8 values, row-major, in the
/// activations space.
struct OutputPlace {
  TensorId tensor{};  ///< of the graph
  TensorId stored{};  ///< whose bytes it is: the same but for reshapes
  std::uint64_t address = 0;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

/// The plan, and from it whatever of the program is asked for. It owns all that it needs, copies
/// share it, and what it hands out does not depend on it any more.
///
/// `rows` samples go through the network, `batch` at a time. Matmuls are cut into tiles of the
/// array's size (ragged at the edges); weight tiles, parameters and accumulators are double
/// buffered. Activations stay in the unified buffer where those of at least one sample fit, and are
/// streamed through memory otherwise.
class NetworkProgram {
 public:
  /// A program whose values matter. Throws InputError as make_plan does.
  NetworkProgram(const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch);
  /// The same program for time and traffic only: shapes are enough. Its graph is
  /// quantisable(graph).
  NetworkProgram(const std::shared_ptr<const Graph>& graph, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch);

  const Plan& plan() const { return *plan_; }
  /// The steps' names, which `Origin::node` counts.
  std::vector<std::string> nodes() const;
  std::vector<OutputPlace> outputs() const;

  /// The commands, made as they are asked for and never kept.
  std::unique_ptr<CommandSource> commands() const;
  /// The memory as the program expects it: constants, and `input` [rows][values], quantised as the
  /// graph's input. Throws std::logic_error for a program for time and traffic only.
  MemoryImage memory(std::span<const std::int8_t> input) const;
  /// Everything as one value, to be looked at or written to a file. Throws as memory() does.
  /// `made` sees each command.
  isa::Program whole(std::span<const std::int8_t> input,
                     const std::function<void(const isa::Command&)>& made = {}) const;

 private:
  isa::Program head(std::span<const std::int8_t> input) const;

  std::shared_ptr<const Plan> plan_;
};

}  // namespace systol
