// The matrix unit's pins as SystemC signals carry them: one small struct per port group of
// hw/unit/pins.h. Lanes stay good until the clock edge that samples them.
#pragma once

#include <ostream>
#include <string>
#include <systemc>

#include "hw/unit/pins.h"

namespace systol {

#define SYSTOL_PIN(group, name, type, bits, span) type name{};
struct WeightPins {
  SYSTOL_WEIGHT_PINS(SYSTOL_PIN)
  bool operator==(const WeightPins&) const = default;
};

struct FeedPins {
  SYSTOL_FEED_PINS(SYSTOL_PIN)
  bool operator==(const FeedPins&) const = default;
};

struct DrainPins {
  SYSTOL_DRAIN_PINS(SYSTOL_PIN)
  bool operator==(const DrainPins&) const = default;
};

struct ChannelPins {
  SYSTOL_CHANNEL_PINS(SYSTOL_PIN)
  bool operator==(const ChannelPins&) const = default;
};

struct TablePins {
  SYSTOL_TABLE_PINS(SYSTOL_PIN)
  bool operator==(const TablePins&) const = default;
};

struct ActivatePins {
  SYSTOL_ACTIVATE_PINS(SYSTOL_PIN)
  bool operator==(const ActivatePins&) const = default;
};

struct ResidualPins {
  SYSTOL_RESIDUAL_PINS(SYSTOL_PIN)
  bool operator==(const ResidualPins&) const = default;
};

struct ResultPins {
  SYSTOL_RESULT_PINS(SYSTOL_PIN)
  bool operator==(const ResultPins&) const = default;
};
#undef SYSTOL_PIN

// sc_signal asks for these two of every type it carries; waveforms are written by sim/wave.
template <class Pins>
concept UnitPins = requires(const Pins& pins) {
  pins.valid;
};
template <UnitPins Pins>
std::ostream& operator<<(std::ostream& out, const Pins& pins) {
  return out << (pins.valid ? "valid" : "-");
}
template <UnitPins Pins>
void sc_trace(sc_core::sc_trace_file* file, const Pins& pins, const std::string& name) {
  sc_core::sc_trace(file, pins.valid, name + ".valid");
}

}  // namespace systol
