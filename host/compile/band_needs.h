// What the bands of a step need of the buffer and move through it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "host/compile/band_choice.h"
#include "host/compile/plan.h"
#include "host/compile/product_bands.h"

namespace systol {

/// Of a plan whose tensors are about to be placed; `spilled`, by the plan's tensors, says which
/// come from memory and go there, and `streamed`, by its steps, whose constant operands do. All
/// outlive it, and both may change.
class BandNeeds {
 public:
  BandNeeds(const Plan& plan, const std::vector<bool>& spilled, const std::vector<bool>& streamed);

  /// Whether a tensor cannot come from memory in bands: a state's next value, until it is stored as
  /// a whole, and a state whose rows lie apart in memory where they are read one after another.
  bool must_stay(TensorId tensor) const;
  bool is_spilled(TensorId tensor) const { return spilled_[plan_.index_of(tensor)]; }

  /// Whether the node's input goes through the buffer in bands of the step.
  bool in_bands(const Step& step, std::size_t input) const;
  /// The stored tensor of each of the node's inputs; nothing for constants.
  const std::vector<std::optional<TensorId>>& sources_of(const Step& step) const {
    return ends_of(step).sources;
  }

  /// Along how many of its output's axes the step can go through memory in bands.
  /// The last one, a softmax's, counts where its rows may come in parts.
  std::size_t axes(const Step& step, bool in_parts) const;
  /// Of the largest region of an input that a band reads.
  std::uint64_t input_bytes(const Step& step, std::size_t input, const BandCut& cut) const;
  /// Of one band of all that goes through memory.
  std::uint64_t band_bytes(const Step& step, const BandCut& cut) const;
  /// Of the smallest bands that there are, and of the step's own constants; at least. Bands of a
  /// layer of the matrix unit may have some of the output's columns.
  /// With `in_parts` a softmax's bands may be a part of a row, and a product's a tile's columns.
  std::uint64_t least_bytes(const Step& step, bool in_parts) const;
  /// Of a product of two activations, one of its matrices.
  MatrixInMemory matrix(std::size_t step) const;
  /// Of all that such bands take, twice each where there are several.
  std::uint64_t bytes(const Step& step, const BandCut& cut) const;
  /// The most indices of the axis whose bands fit the budget; at least 1.
  BandCut cut_that_fits(const Step& step, std::size_t axis, std::uint64_t budget) const;

  /// Whether of a convolution's input only the pixels that it reads are loaded, in bands along an
  /// axis.
  bool loads_single_pixels(const Step& step, std::size_t axis) const;
  /// Whether rows of its output's image do not follow each other for the matrix unit.
  bool keeps_image_rows(const Step& step) const;
  /// Step `i` of the plan, of the matrix unit, for the choice of its bands along an axis. It must
  /// not outlive this.
  BandedLayer layer(std::size_t i, std::size_t axis) const;

 private:
  /// What a step's bands read of an input: bytes of the largest region, and values of all.
  struct Regions {
    std::uint64_t largest = 0;
    std::uint64_t sum = 0;
  };
  /// The same of a cut of one axis: extents of the largest region as it lies in the buffer, values
  /// of all regions, and of the whole input.
  struct AxisRegions {
    std::vector<std::uint64_t> largest;
    std::uint64_t sum = 0;
    std::uint64_t all = 0;
  };
  Regions regions(const Step& step, std::size_t input, const BandCut& cut) const;
  AxisRegions axis_regions(const Step& step, std::size_t input, std::size_t axis,
                           std::uint64_t extent, bool pixels) const;
  /// Of a joined input along the axis where parts are joined, over all samples: where it begins
  /// may differ between them, and so how bands of `extent` cut it.
  std::uint64_t most_of_joined(const Step& step, std::size_t input, std::uint64_t extent) const;
  std::size_t index_of(const Step& step) const {
    return static_cast<std::size_t>(&step - plan_.steps.data());
  }
  /// `step` is one of the plan's.
  const Regions& kept_regions(const Step& step, std::size_t input, const BandCut& cut) const;
  /// What a step reads and computes, however it is cut.
  struct Ends {
    std::vector<std::optional<TensorId>> sources;
    Shape output;
    std::uint64_t operand_bytes = 0;
  };
  Ends find_ends(const Step& step) const;
  const Ends& ends_of(const Step& step) const { return ends_[index_of(step)]; }
  const Shape& output_shape(const Step& step) const { return ends_of(step).output; }

  const Plan& plan_;
  const std::vector<bool>& spilled_;
  const std::vector<bool>& streamed_;
  std::vector<Ends> ends_;  ///< by step
  /// By step, input, axis and extent: a network is placed in many attempts.
  mutable std::map<std::tuple<std::size_t, std::size_t, std::size_t, std::uint64_t>, Regions>
      regions_;
};

}  // namespace systol
