#include "sim/gates/gate_level_unit.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "sim/base/significand.h"
#include "sim/unit/sparse_operands.h"

namespace systol::gates {
namespace {

std::uint64_t ones(std::uint32_t value) { return static_cast<std::uint64_t>(std::popcount(value)); }

std::uint64_t toggles(std::int32_t a, std::int32_t b) {
  return ones(static_cast<std::uint32_t>(a) ^ static_cast<std::uint32_t>(b));
}

constexpr unsigned kFactorBits = 8;

/// What is multiplied bit by bit, and has a sign of its own or none.
struct Factors {
  std::int32_t activation = 0;
  std::int32_t weight = 0;
  std::int32_t negated = 0;  ///< the weight, as 9 bits: the row of the activation's sign
};

std::int32_t activation_of(const PeRegisters& pe) {
  return static_cast<std::int32_t>(pe.activation);
}

Factors factors_of(const PeRegisters& pe, isa::PeType type) {
  if (isa::is_sparse(type)) {
    const SparseWeight weight{pe.weight};
    return {picked({pe.activation}, weight) & 0xff, kept(weight) & 0xff, -kept(weight) & 0x1ff};
  }
  if (isa::is_float(type)) {
    const auto bits = [](std::uint16_t value) {
      return static_cast<std::int32_t>(significand({value}));
    };
    return {bits(static_cast<std::uint16_t>(pe.activation)), bits(pe.weight), 0};
  }
  return {activation_of(pe), pe.weight, -static_cast<std::int8_t>(pe.weight) & 0x1ff};
}

/// The eight products of signs, which are added where both lanes carry some.
unsigned products_of_signs(const PeRegisters& pe) {
  return (static_cast<unsigned>(pe.activation) ^ pe.weight) & 0xffU;
}

/// The row of the product that an activation's bit makes: 0, or `multiple` of the weight.
std::int32_t row_of(const Factors& factors, unsigned bit, std::int32_t multiple) {
  return (factors.activation >> bit & 1) != 0 ? multiple : 0;
}

class GateLevelUnit : public MatrixUnit {
 public:
  GateLevelUnit(std::unique_ptr<MatrixUnit> inner, const UnitShape& shape, const Netlist& netlist,
                const std::vector<PePlace>& places, GateLevelRecord& record)
      : inner_(std::move(inner)),
        pe_(shape.pe),
        in_place_(shape.output_stationary),
        rows_of_pes_(shape.rows),
        delays_(shape.rows + shape.columns + (in_place_ ? shape.rows : 0)),
        weights_(shape.columns),
        record_(record) {
    inner_->watch();
    for (const PePlace& place : places) {
      observed_.push_back({place, GateLevelPe(netlist), 0, {}, {}, {}});
    }
  }

  const UnitOutputs& step(const UnitInputs& inputs) override {
    enter(inputs);
    for (Observed& pe : observed_) {
      pe.west = inner_->pe(pe.place.row, pe.place.column - 1);
      pe.north = inner_->pe(pe.place.row - 1, pe.place.column);
      pe.before = inner_->pe(pe.place.row, pe.place.column);
    }
    const UnitOutputs& outputs = inner_->step(inputs);
    for (Observed& pe : observed_) {
      cycle(pe);
    }
    ++now_;
    return outputs;
  }
  void watch() override {}
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override {
    return inner_->pe(row, column);
  }
  void watch_sums() override { inner_->watch_sums(); }
  const std::int32_t* partial_sums() const override { return inner_->partial_sums(); }
  std::span<const std::int32_t> accumulators(std::uint32_t row) const override {
    return inner_->accumulators(row);
  }
  void restore(const UnitContents& contents) override { inner_->restore(contents); }
  void inject(const StuckBit& fault) override { inner_->inject(fault); }

 private:
  struct Observed {
    PePlace place;
    GateLevelPe gates;
    std::uint16_t bus = 0;  ///< the column's weight pins as they were
    PeRegisters west;
    PeRegisters north;
    PeRegisters before;
  };
  struct Wave {
    bool valid = false;
    bool swap = false;
    bool begin = false;
    bool drain = false;
  };
  struct WeightRow {
    bool valid = false;
    std::uint32_t row = 0;
    std::vector<std::uint16_t> values;
    std::vector<bool> mask;
  };

  /// The newest is at the front.
  void enter(const UnitInputs& inputs) {
    const bool valid = inputs.feed_valid;
    waves_.push_front(
        {valid, valid && inputs.feed_swap, valid && inputs.feed_begin, valid && inputs.feed_drain});
    waves_.resize(delays_);
    if (in_place_) {
      return;  // weights come from the PE above
    }
    WeightRow row;
    if (inputs.weight_valid) {
      row = {true, inputs.weight_row, {}, {}};
      for (std::size_t c = 0; c < weights_; ++c) {
        row.values.push_back(weight_at(inputs.weight_data, c));
        row.mask.push_back(has_lane(inputs.weight_mask, c));
      }
    }
    rows_.push_front(std::move(row));
    rows_.resize(weights_);
  }

  std::uint16_t weight_at(const std::uint8_t* weights, std::size_t column) const {
    const std::size_t bytes = isa::lane_bytes(pe_);
    std::uint16_t weight = 0;
    std::memcpy(&weight, weights + column * bytes, bytes);
    return weight;
  }

  PePins pins_of(Observed& pe) {
    const std::uint32_t column = pe.place.column;
    const Wave& wave = waves_[pe.place.row + column];
    const WeightRow& row = rows_[column];
    PePins pins;
    if (row.valid) {
      pins.load = row.row == pe.place.row;
      pins.weight_mask = row.mask[column];
      pe.bus = row.values[column];
    }
    pins.weight = isa::is_packed(pe_) && !isa::is_sparse(pe_)
                      ? isa::weight_field(static_cast<std::int8_t>(pe.bus), pe_)
                      : pe.bus;
    pins.wave = wave.valid;
    pins.swap = wave.swap;
    pins.activation_mask = pe.west.activation_mask;
    pins.activation = pe.west.activation;
    pins.sum = pe.north.partial_sum;
    return pins;
  }

  /// A sum moves down in the `row` cycles after its column's last PE got its copy.
  InPlacePins in_place_pins_of(const Observed& pe) const {
    const auto [row, column] = pe.place;
    const Wave& wave = waves_[row + column];
    InPlacePins pins;
    pins.wave = wave.valid;
    pins.begin = wave.begin;
    pins.copy = wave.drain;
    pins.activation_mask = pe.west.activation_mask;
    pins.activation = static_cast<std::uint16_t>(pe.west.activation);
    pins.weight_mask = pe.north.weight_mask;
    pins.weight = pe.north.weight;
    for (std::uint32_t age = 0; age < row; ++age) {
      pins.move = pins.move || waves_[rows_of_pes_ + column + age].drain;
    }
    pins.drained_sum = pe.north.drained_sum;
    return pins;
  }

  CycleEnergy step(Observed& pe, PeActivity& activity) {
    if (in_place_) {
      const InPlacePins pins = in_place_pins_of(pe);
      activity.waves = pins.wave ? 1 : 0;
      activity.drains = pins.copy || pins.move ? 1 : 0;
      return pe.gates.cycle(pins, pe.before);
    }
    const std::uint16_t bus_before = pe.bus;
    const PePins pins = pins_of(pe);
    activity.waves = pins.wave ? 1 : 0;
    activity.loads = pins.load ? 1 : 0;
    activity.swaps = pins.wave && pins.swap ? 1 : 0;
    activity.weight_bus_toggles = toggles(pe.bus, bus_before);
    return pe.gates.cycle(pins, pe.before);
  }

  void cycle(Observed& pe) {
    PeActivity activity;
    const CycleEnergy energy = step(pe, activity);
    const PeRegisters after = inner_->pe(pe.place.row, pe.place.column);
    const PeRegisters& before = pe.before;
    activity.data_energy = energy.data;
    activity.clock_energy = energy.clock;
    activity.cycles = 1;
    activity.activation_toggles = toggles(activation_of(after), activation_of(before));
    count_products(before, after, activity);
    activity.weight_toggles = toggles(after.weight, before.weight);
    activity.met_weight_toggles = in_place_ && after.activation_mask ? activity.weight_toggles : 0;
    activity.shadow_toggles = toggles(after.shadow_weight, before.shadow_weight);
    activity.sum_toggles = toggles(after.partial_sum, before.partial_sum);
    enter(pe, activity);
  }

  static void count_floats(const PeRegisters& before, const PeRegisters& after,
                           PeActivity& activity) {
    constexpr std::uint32_t kExponent = 0x7f80;
    constexpr std::uint32_t kMagnitude = 0x7fff;
    const auto exponent =
        static_cast<std::uint32_t>(activation_of(before) ^ activation_of(after)) & kExponent;
    const bool weighs = after.weight_mask && (after.weight & kMagnitude) != 0;
    const bool acts =
        after.activation_mask && (static_cast<std::uint32_t>(after.activation) & kMagnitude) != 0;
    activity.multiplications = activity.waves != 0 && weighs && acts ? 1 : 0;
    const unsigned weight = unsigned{before.weight} ^ after.weight;
    const bool turns = acts && (weight & kExponent) != 0;
    const bool moves = activity.activation_toggles != 0 || weight != 0;
    activity.exponent_changes = weighs && (exponent != 0 || turns) ? 1 : 0;
    activity.product_changes = weighs && acts && moves ? 1 : 0;
    activity.idle_exponent_toggles = after.weight_mask ? 0 : ones(exponent);
    activity.sum_exponent_toggles =
        ones(static_cast<std::uint32_t>(before.partial_sum ^ after.partial_sum) & kExponent << 16U);
  }

  void count_products(const PeRegisters& before, const PeRegisters& after,
                      PeActivity& activity) const {
    if (isa::is_float(pe_)) {
      count_floats(before, after, activity);
    }
    if (isa::is_signs(pe_)) {
      const bool adds = after.activation_mask && after.weight_mask;
      activity.product_toggles =
          adds ? ones(products_of_signs(before) ^ products_of_signs(after)) : 0;
      return;
    }
    const Factors then = factors_of(before, pe_);
    const Factors now = factors_of(after, pe_);
    for (unsigned bit = 0; bit < kFactorBits; ++bit) {
      activity.product_toggles +=
          toggles(row_of(then, bit, then.weight), row_of(now, bit, now.weight));
    }
    activity.sign_toggles = toggles(row_of(then, kFactorBits - 1, then.negated),
                                    row_of(now, kFactorBits - 1, now.negated));
  }

  void enter(const Observed& pe, const PeActivity& activity) {
    const std::uint64_t delay = std::uint64_t{pe.place.row} + pe.place.column;
    if (now_ < delay) {
      return;
    }
    record_.by_entry.resize(std::max<std::size_t>(record_.by_entry.size(), now_ + 1 - delay));
    record_.by_entry[now_ - delay] += activity;
    if (pe.gates.difference() && !record_.difference) {
      record_.difference = fmt::format("PE ({}, {}), cycle {}: {}", pe.place.row, pe.place.column,
                                       now_, *pe.gates.difference());
    }
    record_.changes = 0;
    record_.glitches = 0;
    for (const Observed& each : observed_) {
      record_.changes += each.gates.simulator().changes();
      record_.glitches += each.gates.simulator().glitches();
    }
  }

  std::unique_ptr<MatrixUnit> inner_;
  isa::PeType pe_;
  bool in_place_;
  std::uint32_t rows_of_pes_;
  std::size_t delays_;
  std::size_t weights_;
  GateLevelRecord& record_;
  std::vector<Observed> observed_;
  std::deque<Wave> waves_;
  std::deque<WeightRow> rows_;
  std::uint64_t now_ = 0;
};

}  // namespace

PeActivity& PeActivity::operator+=(const PeActivity& other) {
  data_energy += other.data_energy;
  clock_energy += other.clock_energy;
  cycles += other.cycles;
  waves += other.waves;
  loads += other.loads;
  swaps += other.swaps;
  activation_toggles += other.activation_toggles;
  product_toggles += other.product_toggles;
  sign_toggles += other.sign_toggles;
  weight_toggles += other.weight_toggles;
  shadow_toggles += other.shadow_toggles;
  sum_toggles += other.sum_toggles;
  weight_bus_toggles += other.weight_bus_toggles;
  multiplications += other.multiplications;
  exponent_changes += other.exponent_changes;
  product_changes += other.product_changes;
  idle_exponent_toggles += other.idle_exponent_toggles;
  sum_exponent_toggles += other.sum_exponent_toggles;
  met_weight_toggles += other.met_weight_toggles;
  drains += other.drains;
  return *this;
}

std::unique_ptr<MatrixUnit> make_gate_level_unit(std::unique_ptr<MatrixUnit> inner,
                                                 const UnitShape& shape, const Netlist& netlist,
                                                 const std::vector<PePlace>& places,
                                                 GateLevelRecord& record) {
  return std::make_unique<GateLevelUnit>(std::move(inner), shape, netlist, places, record);
}

}  // namespace systol::gates
