// The bands in which a layer of the matrix unit goes through the buffer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "host/compile/band_needs.h"
#include "host/compile/plan.h"

namespace systol {

/// Areas of `bytes` each for step `i` in `areas`, that bands take turns in: two, or one twice.
std::array<std::size_t, 2> add_areas_in_turn(std::vector<BufferArea>& areas, std::size_t i,
                                             std::uint64_t bytes, std::uint32_t count);

/// Of a plan whose tensors are placed in one attempt after another; most steps are as they were in
/// the attempt before, and what was found for them is kept.
class MatrixBands {
 public:
  /// Both outlive it.
  MatrixBands(const Plan& plan, const BandNeeds& needs) : plan_(plan), needs_(needs) {}

  /// The best bands of step `i` along an axis in `bytes` of the buffer, with their areas in
  /// `areas`; nothing where none fit.
  std::optional<Bands> best(std::size_t i, std::size_t axis, std::uint64_t bytes,
                            std::vector<BufferArea>& areas);

 private:
  using Key = std::tuple<std::size_t, std::size_t, std::size_t, std::uint64_t>;

  const std::vector<BandCandidate>& candidates(std::size_t i, const BandedLayer& layer,
                                               std::uint64_t bytes);
  Bands bands_of(std::size_t i, const BandedLayer& layer, const BandShape& shape,
                 std::vector<BufferArea>& areas) const;
  std::size_t ways(std::size_t i) const;

  const Plan& plan_;
  const BandNeeds& needs_;
  /// By step, axis, what of it is in memory, and bytes.
  std::map<Key, std::vector<BandCandidate>> candidates_;
};

}  // namespace systol
