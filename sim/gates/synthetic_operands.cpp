#include "sim/gates/synthetic_operands.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "sim/base/bf16.h"
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
constexpr ValueDistribution saturated(double deviation) { return {Kind::Saturated, deviation}; }
constexpr ValueDistribution repeated(double part, double deviation) {
  return {Kind::Repeated, deviation, part};
}
constexpr ValueDistribution walk(double deviation) { return {Kind::Walk, deviation}; }

/// The same values on every system: the generator's bits are standard, its distributions are not.
class Draw {
 public:
  Draw(std::uint64_t seed, isa::PeType pe) : floats_(isa::is_float(pe)), random_(seed) {}

  /// Two of the four places of a group, the lower one first.
  std::array<std::uint8_t, 2> places() {
    constexpr std::array<std::array<std::uint8_t, 2>, 6> kPlaces = {
        {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};
    return kPlaces[random_() % kPlaces.size()];
  }

  std::uint16_t next(const ValueDistribution& distribution, std::uint16_t before) {
    switch (distribution.kind) {
      case Kind::Uniform:
        return static_cast<std::uint16_t>(random_() & 0xFFU);
      case Kind::Normal:
        return rounded(distribution.zero + distribution.deviation * normal());
      case Kind::Rectified:
        return uniform() < distribution.zeros
                   ? rounded(distribution.zero)
                   : rounded(distribution.zero + std::abs(distribution.deviation * normal()));
      case Kind::Walk:
        return rounded(value_of(before) + distribution.deviation * normal());
      case Kind::Saturated:
        return rounded(std::tanh(distribution.deviation * normal()));
      case Kind::Repeated:
        return uniform() < distribution.zeros ? before : rounded(distribution.deviation * normal());
    }
    return 0;
  }

 private:
  std::uint16_t rounded(double value) const {
    return floats_ ? to_bf16(static_cast<float>(value)).bits
                   : static_cast<std::uint8_t>(std::lround(std::clamp(value, -128.0, 127.0)));
  }
  double value_of(std::uint16_t operand) const {
    return floats_ ? static_cast<double>(to_float(Bf16{operand}))
                   : static_cast<double>(static_cast<std::int8_t>(operand));
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

  bool floats_;
  std::mt19937_64 random_;
};

std::uint32_t part_of(std::uint32_t lanes, double part) {
  return std::max(1U, static_cast<std::uint32_t>(std::lround(lanes * part)));
}

/// A weight of 8 bits as one of the type's: its upper four bits; -1, 0 or 1, of uniform weights a
/// third each; or its sign.
std::uint16_t narrowed(std::uint16_t drawn, isa::PeType pe) {
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
        bytes_(isa::value_bytes(shape.pe)),
        draw_(seed, shape.pe),
        row_masks_(shape.rows),
        column_masks_(shape.columns),
        depth_(part_of(shape.rows, operands.depth)),
        columns_(part_of(shape.columns, operands.columns)),
        row_(shape.rows * isa::lane_bytes(shape.pe)),
        drawn_(shape.columns),
        places_(shape.columns),
        weights_(shape.columns * isa::lane_bytes(shape.pe)) {}

  /// Products leave at least as many cycles apart as there are PE rows.
  void run_in_place(std::uint64_t cycles) {
    const std::uint32_t steps = operands_.rows_of_tile;
    const std::uint32_t period = std::max(steps + operands_.pause, shape_.rows);
    for (std::uint64_t now = 0; now < cycles; ++now) {
      const auto step = static_cast<std::uint32_t>(now % period);
      UnitInputs pins;
      if (step < steps) {
        shift(0, pins);
        feed(false, pins);
        pins.feed_begin = step == 0;
        pins.feed_drain = step + 1 == steps;
      }
      unit_.step(pins);
    }
  }

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
      drawn_[c] = used ? draw_.next(operands_.weights, drawn_[c]) : std::uint16_t{0};
      const std::uint16_t weight = used ? narrowed(drawn_[c], shape_.pe) : std::uint16_t{0};
      if (isa::is_sparse(shape_.pe)) {
        put_indexed(c, index, weight);
      } else {
        put(weights_, c, weight);
      }
    }
    pins.weight_valid = true;
    pins.weight_row = index;
    pins.weight_mask = column_masks_.first(index < depth_ ? columns_ : 0);
    pins.weight_data = weights_.data();
  }

  void feed(bool swap, UnitInputs& pins) {
    for (std::uint32_t value = 0; value < depth_ * isa::lane_values(shape_.pe); ++value) {
      put(row_, value, draw_.next(operands_.activations, at(row_, value)));
    }
    pins.feed_valid = true;
    pins.feed_swap = swap;
    pins.feed_mask = row_masks_.first(depth_);
    pins.feed_data = row_.data();
  }

  /// Of the two PE rows of a group the second has the higher place.
  void put_indexed(std::uint32_t column, std::uint32_t row, std::uint16_t weight) {
    if (row % isa::kGroupRows == 0) {
      places_[column] = draw_.places();
    }
    const std::size_t lane = std::size_t{column} * isa::lane_bytes(shape_.pe);
    weights_[lane] = static_cast<std::uint8_t>(weight);
    weights_[lane + 1] = places_[column][row % isa::kGroupRows];
  }

  std::uint16_t at(const std::vector<std::uint8_t>& lanes, std::size_t lane) const {
    std::uint16_t value = 0;
    std::memcpy(&value, &lanes[lane * bytes_], bytes_);
    return value;
  }
  void put(std::vector<std::uint8_t>& lanes, std::size_t lane, std::uint16_t value) const {
    std::memcpy(&lanes[lane * bytes_], &value, bytes_);
  }

  MatrixUnit& unit_;
  const UnitShape& shape_;
  const SyntheticOperands& operands_;
  std::size_t bytes_;  ///< of a value
  Draw draw_;
  LaneMasks row_masks_;
  LaneMasks column_masks_;
  std::uint32_t depth_;
  std::uint32_t columns_;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint16_t> drawn_;                 ///< weights of 8 bits
  std::vector<std::array<std::uint8_t, 2>> places_;  ///< of the kept weights of a group
  std::vector<std::uint8_t> weights_;                ///< as the PEs have them
};

const std::vector<SyntheticOperands>& int8_operands() {
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

const std::vector<SyntheticOperands>& float_operands() {
  static const std::vector<SyntheticOperands> sets = {
      {"normal", normal(1), normal(1)},
      {"normal_small_weights", normal(1), normal(0.05)},
      {"normal_small", normal(1e-3), normal(0.05)},
      {"normal_short_tiles", normal(1), normal(0.05), 8},
      {"normal_tiles_of_4", normal(1), normal(1), 4},
      {"normal_single_rows", normal(1), normal(1), 1},
      {"rectified", rectified(0.5, 1, 0), normal(0.05)},
      {"rectified_short_tiles", rectified(0.5, 1, 0), normal(0.05), 12},
      {"rectified_single_rows", rectified(0.5, 1, 0), normal(0.05), 1},
      {"mostly_zero", rectified(0.85, 1, 0), normal(0.05)},
      {"mostly_zero_short_tiles", rectified(0.85, 1, 0), normal(0.05), 12},
      {"always_zero", rectified(1.0, 1, 0), normal(0.05)},
      {"zero_weights", normal(1), rectified(0.7, 0.05, 0)},
      {"both_rectified", rectified(0.5, 1, 0), rectified(0.5, 1e-3, 0), 16},
      {"smooth", walk(0.05), normal(0.05)},
      {"smooth_coarse", walk(0.5), normal(0.05)},
      {"rows_without_work", normal(1), normal(0.05), 32, 0.4, 1.0},
      {"columns_without_work", normal(1), normal(0.05), 32, 1.0, 0.4},
      {"ragged", rectified(0.4, 1, 0), normal(0.05), 24, 0.6, 0.6},
      {"pauses", normal(1), normal(0.05), 16, 1.0, 1.0, 40},
      {"saturated", saturated(3), normal(0.05)},
      {"saturated_tiles_of_4", saturated(1), normal(0.05), 4},
      {"saturated_single_rows", saturated(3), normal(0.05), 1},
      {"slightly_saturated_single_rows", saturated(1), normal(0.05), 1},
      {"repeated", repeated(0.8, 1), normal(0.05)},
      {"repeated_single_rows", repeated(0.8, 1), normal(0.05), 1},
      {"mostly_zero_single_rows", rectified(0.85, 1, 0), normal(0.05), 1},
      {"smooth_single_rows", walk(0.05), normal(0.05), 1},
      {"mostly_minus_one", rectified(0.85, 1, -1), normal(0.05)},
      {"mostly_minus_one_single_rows", rectified(0.85, 1, -1), normal(0.05), 1},
  };
  return sets;
}

}  // namespace

const std::vector<SyntheticOperands>& synthetic_operands(isa::PeType pe) {
  return isa::is_float(pe) ? float_operands() : int8_operands();
}

void drive(MatrixUnit& unit, const UnitShape& shape, const SyntheticOperands& operands,
           std::uint64_t cycles, std::uint64_t seed) {
  Driver driver(unit, shape, operands, seed);
  if (shape.output_stationary) {
    driver.run_in_place(cycles);
  } else {
    driver.run(cycles);
  }
}

}  // namespace systol::gates
