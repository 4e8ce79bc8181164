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
    : number_(next_number()), columns_(tile.columns), rows_(tile.rows) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::span<const std::int8_t> values = tile.row(row);
    rows_[row] = row_counts(values.data(), values.size());
    bits_ += rows_[row].bits;
    if (row > 0) {
      toggles_ += systol::toggles(tile.row(row - 1).data(), values.data(), values.size());
    }
  }
}

const TileCounts::Common& TileCounts::common(const MatrixView& own, const MatrixView& before,
                                             const TileCounts& other) {
  if (before_ != other.number_) {
    before_ = other.number_;
    common_.rows.resize(std::min(own.rows, before.rows));
    common_.bits = 0;
    const std::size_t columns = std::min(own.columns, before.columns);
    for (std::size_t row = 0; row < common_.rows.size(); ++row) {
      common_.rows[row] = common_ones(before.row(row).data(), own.row(row).data(), columns);
      common_.bits += common_.rows[row].bits;
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
  std::shared_ptr<TileCounts>& counts = kept.tiles[source];
  if (!counts || counts->rows().size() != tile.rows || counts->columns() != tile.columns) {
    kept.bytes -= counts ? bytes_of(counts->rows().size()) : 0;
    counts = std::make_shared<TileCounts>(tile);
    kept.bytes += bytes_of(tile.rows);
  }
  return counts;
}

void KeptTileCounts::changed(isa::Space space) { kept_[static_cast<std::size_t>(space)] = {}; }

}  // namespace systol
