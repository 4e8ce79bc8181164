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

  std::size_t rows() const { return squares_.size(); }
  // Row by row, the parts of RowCounts.
  std::span<const std::uint32_t> squares() const { return squares_; }
  std::span<const std::uint16_t> nonzero() const { return ones(0); }
  std::span<const std::uint16_t> row_bits() const { return ones(1); }
  std::span<const std::uint16_t> negated() const { return ones(2); }
  std::size_t columns() const { return columns_; }
  /// Bits that are 1.
  std::uint64_t bits() const { return bits_; }
  /// Bits that change from each row to the next.
  std::uint64_t toggles() const { return toggles_; }

  /// Row by row, the parts of CommonOnes, in the rows that both tiles have.
  struct Common {
    std::vector<std::uint16_t> row_bits;
    std::vector<std::uint16_t> negated;
    std::uint64_t bits = 0;  ///< of all
  };
  /// Of `own`, the tile that was counted, and `before`, whose counts are `other`. Good until the
  /// next call.
  const Common& common(const MatrixView& own, const MatrixView& before, const TileCounts& other);

 private:
  std::span<const std::uint16_t> ones(std::size_t kind) const {
    return std::span(ones_).subspan(kind * rows(), rows());
  }

  std::uint64_t number_;  ///< no other counts have it
  std::size_t columns_;
  std::vector<std::uint32_t> squares_;
  std::vector<std::uint16_t> ones_;  ///< [3][rows]: what is not zero, bits, bits of negatives
  std::uint64_t bits_ = 0;
  std::uint64_t toggles_ = 0;
  std::uint64_t before_ = 0;  ///< the number of those that `common_` is of
  Common common_;
};

/// The upper rows of a tile, which a matmul's activations meet.
struct TilePart {
  std::shared_ptr<const TileCounts> tile;
  std::uint32_t depth = 0;

  std::span<const std::uint16_t> nonzero() const { return tile->nonzero().first(depth); }
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
  struct Entry {
    const std::uint8_t* source = nullptr;
    std::shared_ptr<TileCounts> counts;
  };
  /// Tiles come again in the order in which they came first, as a rule.
  struct Kept {
    std::vector<Entry> entries;
    std::unordered_map<const std::uint8_t*, std::size_t> places;  ///< in `entries`
    std::size_t next = 0;                                         ///< after the last one
    std::size_t bytes = 0;
  };
  static Entry& entry_of(Kept& kept, const std::uint8_t* source);

  std::size_t most_bytes_;
  std::array<Kept, isa::kSpaces> kept_;
};

}  // namespace systol
