// What is counted in a tile of weights. The same tiles come again for each sample and each block of
// rows: what was counted in them is kept while their memory does not change.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "hw/isa/command.h"
#include "sim/fast/matrix_view.h"
#include "sim/fast/operand_counts.h"

namespace systol {

class TileCounts {
 public:
  explicit TileCounts(const MatrixView& tile);

  const std::vector<RowCounts>& rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  /// Bits that are 1.
  std::uint64_t bits() const { return bits_; }
  /// Bits that change from each row to the next.
  std::uint64_t toggles() const { return toggles_; }

  struct Common {
    std::vector<CommonOnes> rows;  ///< that both tiles have
    std::uint64_t bits = 0;        ///< of all
  };
  /// Of `own`, the tile that was counted, and `before`, whose counts are `other`. Good until the
  /// next call.
  const Common& common(const MatrixView& own, const MatrixView& before, const TileCounts& other);

 private:
  std::uint64_t number_;  ///< no other counts have it
  std::size_t columns_;
  std::vector<RowCounts> rows_;
  std::uint64_t bits_ = 0;
  std::uint64_t toggles_ = 0;
  std::uint64_t before_ = 0;  ///< the number of those that `common_` is of
  Common common_;
};

/// The upper rows of a tile, which a matmul's activations meet.
struct TilePart {
  std::shared_ptr<const TileCounts> tile;
  std::uint32_t depth = 0;

  std::span<const RowCounts> rows() const { return std::span(tile->rows()).first(depth); }
};

/// Of the tiles in memory.
class KeptTileCounts {
 public:
  /// With more than `most_bytes` of a space, its next tile begins anew.
  explicit KeptTileCounts(std::size_t most_bytes = std::size_t{80} << 20U)
      : most_bytes_(most_bytes) {}

  /// `tile` is what lies at `source`.
  std::shared_ptr<TileCounts> of(isa::Space space, const std::uint8_t* source,
                                 const MatrixView& tile);
  /// Values in `space` change.
  void changed(isa::Space space);
  /// What is kept of `space` takes, about.
  std::size_t bytes(isa::Space space) const { return kept_[static_cast<std::size_t>(space)].bytes; }

 private:
  struct Kept {
    std::unordered_map<const std::uint8_t*, std::shared_ptr<TileCounts>> tiles;
    std::size_t bytes = 0;
  };
  std::size_t most_bytes_;
  std::array<Kept, isa::kSpaces> kept_;
};

}  // namespace systol
