// The vector unit's simulation view and another form of it on the same random pins: the results
// must be equal in every cycle. LANES is the unit's parameter.
#include <cstdio>
#include <cstring>
#include <random>

#include "Vother.h"
#include "Vsimulation.h"
#include "hw/unit/vector_pins.h"
#include "tests/hw/rtl/clocking.h"
#include "verilated.h"

namespace {

using systol::PinSpan;

constexpr int kCycles = 20000;

class AnyPins {
 public:
  void drive(Vsimulation& pins) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  randomise(pins.group##_##name##_i, bits*(PinSpan::span == PinSpan::One ? 1 : LANES));
    SYSTOL_VECTOR_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
    // What the unit's rules leave undefined.
    pins.channel_plane_i %= 9;
    pins.table_row_i %= 256 / LANES + 1;
    pins.operand_operation_i %= 6;
    pins.operand_first_i = !open_;
    open_ = pins.operand_valid_i ? !pins.operand_last_i : open_;
    // Small values as often as large ones.
    if (random_() >> 32 & 1) {
      pins.operand_a_multiplier_i &= 0xff;
      pins.operand_b_multiplier_i &= 0xff;
      pins.operand_minimum_i = 0x8000;
      pins.operand_maximum_i = 0x7fff;
    }
  }

 private:
  template <class Pin>
  void randomise(Pin& pin, std::uint32_t width) {
    unsigned char bytes[sizeof(Pin)] = {};
    for (std::uint32_t bit = 0; bit < width; ++bit) {
      bytes[bit / 8] |= (random_() >> 32 & 1) << (bit % 8);
    }
    std::memcpy(&pin, bytes, sizeof(Pin));
  }

  std::mt19937_64 random_{1};
  bool open_ = false;
};

void copy_pins(const Vsimulation& from, Vother& to) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  std::memcpy(&to.group##_##name##_i, &from.group##_##name##_i, sizeof from.group##_##name##_i);
  SYSTOL_VECTOR_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
}

}  // namespace

int main() {
  VerilatedContext context;
  context.threads(1);
  Vother other(&context);
  Vsimulation simulation(&context);
  AnyPins pins;
  reset(other);
  reset(simulation);
  int changes = 0;
  auto last = simulation.result_data_o;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    pins.drive(simulation);
    copy_pins(simulation, other);
    edge(other);
    edge(simulation);
    if (other.result_valid_o != simulation.result_valid_o ||
        std::memcmp(&other.result_data_o, &simulation.result_data_o, sizeof last) != 0) {
      std::fprintf(stderr, "the results differ after cycle %d\n", cycle);
      return 1;
    }
    changes += std::memcmp(&simulation.result_data_o, &last, sizeof last) != 0;
    last = simulation.result_data_o;
  }
  if (changes < kCycles / 10) {
    std::fprintf(stderr, "the results changed only %d times: nothing was compared\n", changes);
    return 1;
  }
  return 0;
}
