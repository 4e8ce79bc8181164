#include "host/account/unit_energy.h"

#include "host/account/factors.h"
#include "host/account/hardware.h"
#include "host/account/unit_registers.h"

namespace systol {
namespace {

using enum Action;

constexpr double kBytesPerSramAccess = 8.0;
// The softmax unit, per element: the running maximum, the difference to it, the sum; one multiply
// by the reciprocal of the sum; a 16-bit value from the exponential's table.
constexpr double kSoftmaxAdds = 3.0;
constexpr double kSoftmaxEntryBytes = 2.0;
// A lane operation: two zero points, the operation itself, the join; copies take fewer.
constexpr double kLaneAdds = 4.0;
// Normalisation, per value: its square; two sums, the difference to the mean, the rounding; a
// multiplication by the row's length and one by the reciprocal of its deviation.
constexpr double kNormaliseAdds = 4.0;
constexpr double kNormaliseMultiplies = 2.0;

/// Of a unit through which so many values went.
class Clocks {
 public:
  Clocks(const AccountedWork& work, const ArrayConfig& config, const EnergyTable& table)
      : work_(work), config_(config), table_(table) {}

  Picojoules operator()(const UnitRegisters& unit, double values) const {
    return table_.units ? table_.flip_flop.value * bits(unit, values) : Picojoules(0.0);
  }

 private:
  double bits(const UnitRegisters& unit, double values) const {
    switch (config_.clock_gating) {
      case ClockGating::None:
        return 0.0;
      case ClockGating::Array:
        return register_bits(unit, config_) * times(busy_cycles(work_.time).count());
      case ClockGating::Pe:
        return clocked_bits(unit, values, config_);
    }
    return 0.0;
  }

  const AccountedWork& work_;
  const ArrayConfig& config_;
  const EnergyTable& table_;
};

Picojoules operations(const EnergyTable& table, double adds, double multiplies) {
  return table.int32_add.value * adds + table.int32_multiply.value * multiplies;
}

}  // namespace

Picojoules sram_bytes(const EnergyTable& table, Bytes capacity, double bytes) {
  return table.sram_access(capacity) * (bytes / kBytesPerSramAccess);
}

std::vector<Picojoules> unit_energies(const AccountedWork& work, const ArrayConfig& config,
                                      const EnergyTable& table) {
  const Activity& a = work.activity;
  const Clocks clocks(work, config, table);
  const double values = times(a[Requantised]);
  const double lanes = times(a[VectorOperations]);
  const double logits = times(a[SoftmaxElements]);
  const double normalised = times(a[NormalisedElements]);
  return {operations(table, values, values) +
              sram_bytes(table, kTableSram, times(a[TableLookups])) +
              clocks(kActivationRegisters, values),
          operations(table, kLaneAdds * lanes, times(a[VectorMultiplications])) +
              clocks(kVectorRegisters, lanes),
          operations(table, kSoftmaxAdds * logits, logits) +
              sram_bytes(table, kTableSram, kSoftmaxEntryBytes * logits) +
              clocks(kSoftmaxRegisters, logits),
          operations(table, kNormaliseAdds * normalised, kNormaliseMultiplies * normalised) +
              table.int8_multiply.value * normalised + clocks(kNormaliseRegisters, normalised)};
}

}  // namespace systol
