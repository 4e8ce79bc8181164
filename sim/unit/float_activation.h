// The activation path of an array of floats, cycle for cycle hw/rtl/tpu_activation_float.sv.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hw/unit/pins.h"

namespace systol {

/// Bias, ReLU and rounding to bf16 in the five stages of hw/TIMING.md.
class FloatActivation {
 public:
  explicit FloatActivation(std::uint32_t columns);

  /// `accumulators` are the bits of the row that the pins present, if they do.
  void step(const UnitInputs& inputs, const std::int32_t* accumulators);
  /// A lane has 4 bytes; a bf16 is in the first two.
  const UnitOutputs& output() const { return output_; }

 private:
  struct Stage {
    bool valid = false;
    bool own = false;
    std::int32_t bias = 0;
    bool relu = false;
    bool wide = false;
    std::vector<std::int32_t> values;
  };

  void advance(std::size_t from);
  void add_bias(Stage& stage) const;

  std::array<Stage, 4> stages_;
  std::vector<std::int32_t> biases_;
  std::vector<std::int32_t> results_;
  UnitOutputs output_;
};

}  // namespace systol
