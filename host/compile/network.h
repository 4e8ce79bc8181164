// Any network whose tensors lie in the unified buffer: what its steps' lowerings share.
#pragma once

#include <cstdint>
#include <functional>

#include "host/compile/box.h"
#include "host/compile/plan.h"
#include "host/compile/residence.h"
#include "host/compile/schedule.h"

namespace systol {

/// A group of samples in the buffer, on its way through the network.
struct Group {
  const Plan& plan;
  Schedule& schedule;
  Residence& residence;
  std::uint32_t first = 0;  ///< sample of the batch's
  std::uint32_t samples = 0;

  std::size_t item(TensorId tensor) const { return plan.index_of(tensor); }
  std::size_t area(std::size_t index) const { return plan.tensors.size() + index; }
  /// What lies in memory of the plan's state `index`.
  std::size_t stored_state(std::size_t index) const {
    const TensorId value = plan.states[index].value;
    return plan.in_buffer(value) ? plan.tensors.size() + plan.areas.size() + index : item(value);
  }
  const Layout& layout(TensorId tensor) const { return plan.place_of(tensor).layout; }
  /// What errors, reports and checks know a command of step `step` by.
  isa::Origin origin(std::size_t step, std::uint64_t row = 0, std::uint64_t column = 0) const;
  /// Its quantisation, or none for time and traffic only.
  Quantisation quantisation(TensorId tensor) const {
    return plan.quantised == nullptr ? Quantisation{} : plan.quantised->of(tensor);
  }
};

/// Fills an item's borders, as the first to write it in this round, with what is 0 in `tensor`;
/// where signs are packed with 1s, which the biases take away.
void fill_borders(const Group& group, std::size_t step, std::size_t item, const Layout& layout,
                  TensorId tensor);

struct Frame;

/// Appends the commands for all values of `box`, with `command`'s parameters and places taken from
/// the box; each follows `after`. `done` hears of each.
void append_vector(const Frame& frame, const isa::Vector& command, const Box& box,
                   const Commands& after, const std::function<void(CommandId)>& done);

/// The frame's values, multiplied by the step's constants, or by each other, in the array.
void lower_matrix(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows);
/// Any other step.
void lower_on_vector_unit(const Frame& frame);

}  // namespace systol
