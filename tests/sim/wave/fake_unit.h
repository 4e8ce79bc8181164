// A matrix unit whose registers hold whatever a test puts there.
#pragma once

#include <random>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol {

class FakeUnit : public MatrixUnit {
 public:
  explicit FakeUnit(const UnitShape& shape)
      : weights(std::size_t{shape.rows} * shape.columns),
        shadow(weights.size()),
        activations(weights.size()),
        partial_sums(weights.size()),
        accumulators(std::size_t{shape.accumulator_rows} * shape.columns) {}

  const UnitOutputs& step(const UnitInputs&) override { return outputs_; }
  UnitState state() override {
    ++state_calls;
    UnitState state;
    state.weights = weights.data();
    state.shadow_weights = shadow.data();
    state.activations = activations.data();
    state.partial_sums = partial_sums.data();
    state.accumulators = accumulators.data();
    return state;
  }
  void inject(const StuckBit&) override {}

  template <class Random>
  void randomise(Random& random) {
    for (auto* registers : {&weights, &shadow, &activations}) {
      for (std::int8_t& value : *registers) {
        value = static_cast<std::int8_t>(random());
      }
    }
    for (auto* registers : {&partial_sums, &accumulators}) {
      for (std::int32_t& value : *registers) {
        value = static_cast<std::int32_t>(random());
      }
    }
  }

  std::vector<std::int8_t> weights, shadow, activations;
  std::vector<std::int32_t> partial_sums, accumulators;
  int state_calls = 0;

 private:
  UnitOutputs outputs_;
};

}  // namespace systol
