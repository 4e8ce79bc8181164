#include "sim/gates/synthetic_operands.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "sim/unit/lane_masks.h"

namespace systol::gates {
namespace {

using Kind = ValueDistribution::Kind;

constexpr ValueDistribution kUniform{Kind::Uniform};
constexpr ValueDistribution normal(double deviation, int zero = 0) {
  return {Kind::Normal, deviation, 0.0, zero};
}
constexpr ValueDistribution rectified(double zeros, double deviation, int zero) {
  return {Kind::Rectified, deviation, zeros, zero};
}
constexpr ValueDistribution walk(double deviation) { return {Kind::Walk, deviation}; }

/// The same values on every system: the generator's bits are standard, its distributions are not.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  std::uint8_t next(const ValueDistribution& distribution, std::uint8_t before) {
    switch (distribution.kind) {
      case Kind::Uniform:
        return static_cast<std::uint8_t>(random_() & 0xFFU);
      case Kind::Normal:
        return clamped(distribution.zero + distribution.deviation * normal());
      case Kind::Rectified:
        return uniform() < distribution.zeros
                   ? clamped(distribution.zero)
                   : clamped(distribution.zero + std::abs(distribution.deviation * normal()));
      case Kind::Walk:
        return clamped(static_cast<std::int8_t>(before) + distribution.deviation * normal());
    }
    return 0;
  }

 private:
  static std::uint8_t clamped(double value) {
    return static_cast<std::uint8_t>(
        static_cast<std::int8_t>(std::lround(std::clamp(value, -128.0, 127.0))));
  }
  double uniform() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
  /// Twelve uniform values have a variance of 1.
  double normal() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) {
      sum += uniform();
    }
    return sum;
  }

  std::mt19937_64 random_;
};

std::uint32_t part_of(std::uint32_t lanes, double part) {
  return std::max(1U, static_cast<std::uint32_t>(std::lround(lanes * part)));
}

/// A weight of 8 bits as one of the type's: its upper four bits; -1, 0 or 1, of uniform weights a
/// third each; or its sign.
std::uint8_t narrowed(std::uint8_t drawn, isa::PeType pe) {
  constexpr int kThird = 43;
  const auto weight = static_cast<std::int8_t>(drawn);
  switch (isa::describe(pe).weight_bits) {
    case 1:
      return static_cast<std::uint8_t>(weight < 0 ? -1 : 1);
    case 2:
      return static_cast<std::uint8_t>(std::clamp(weight / kThird, -1, 1));
    case 4:
      return static_cast<std::uint8_t>(weight >> 4);
    default:
      return drawn;
  }
}

/// The cycles in which tiles begin to shift and to be used, each as soon as the machine could.
struct Tile {
  std::uint64_t shift = 0;
  std::uint64_t feed = 1;
};
std::vector<Tile> schedule(std::uint32_t rows, const SyntheticOperands& operands,
                           std::uint64_t cycles) {
  std::vector<Tile> tiles(1);
  while (tiles.back().shift < cycles) {
    const Tile& last = tiles.back();
    const std::uint64_t shift = std::max(last.shift + rows, last.feed);
    tiles.push_back(
        {shift, std::max(shift + 1, last.feed + operands.rows_of_tile + operands.pause)});
  }
  return tiles;
}

/// One run of `unit`.
class Driver {
 public:
  Driver(MatrixUnit& unit, const UnitShape& shape, const SyntheticOperands& operands,
         std::uint64_t seed)
      : unit_(unit),
        shape_(shape),
        operands_(operands),
        draw_(seed),
        row_masks_(shape.rows),
        column_masks_(shape.columns),
        depth_(part_of(shape.rows, operands.depth)),
        columns_(part_of(shape.columns, operands.columns)),
        row_(shape.rows),
        drawn_(shape.columns),
        weights_(shape.columns) {}

  void run(std::uint64_t cycles) {
    const std::vector<Tile> tiles = schedule(shape_.rows, operands_, cycles);
    auto shifts = tiles.begin();
    auto feeds = tiles.begin();
    for (std::uint64_t now = 0; now < cycles; ++now) {
      shifts += now == shifts->shift + shape_.rows ? 1 : 0;
      feeds += now == feeds->feed + operands_.rows_of_tile ? 1 : 0;
      UnitInputs pins;
      if (now >= shifts->shift) {
        shift(static_cast<std::uint32_t>(now - shifts->shift), pins);
      }
      if (now >= feeds->feed) {
        feed(now == feeds->feed, pins);
      }
      unit_.step(pins);
    }
  }

 private:
  void shift(std::uint32_t index, UnitInputs& pins) {
    for (std::uint32_t c = 0; c < shape_.columns; ++c) {
      const bool used = index < depth_ && c < columns_;
      drawn_[c] = used ? draw_.next(operands_.weights, drawn_[c]) : std::uint8_t{0};
      weights_[c] = used ? narrowed(drawn_[c], shape_.pe) : std::uint8_t{0};
    }
    pins.weight_valid = true;
    pins.weight_row = index;
    pins.weight_mask = column_masks_.first(index < depth_ ? columns_ : 0);
    pins.weight_data = weights_.data();
  }

  void feed(bool swap, UnitInputs& pins) {
    for (std::uint32_t r = 0; r < depth_; ++r) {
      row_[r] = draw_.next(operands_.activations, row_[r]);
    }
    pins.feed_valid = true;
    pins.feed_swap = swap;
    pins.feed_mask = row_masks_.first(depth_);
    pins.feed_data = row_.data();
  }

  MatrixUnit& unit_;
  const UnitShape& shape_;
  const SyntheticOperands& operands_;
  Draw draw_;
  LaneMasks row_masks_;
  LaneMasks column_masks_;
  std::uint32_t depth_;
  std::uint32_t columns_;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> drawn_;    ///< weights of 8 bits
  std::vector<std::uint8_t> weights_;  ///< as the PEs have them
};

}  // namespace

const std::vector<SyntheticOperands>& synthetic_operands() {
  static const std::vector<SyntheticOperands> sets = {
      {"uniform", kUniform, kUniform},
      {"uniform_short_tiles", kUniform, kUniform, 8},
      {"uniform_single_rows", kUniform, kUniform, 1},
      {"uniform_activations_normal_weights", kUniform, normal(30)},
      {"normal_wide", normal(50), normal(40)},
      {"normal", normal(25), normal(25)},
      {"normal_narrow", normal(8), normal(15)},
      {"normal_tiles_of_4", normal(25), normal(30), 4},
      {"rectified_at_0", rectified(0.5, 40, 0), normal(30)},
      {"rectified_at_minus_128", rectified(0.5, 40, -128), normal(30)},
      {"mostly_zero_at_0", rectified(0.85, 60, 0), normal(30)},
      {"mostly_zero_at_minus_128", rectified(0.85, 60, -128), normal(30)},
      {"mostly_zero_at_minus_128_short_tiles", rectified(0.85, 60, -128), normal(30), 12},
      {"always_at_minus_128", rectified(1.0, 1, -128), normal(30)},
      {"smooth", walk(4), normal(30)},
      {"smooth_coarse", walk(15), normal(20)},
      {"zero_weights", normal(40), rectified(0.7, 40, 0)},
      {"rows_without_work", normal(40), normal(30), 32, 0.4, 1.0},
      {"columns_without_work", normal(40), normal(30), 32, 1.0, 0.4},
      {"ragged", rectified(0.4, 40, -128), normal(30), 24, 0.6, 0.6},
      {"pauses", normal(40), normal(30), 16, 1.0, 1.0, 40},
      {"normal_single_rows", normal(30), normal(15), 1},
      {"rectified_single_rows", rectified(0.5, 40, -128), normal(15), 1},
      {"mostly_zero_single_rows", rectified(0.85, 60, -128), normal(30), 1},
      {"rectified_tiles_of_2", rectified(0.5, 40, -128), normal(25), 2},
  };
  return sets;
}

void drive(MatrixUnit& unit, const UnitShape& shape, const SyntheticOperands& operands,
           std::uint64_t cycles, std::uint64_t seed) {
  Driver(unit, shape, operands, seed).run(cycles);
}

}  // namespace systol::gates
