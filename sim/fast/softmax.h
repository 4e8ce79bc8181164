// Integer softmax of whole rows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "hw/isa/command.h"
#include "sim/snapshot.h"

namespace systol {

/// Rows of logits to probabilities, as docs/numerics.md states, a whole row at once.
class FastSoftmax {
 public:
  /// Entry d is exp(-d * scale of the logits) in units of 1/65535.
  explicit FastSoftmax(const std::array<std::uint16_t, 256>& exponentials);

  /// Both are as long, at least one value; they may be the same.
  void row(std::span<const std::int8_t> logits, std::span<std::int8_t> probabilities);

 private:
  std::array<std::uint32_t, 256> exponentials_;
  std::vector<std::uint32_t> terms_;
};

/// The same row part by part; `row` is what is known of it between them.
void apply_softmax_part(const isa::SoftmaxPart& part, std::int8_t* buffer, SoftmaxRow& row);

}  // namespace systol
