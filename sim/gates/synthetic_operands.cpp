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

}  // namespace

const std::vector<SyntheticOperands>& synthetic_operands() {
  static const std::vector<SyntheticOperands> kSets = {
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
  return kSets;
}

void drive(MatrixUnit& unit, const UnitShape& shape, const SyntheticOperands& operands,
           std::uint64_t cycles, std::uint64_t seed) {
  Draw draw(seed);
  const LaneMasks row_masks(shape.rows);
  const LaneMasks column_masks(shape.columns);
  const std::uint32_t depth = part_of(shape.rows, operands.depth);
  const std::uint32_t columns = part_of(shape.columns, operands.columns);
  std::vector<std::uint8_t> row(shape.rows);
  std::vector<std::uint8_t> weights(shape.columns);
  std::uint64_t load = 0;  // when the tile's first row is shifted
  std::uint64_t next_load = 0;
  std::uint64_t feed = 1;  // when its first row is fed
  bool shifting = true;
  for (std::uint64_t now = 0; now < cycles; ++now) {
    UnitInputs pins;
    if (now == feed + operands.rows_of_tile + operands.pause || now == 0) {
      load = std::max(now == 0 ? 0 : next_load, now == 0 ? 0 : now - 1);
      feed = std::max(load + 1, now);
    }
    shifting = now >= load && now < load + shape.rows;
    if (shifting) {
      const auto index = static_cast<std::uint32_t>(now - load);
      for (std::uint32_t c = 0; c < shape.columns; ++c) {
        weights[c] = index < depth && c < columns ? draw.next(operands.weights, weights[c]) : 0;
      }
      pins.weight_valid = true;
      pins.weight_row = index;
      pins.weight_mask = column_masks.first(index < depth ? columns : 0);
      pins.weight_data = weights.data();
      next_load = load + shape.rows;
    }
    if (now >= feed && now < feed + operands.rows_of_tile) {
      for (std::uint32_t r = 0; r < depth; ++r) {
        row[r] = draw.next(operands.activations, row[r]);
      }
      pins.feed_valid = true;
      pins.feed_swap = now == feed;
      pins.feed_mask = row_masks.first(depth);
      pins.feed_data = row.data();
    }
    unit.step(pins);
  }
}

}  // namespace systol::gates
