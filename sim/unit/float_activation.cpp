#include "sim/unit/float_activation.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/base/bf16.h"
#include "sim/unit/pe_row.h"

namespace systol {
namespace {

constexpr std::uint32_t kBiasPlanes = 4;

/// What is no number has no sign: it stays.
std::int32_t rectified(std::int32_t bits) { return bits < 0 ? 0 : bits; }

std::int32_t narrowed(std::int32_t bits) { return to_bf16(std::bit_cast<float>(bits)).bits; }

}  // namespace

FloatActivation::FloatActivation(std::uint32_t columns) : biases_(columns), results_(columns) {
  for (Stage& stage : stages_) {
    stage.values.resize(columns);
  }
}

void FloatActivation::step(const UnitInputs& inputs, const std::int32_t* accumulators) {
  // The last stage first: each takes what the one before it held until this edge.
  output_.result_valid = stages_[3].valid;
  if (stages_[3].valid) {
    results_ = stages_[3].values;
    output_.result_data = reinterpret_cast<const std::uint8_t*>(results_.data());
  }
  advance(2);
  if (stages_[3].valid && !stages_[3].wide) {
    std::ranges::transform(stages_[3].values, stages_[3].values.begin(), narrowed);
  }
  advance(1);
  if (stages_[2].valid && stages_[2].relu) {
    std::ranges::transform(stages_[2].values, stages_[2].values.begin(), rectified);
  }
  advance(0);
  add_bias(stages_[1]);
  Stage& read = stages_[0];
  read.valid = inputs.activate_valid;
  if (read.valid) {
    read.own = inputs.activate_own;
    read.bias = inputs.activate_bias;
    read.relu = inputs.activate_relu;
    read.wide = inputs.activate_wide;
    std::copy_n(accumulators, read.values.size(), read.values.begin());
  }
  for (std::size_t i = 0; inputs.channel_valid && i < biases_.size(); ++i) {
    if (inputs.channel_plane < kBiasPlanes) {
      const std::uint32_t shift = 8 * inputs.channel_plane;
      const auto bias = static_cast<std::uint32_t>(biases_[i]) & ~(0xffU << shift);
      biases_[i] =
          static_cast<std::int32_t>(bias | (std::uint32_t{inputs.channel_data[i]} << shift));
    }
  }
}

void FloatActivation::advance(std::size_t from) {
  Stage& to = stages_[from + 1];
  to.valid = stages_[from].valid;
  if (to.valid) {
    std::swap(stages_[from], to);
    stages_[from].valid = false;
  }
}

void FloatActivation::add_bias(Stage& stage) const {
  for (std::size_t i = 0; stage.valid && i < biases_.size(); ++i) {
    stage.values[i] = add_floats(stage.values[i], stage.own ? stage.bias : biases_[i]);
  }
}

}  // namespace systol
