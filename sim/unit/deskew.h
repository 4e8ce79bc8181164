// Sums on their way out of the array: a row's columns leave one cycle after another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/unit/array_model.h"

namespace systol {

/// Collects the columns of each row until the row is whole, rows + columns - 2 cycles after the
/// cycle that announced it.
class Deskew {
 public:
  Deskew(std::uint32_t rows, std::uint32_t columns)
      : rows_(rows),
        columns_(columns),
        depth_(rows + columns - 1),
        announced_(depth_),
        leaving_(static_cast<std::size_t>(depth_) * columns) {}

  std::uint32_t depth() const { return depth_; }

  /// One cycle on, with the accumulator row that was announced in it, if there was one.
  void announce(bool valid, bool add, std::uint32_t address) {
    now_ = now_ + 1 == depth_ ? 0 : now_ + 1;
    announced_[now_] = {valid, add, address};
  }

  /// Whether a row was announced `age` cycles ago, up to depth() - 1.
  bool announced(std::uint32_t age) const {
    return announced_[(now_ + depth_ - age) % depth_].valid;
  }

  /// `bottom` is what the last PE row holds: column c's sum belongs to the row announced
  /// rows - 1 + c cycles ago. Returns the row that is whole now.
  std::optional<ArrayModel::Row> collect(const std::int32_t* bottom) {
    std::uint32_t place = (now_ + depth_ - (rows_ - 1)) % depth_;
    for (std::uint32_t column = 0; column < columns_; ++column) {
      leaving_[static_cast<std::size_t>(place) * columns_ + column] = bottom[column];
      place = place == 0 ? depth_ - 1 : place - 1;
    }
    const std::uint32_t oldest = (now_ + 1) % depth_;
    const Announced& row = announced_[oldest];
    if (!row.valid) {
      return std::nullopt;
    }
    return ArrayModel::Row{&leaving_[static_cast<std::size_t>(oldest) * columns_], row.address,
                           row.add};
  }

 private:
  struct Announced {
    bool valid = false;
    bool add = false;
    std::uint32_t address = 0;
  };

  std::uint32_t rows_;
  std::uint32_t columns_;
  std::uint32_t depth_;
  std::vector<Announced> announced_;   ///< ring: the last `depth_` cycles
  std::vector<std::int32_t> leaving_;  ///< ring, as `announced_`
  std::uint32_t now_ = 0;
};

}  // namespace systol
