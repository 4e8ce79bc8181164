#include "sim/fast/tile_counts.h"

#include <algorithm>
#include <atomic>

#include "hw/isa/machine_limits.h"

namespace systol {
namespace {

static_assert(isa::kLargestSide <= kMostCounted);

constexpr std::size_t kRowBytes = sizeof(RowCounts) + sizeof(CommonOnes);
constexpr std::size_t kTileBytes = sizeof(TileCounts) + 104;  // with the map's node, some

std::size_t bytes_of(std::size_t rows) { return kTileBytes + kRowBytes * rows; }

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

}  // namespace

TileCounts::TileCounts(const MatrixView& tile)
    : number_(next_number()), columns_(tile.columns), squares_(tile.rows), ones_(3 * tile.rows) {
  for (std::size_t row = 0; row < tile.rows; ++row) {
    const std::span<const std::int8_t> values = tile.row(row);
    const RowCounts counts = row_counts(values.data(), values.size());
    squares_[row] = counts.squares;
    ones_[row] = counts.nonzero;
    ones_[tile.rows + row] = counts.bits;
    ones_[2 * tile.rows + row] = counts.negated;
    bits_ += counts.bits;
    if (row > 0) {
      toggles_ += systol::toggles(tile.row(row - 1).data(), values.data(), values.size());
    }
  }
}

const TileCounts::Common& TileCounts::common(const MatrixView& own, const MatrixView& before,
                                             const TileCounts& other) {
  if (before_ != other.number_) {
    before_ = other.number_;
    const std::size_t rows = std::min(own.rows, before.rows);
    const std::size_t columns = std::min(own.columns, before.columns);
    common_.row_bits.resize(rows);
    common_.negated.resize(rows);
    common_.bits = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const CommonOnes both = common_ones(before.row(row).data(), own.row(row).data(), columns);
      common_.row_bits[row] = both.bits;
      common_.negated[row] = both.negated;
      common_.bits += both.bits;
    }
  }
  return common_;
}

std::shared_ptr<TileCounts> KeptTileCounts::of(isa::Space space, const std::uint8_t* source,
                                               const MatrixView& tile) {
  Kept& kept = kept_[static_cast<std::size_t>(space)];
  if (kept.bytes > most_bytes_) {
    changed(space);
  }
  std::shared_ptr<TileCounts>& counts = entry_of(kept, source).counts;
  if (!counts || counts->rows() != tile.rows || counts->columns() != tile.columns) {
    kept.bytes -= counts ? bytes_of(counts->rows()) : 0;
    counts = std::make_shared<TileCounts>(tile);
    kept.bytes += bytes_of(tile.rows);
  }
  return counts;
}

KeptTileCounts::Entry& KeptTileCounts::entry_of(Kept& kept, const std::uint8_t* source) {
  if (kept.next >= kept.entries.size() || kept.entries[kept.next].source != source) {
    const auto [place, fresh] = kept.places.try_emplace(source, kept.entries.size());
    if (fresh) {
      kept.entries.push_back({source, nullptr});
    }
    kept.next = place->second;
  }
  return kept.entries[kept.next++];
}

void KeptTileCounts::changed(isa::Space space) { kept_[static_cast<std::size_t>(space)] = {}; }

}  // namespace systol
