// What the bands of a step need of the buffer and move through it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "host/compile/band_choice.h"
#include "host/compile/plan.h"

namespace systol {

/// Of a plan whose tensors are about to be placed; `spilled`, by the plan's tensors, says which
/// come from memory and go there. Both outlive it, and `spilled` may change.
class BandNeeds {
 public:
  BandNeeds(const Plan& plan, const std::vector<bool>& spilled) : plan_(plan), spilled_(spilled) {}

  /// Whether a tensor cannot come from memory in bands: a state's next value, until it is stored as
  /// a whole, and a state whose rows lie apart in memory where they are read one after another.
  bool must_stay(TensorId tensor) const;
  bool is_spilled(TensorId tensor) const { return spilled_[plan_.index_of(tensor)]; }

  /// The stored tensor of each of the node's inputs; nothing for constants.
  std::vector<std::optional<TensorId>> sources_of(const Step& step) const;

  /// Of the largest region of an input that a band of `extent` indices of the first axis reads.
  std::uint64_t input_bytes(const Step& step, std::size_t input, std::uint64_t extent) const;
  /// Of all that such bands take, twice each where there are several.
  std::uint64_t bytes(const Step& step, std::uint64_t extent) const;
  /// The most indices whose bands fit the budget; at least 1.
  std::uint64_t extent_that_fits(const Step& step, std::uint64_t budget) const;

  /// Whether of a convolution's input only the pixels that it reads are loaded.
  bool loads_single_pixels(const Step& step) const;
  /// Step `i` of the plan, of the matrix unit, for the choice of its bands. It must not outlive
  /// this.
  BandedLayer layer(std::size_t i);

 private:
  /// What a step's bands read of its first input.
  struct Regions {
    std::uint64_t largest = 0;
    std::uint64_t sum = 0;
  };
  const Regions& regions_of(std::size_t i, std::uint64_t extent);

  const Plan& plan_;
  const std::vector<bool>& spilled_;
  std::map<std::pair<std::size_t, std::uint64_t>, Regions> regions_;  ///< by step and extent
};

}  // namespace systol
