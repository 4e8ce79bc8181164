// The matrix unit's pins as SystemC signals carry them: one small struct per port group of
// hw/rtl/tpu_matrix_unit.sv. Data pointers stay good until the clock edge that samples them.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <systemc>

namespace systol {

struct WeightPins {
  bool valid = false;
  std::uint32_t row = 0;
  const std::int8_t* data = nullptr;
  bool operator==(const WeightPins&) const = default;
};

struct FeedPins {
  bool valid = false;
  bool swap = false;
  bool add = false;
  std::uint32_t address = 0;
  const std::int8_t* data = nullptr;
  bool begin = false;  ///< sums in place only, as `drain`
  bool drain = false;
  bool operator==(const FeedPins&) const = default;
};

struct DrainPins {
  bool valid = false;
  std::uint32_t address = 0;
  bool operator==(const DrainPins&) const = default;
};

struct ChannelPins {
  bool valid = false;
  std::uint32_t plane = 0;
  const std::int8_t* data = nullptr;
  bool operator==(const ChannelPins&) const = default;
};

struct TablePins {
  bool valid = false;
  std::uint32_t row = 0;
  const std::int8_t* data = nullptr;
  bool operator==(const TablePins&) const = default;
};

struct ActivatePins {
  bool valid = false;
  bool table = false;
  std::uint32_t address = 0;
  std::int8_t zero_point = 0;
  std::int8_t minimum = 0;
  std::int8_t maximum = 0;
  bool own = false;  ///< the row brings the parameters that follow
  std::int32_t bias = 0;
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 0;
  bool operator==(const ActivatePins&) const = default;
};

struct ResultPins {
  bool valid = false;
  const std::int8_t* data = nullptr;
  bool operator==(const ResultPins&) const = default;
};

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
