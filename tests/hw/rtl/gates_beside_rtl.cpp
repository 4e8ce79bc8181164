// The synthesised array and its RTL, as a simulator sees it, on the same random pins: the sums must
// be equal in every cycle.
#include <cstdio>
#include <cstring>
#include <random>

#include "Vgates.h"
#include "Vrtl.h"
#include "tests/hw/rtl/clocking.h"
#include "verilated.h"

namespace {

constexpr int kCycles = 20000;

template <class Pin>
void randomise(Pin& pin, std::mt19937_64& random, std::size_t bits_to_keep) {
  unsigned char bytes[sizeof(Pin)];
  for (std::size_t i = 0; i < sizeof(Pin); ++i) {
    const bool used = i * 8 < bits_to_keep;
    bytes[i] = used ? static_cast<unsigned char>(random()) : 0;
  }
  std::memcpy(&pin, bytes, sizeof(Pin));
}

/// Mostly all lanes carry operands.
void randomise_lanes(Vrtl& rtl, std::mt19937_64& random) {
  randomise(rtl.weight_data_i, random, sizeof(rtl.weight_data_i) * 8);
  randomise(rtl.feed_data_i, random, 8 * ROWS);
  rtl.weight_mask_i = (random() | random()) & ((1U << COLUMNS) - 1);
  rtl.feed_mask_i = (random() | random()) & ((1U << ROWS) - 1);
}

#if OUTPUT_STATIONARY
/// Products of any depth that drain at least ROWS cycles apart.
void drive(Vrtl& rtl, std::mt19937_64& random, int cycle) {
  static int next_drain = 0;
  rtl.feed_valid_i = random() % 4 != 0;
  rtl.feed_begin_i = random() % 5 == 0;
  rtl.feed_drain_i = cycle >= next_drain && random() % 2 == 0;
  next_drain = rtl.feed_valid_i && rtl.feed_drain_i ? cycle + ROWS : next_drain;
  randomise_lanes(rtl, random);
}

void copy_pins(const Vrtl& rtl, Vgates& gates) {
  gates.feed_valid_i = rtl.feed_valid_i;
  gates.feed_begin_i = rtl.feed_begin_i;
  gates.feed_drain_i = rtl.feed_drain_i;
  gates.weight_data_i = rtl.weight_data_i;
  gates.feed_data_i = rtl.feed_data_i;
  gates.weight_mask_i = rtl.weight_mask_i;
  gates.feed_mask_i = rtl.feed_mask_i;
}
#else
void drive(Vrtl& rtl, std::mt19937_64& random, int /*cycle*/) {
  rtl.weight_valid_i = random() % 3 != 0;
  rtl.weight_row_i = random() % ROWS;
  rtl.feed_valid_i = random() % 4 != 0;
  rtl.feed_swap_i = random() % 5 == 0;
  randomise_lanes(rtl, random);
}

void copy_pins(const Vrtl& rtl, Vgates& gates) {
  gates.weight_valid_i = rtl.weight_valid_i;
  gates.weight_row_i = rtl.weight_row_i;
  gates.feed_valid_i = rtl.feed_valid_i;
  gates.feed_swap_i = rtl.feed_swap_i;
  gates.weight_data_i = rtl.weight_data_i;
  gates.feed_data_i = rtl.feed_data_i;
  gates.weight_mask_i = rtl.weight_mask_i;
  gates.feed_mask_i = rtl.feed_mask_i;
}
#endif

}  // namespace

int main() {
  VerilatedContext context;
  context.threads(1);
  Vrtl rtl(&context);
  Vgates gates(&context);
  std::mt19937_64 random(1);

  rtl.rst_ni = gates.rst_ni = 1;
  rtl.eval();
  gates.eval();
  rtl.rst_ni = gates.rst_ni = 0;
  edge(rtl);
  edge(gates);
  rtl.rst_ni = gates.rst_ni = 1;

  unsigned long changes = 0;
  auto last = rtl.sums_o;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    drive(rtl, random, cycle);
    copy_pins(rtl, gates);
    edge(rtl);
    edge(gates);
    if (std::memcmp(&rtl.sums_o, &gates.sums_o, sizeof rtl.sums_o) != 0) {
      std::fprintf(stderr, "the gates differ from the RTL after cycle %d\n", cycle);
      return 1;
    }
    changes += std::memcmp(&rtl.sums_o, &last, sizeof last) != 0;
    last = rtl.sums_o;
  }
  if (changes < kCycles / 4) {
    std::fprintf(stderr, "the sums changed only %lu times: nothing was compared\n", changes);
    return 1;
  }
  return 0;
}
