// A matrix unit whose registers hold whatever a test puts there.
#pragma once

#include <random>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol {

class FakeUnit : public MatrixUnit {
  UnitShape shape_;

 public:
  explicit FakeUnit(const UnitShape& shape)
      : shape_(shape),
        weights(std::size_t{shape.rows} * shape.columns),
        shadow(weights.size()),
        activations(weights.size()),
        partial_sums(weights.size()),
        sums(std::size_t{shape.accumulator_rows} * shape.columns) {}

  const UnitOutputs& step(const UnitInputs&) override { return outputs_; }
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override {
    ++reads;
    const std::size_t i = std::size_t{row} * shape_.columns + column;
    PeRegisters registers;
    registers.weight = static_cast<std::uint8_t>(weights[i]);
    registers.shadow_weight = static_cast<std::uint8_t>(shadow[i]);
    registers.activation = static_cast<std::uint8_t>(activations[i]);
    registers.partial_sum = partial_sums[i];
    return registers;
  }
  std::span<const std::int32_t> accumulators(std::uint32_t row) const override {
    return {&sums[std::size_t{row} * shape_.columns], shape_.columns};
  }
  void restore(const UnitContents&) override {}
  void inject(const StuckBit&) override {}

  template <class Random>
  void randomise(Random& random) {
    for (auto* registers : {&weights, &shadow, &activations}) {
      for (std::int8_t& value : *registers) {
        value = static_cast<std::int8_t>(random());
      }
    }
    for (auto* registers : {&partial_sums, &sums}) {
      for (std::int32_t& value : *registers) {
        value = static_cast<std::int32_t>(random());
      }
    }
  }

  std::vector<std::int8_t> weights, shadow, activations;
  std::vector<std::int32_t> partial_sums, sums;
  mutable int reads = 0;  ///< of PEs

 private:
  UnitOutputs outputs_;
};

}  // namespace systol
