// Keeps every tensor that an engine computes, as it writes it: the run stays the same, cycle by
// cycle.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/compile/program.h"
#include "host/graph/quant_graph.h"
#include "sim/device.h"

namespace systol {

/// A tensor in the machine's int8: real = scale * (value - zero_point).
struct TensorValues {
  std::string name;                ///< in the graph; of a step its last node's
  std::vector<std::string> nodes;  ///< of the step that computes it, in their order; none: an input
  Shape shape;                     ///< of one sample
  Quantisation quantisation;
  std::vector<std::int8_t> values;  ///< [samples][shape]
  std::uint64_t missing = 0;        ///< values that the machine never wrote
};

class TensorRecorder : public Observer {
 public:
  /// Both must outlive the recorder.
  TensorRecorder(const NetworkProgram& program, const QuantGraph& quantised);

  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override;

  /// The graph's inputs, as they lie in `memory`, then what each step wrote; without tensors whose
  /// shape differs from sample to sample.
  std::vector<TensorValues> take(const MemoryImage& memory);

 private:
  TensorValues describe(TensorId tensor) const;

  const Plan& plan_;
  const QuantGraph& quantised_;
  std::vector<TensorValues> computed_;              ///< by step
  std::vector<std::vector<std::uint8_t>> written_;  ///< 1 where a value was written, by step
};

}  // namespace systol
