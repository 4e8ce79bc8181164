// The unit's hardware view and its simulation view on the same random pins: the results must be
// equal in every cycle. ROWS, COLUMNS, ACCUMULATOR_ROWS and OUTPUT_STATIONARY are the unit's
// parameters.
#include <cstdio>
#include <cstring>
#include <random>

#include "Vhardware.h"
#include "Vsimulation.h"
#include "hw/unit/pins.h"
#include "tests/hw/rtl/clocking.h"
#include "verilated.h"

namespace {

using systol::kOperandBits;
using systol::kResultBits;
using systol::Lanes;
using systol::PinSpan;

constexpr int kCycles = 20000;

class AnyPins {
 public:
  void drive(Vhardware& pins, int cycle) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  randomise(pins.group##_##name##_i, bits, PinSpan::span);
    SYSTOL_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
    // What the unit's rules leave undefined.
    pins.weight_row_i %= ROWS;
    pins.feed_address_i = cycle % ACCUMULATOR_ROWS;
    pins.drain_address_i %= ACCUMULATOR_ROWS;
    pins.channel_plane_i %= 9;
    pins.table_row_i %= 256 / COLUMNS + 1;
    pins.activate_address_i %= ACCUMULATOR_ROWS;
    if (cycle < next_drain_) {
      pins.feed_drain_i = 0;
    }
    next_drain_ = pins.feed_valid_i && pins.feed_drain_i ? cycle + ROWS : next_drain_;
  }

 private:
  template <class Pin>
  void randomise(Pin& pin, std::uint32_t bits, PinSpan span) {
    const std::uint32_t lane_bits =
        systol::pin_bits(bits, static_cast<systol::isa::PeType>(PE_TYPE));
    const std::uint32_t width = lane_bits * (span == PinSpan::One    ? 1
                                             : span == PinSpan::Rows ? ROWS
                                                                     : COLUMNS);
    unsigned char bytes[sizeof(Pin)] = {};
    for (std::uint32_t bit = 0; bit < width; ++bit) {
      bytes[bit / 8] |= (random_() >> 32 & 1) << (bit % 8);
    }
    std::memcpy(&pin, bytes, sizeof(Pin));
  }

  std::mt19937_64 random_{1};
  int next_drain_ = 0;
};

void copy_pins(const Vhardware& from, Vsimulation& to) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  std::memcpy(&to.group##_##name##_i, &from.group##_##name##_i, sizeof from.group##_##name##_i);
  SYSTOL_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
}

}  // namespace

int main() {
  VerilatedContext context;
  context.threads(1);
  Vhardware hardware(&context);
  Vsimulation simulation(&context);
  AnyPins pins;
  reset(hardware);
  reset(simulation);
  int changes = 0;
  auto last = hardware.result_data_o;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    pins.drive(hardware, cycle);
    copy_pins(hardware, simulation);
    edge(hardware);
    edge(simulation);
    if (hardware.result_valid_o != simulation.result_valid_o ||
        std::memcmp(&hardware.result_data_o, &simulation.result_data_o, sizeof last) != 0) {
      std::fprintf(stderr, "the views differ after cycle %d\n", cycle);
      return 1;
    }
    changes += std::memcmp(&hardware.result_data_o, &last, sizeof last) != 0;
    last = hardware.result_data_o;
  }
  if (changes < kCycles / 4) {
    std::fprintf(stderr, "the results changed only %d times: nothing was compared\n", changes);
    return 1;
  }
  return 0;
}
