// What the machine computes, command by command and without time: the fast engine's values.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "hw/isa/accesses.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/fast/float_sums.h"
#include "sim/fast/float_switching.h"
#include "sim/fast/gathered_rows.h"
#include "sim/fast/gemm.h"
#include "sim/fast/on_chip.h"
#include "sim/fast/operand_switching.h"
#include "sim/fast/requantise.h"
#include "sim/fast/sum_estimate.h"
#include "sim/fast/tile_counts.h"
#include "sim/fast/vector_lanes.h"
#include "sim/fast/weight_tiles.h"
#include "sim/fast/zero_operands.h"
#include "sim/snapshot.h"

namespace systol {

/// Applies commands in the order in which they start. That is enough: what must not be reordered
/// is ordered by tokens, so it starts after the other is complete.
///
/// Matmuls that add to the same accumulators from neighbouring columns and neighbouring weight
/// tiles are collected and multiplied as one, when the sums are read.
class DataPath {
 public:
  /// `pool` may be null: then all is done on the caller's thread.
  DataPath(const ArrayConfig& config, OnChip& chip, MemoryImage& memory,
           std::vector<NodeResult>& nodes, Observer* observer, ThreadPool* pool = nullptr,
           bool switching = true);

  void apply(std::uint64_t index, const isa::Command& command);
  /// Multiplies what nothing asked for; call at the program's end.
  void finish() { multiply_pending(); }
  /// The values on the chip; call after all that is to be in them.
  void save(Snapshot& snapshot);

 private:
  /// What changes on an array of bf16.
  struct FloatCounts {
    FloatSwitching operands;
    FloatSums sums;
  };
  /// Matmuls not yet multiplied: [rows][depth] of the buffer times [depth][columns] of weights.
  struct Pending {
    isa::Matmul matmul;  ///< the first, with the depth of all
    std::uint32_t rows = 0;
    const std::int8_t* weights = nullptr;
    std::uint32_t weights_stride = 0;
    std::uint32_t node = 0;
    std::uint32_t tile_depth = 0;      ///< of the first; of floats all but the last have the same
    std::vector<TilePart> tiles = {};  ///< of each matmul
  };

  void apply(const isa::Load& load);
  void apply(const isa::LoadWeights& load);
  void apply(const isa::LoadTile& load);
  void apply(const isa::Matmul& matmul);
  void apply(const isa::MatmulOutputStationary& matmul);
  void apply(const isa::SetChannels& channels);
  void apply(const isa::SetTable& table);
  void apply(const isa::Activate& activate);
  void apply(const isa::ActivateSigns& activate);
  template <class Activation>
  void results_of(const Activation& activate, std::uint32_t row, std::int8_t* values);
  void apply(const isa::ActivateAdd& activate);
  void apply(const isa::ActivateTransposed& activate);
  void apply(const isa::ActivateFloat& activate);
  void apply(const isa::Softmax& softmax);
  void apply(const isa::SoftmaxPart& part);
  void apply(const isa::Vector& vector);
  void apply(const isa::Normalise& normalise);
  void apply(const isa::Store& store);

  void shift(const WeightTiles::Tile& tile);
  void take_tile();
  void multiply(const isa::Matmul& matmul);
  MatrixView activations_of(const isa::Matmul& matmul);
  void set_channels(ChannelParameters& channels, std::uint64_t address, std::size_t n);
  void look_up(std::int8_t* values, std::size_t count);
  void show_rows(const isa::ActivateTransposed& activate);
  void show_pieces(const isa::Walk& destination, std::uint64_t bytes);
  bool extends_pending(const isa::Matmul& matmul, const std::int8_t* weights) const;
  void multiply_pending();
  void multiply_sparse(GemmLayout shape, const MatrixView& activations, std::int32_t* sums);
  void count_floats(const isa::Matmul& matmul);
  void multiply_floats(const GemmLayout& shape, const MatrixView& activations, std::int32_t* sums);
  void clear_rest(const isa::Matmul& matmul);
  void count_operands(const MatrixView& activations);
  void begin_rows(const isa::Matmul& matmul);
  Activity& activity(std::uint32_t node) { return nodes_[node].activity; }
  void prepare(const isa::Access& access);
  /// As FloatSwitching has it.
  MatrixView float_view(const WeightTiles::Tile& tile) const {
    const MatrixView view = tile.view();
    return {view.values, view.columns * value_bytes(), view.rows, view.columns};
  }
  void wrote_row(std::uint64_t address, std::uint32_t row, std::uint64_t bytes);
  void wrote_row(std::uint32_t row, std::span<const std::int8_t> values);
  std::int8_t* buffer_at(std::uint64_t address) { return chip_.buffer.data() + address; }
  std::uint32_t value_bytes() const { return isa::value_bytes(config_.pe); }
  std::uint32_t segment_bytes(const isa::Matmul& matmul) const {
    return isa::segment_bytes(matmul.depth, matmul.segments, config_.pe);
  }

  const ArrayConfig& config_;
  OnChip& chip_;
  MemoryImage& memory_;
  std::vector<NodeResult>& nodes_;
  Observer* observer_;
  ThreadPool* pool_;
  GemmPath path_;

  std::uint64_t index_ = 0;
  const isa::Command* command_ = nullptr;
  WeightTiles tiles_;
  std::optional<Pending> pending_;
  std::uint32_t begun_rows_;                         ///< PE rows whose sums may not be zero
  std::optional<FloatCounts> floats_;                ///< nothing where it is not counted
  std::optional<OperandSwitching> switching_;        ///< nothing where it is not counted
  std::optional<SumEstimate> sums_;                  ///< of tiles that stay, and
  std::optional<InPlaceSumEstimate> sums_in_place_;  ///< of sums that do; likewise nothing
  ZeroOperands zero_operands_;
  GatheredRows gathered_{zero_operands_};
  VectorLanes lanes_;
  ChannelParameters channels_;
  std::vector<std::uint8_t> channel_planes_;  ///< nine of config_.columns bytes, as they were set
  std::array<std::int8_t, isa::kTableEntries> table_{};
  SoftmaxRow softmax_row_;
};

}  // namespace systol
