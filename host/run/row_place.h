// Where in a tensor the values belong that commands write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "host/compile/plan.h"
#include "hw/isa/command.h"

namespace systol {

/// Of a chain of matmuls: values in the output [samples][outputs] of a step, of one sample, or of
/// one output where the command writes samples in columns.
struct RowPlace {
  std::uint32_t row = 0;     ///< of the first value
  std::uint32_t column = 0;  ///< of the first value
  bool transposed = false;   ///< the next value is that of the next sample
  std::size_t first = 0;     ///< number of the first value
  std::size_t stride = 1;    ///< from one value to the next
};

/// Of row `row` of what the command writes, as Observer::wrote_row shows it.
RowPlace row_place(const Plan& plan, const isa::Command& command, std::uint32_t row);

/// The same for any network, value by value.
class WrittenRow {
 public:
  /// All must outlive the object.
  WrittenRow(const Plan& plan, const isa::Command& command, std::uint32_t row);

  /// The number that value `i` of the row has in its step's output, all samples together; nothing
  /// for what is none of it: a border, or what is no output yet.
  std::optional<std::uint64_t> place(std::uint64_t i) const;

 private:
  std::optional<std::uint64_t> place_of_sign(std::uint64_t i) const;

  const Plan& plan_;
  const isa::Command& command_;
  std::uint32_t row_;
  RowPlace in_chain_;
  const isa::ActivateTransposed* transposed_ = nullptr;
  std::optional<std::uint64_t> address_;  ///< of the first value; nothing of int16 values
};

}  // namespace systol
