// Lowers a quantised network to the commands that run it on a given array.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/compile/constants.h"
#include "host/compile/schedule.h"
#include "host/quant_graph.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Where a program leaves its result: `rows` x `columns` int8 values, row-major, in the
/// activations space.
struct OutputPlace {
  std::uint64_t address = 0;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

/// A program at its start: the memory is as the program expects it, the commands begin.
struct LoadedProgram {
  std::vector<std::string> layers;
  MemoryImage memory;
  std::unique_ptr<CommandSource> commands;
  OutputPlace output;
};

/// A network's program: what is known before its commands, which are made as they are asked for
/// and never kept. The graph and the config must outlive it.
///
/// `rows` samples go through the network, `batch` at a time. Layers are cut into tiles of the
/// array's size (ragged at the edges); weight tiles, parameters and accumulators are double
/// buffered. Activations stay in the unified buffer where at least one sample fits, and are
/// streamed through memory otherwise.
class NetworkProgram {
 public:
  /// Throws InputError for more samples than a memory can hold.
  NetworkProgram(const QuantGraph& graph, const ArrayConfig& config, std::uint32_t rows,
                 std::uint32_t batch);

  const std::vector<std::string>& layers() const { return layers_; }
  const OutputPlace& output() const { return output_; }

  /// To run on `input`: [rows][inputs], row-major, quantised as graph.input. Without any input the
  /// memory holds zeros only, for runs whose values do not matter. This object must outlive the
  /// commands; asking for one throws as lower() does.
  LoadedProgram load(std::span<const std::int8_t> input) const;
  /// All but the commands.
  isa::Program head(std::span<const std::int8_t> input) const;
  /// Makes the commands, the same ones every time. Throws InputError, naming the layer, for a
  /// network that the buffer cannot hold either way.
  void lower(const CommandSink& sink) const;

 private:
  const QuantGraph& graph_;
  const ArrayConfig& config_;
  std::uint32_t rows_;
  std::uint32_t batch_;
  bool resident_;
  std::vector<std::string> layers_;
  std::vector<LayerConstants> constants_;
  std::uint64_t activation_bytes_ = 0;  ///< placing the tensors says how many: before them
  std::vector<std::uint64_t> tensors_;
  OutputPlace output_;
};

/// A network's program with all its commands, for those who want to look at them.
struct CompiledProgram {
  isa::Program program;
  OutputPlace output;

  /// To run; this object must outlive the commands.
  LoadedProgram load() const;
};

/// As NetworkProgram does it, for input.size() / inputs rows.
CompiledProgram compile(const QuantGraph& graph, const ArrayConfig& config,
                        std::span<const std::int8_t> input, std::uint32_t batch);

}  // namespace systol
