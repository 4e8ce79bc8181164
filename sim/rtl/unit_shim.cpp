// The library's side of unit_abi.h: compiled together with the verilated model of one shape.
// SYSTOL_ROWS, SYSTOL_COLUMNS, SYSTOL_ACCUMULATOR_ROWS, SYSTOL_OUTPUT_STATIONARY (0 or 1) and
// SYSTOL_PE_TYPE (the number of an isa::PeType) are the shape's parameters.
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "Vtpu_matrix_unit.h"
#include "Vtpu_matrix_unit___024root.h"
#include "sim/rtl/unit_abi.h"
#include "sim/rtl/unit_capture.h"
#include "verilated.h"

// Pins and arrays are copied as bytes.
static_assert(std::endian::native == std::endian::little);

namespace {

constexpr systol::UnitShape kShape{SYSTOL_ROWS, SYSTOL_COLUMNS, SYSTOL_ACCUMULATOR_ROWS,
                                   SYSTOL_OUTPUT_STATIONARY != 0,
                                   static_cast<systol::isa::PeType>(SYSTOL_PE_TYPE)};

// The registers of the simulation view; the generate blocks that they are in are part of their
// names.
#if SYSTOL_OUTPUT_STATIONARY
#define SYSTOL_ARRAY(reg) \
  tpu_matrix_unit__DOT__gen_output_stationary__DOT__u_array__DOT__gen_simulation__DOT__u_pes__DOT__##reg
#else
#define SYSTOL_ARRAY(reg) \
  tpu_matrix_unit__DOT__gen_weight_stationary__DOT__u_array__DOT__gen_simulation__DOT__u_pes__DOT__##reg
#endif

// A unit is stepped by one thread at a time, and prints on that thread.
thread_local std::string captured;

}  // namespace

extern "C" int systol_capture_printf(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  captured += text;
  return length;
}

struct systol::VerilatedInstance {
  VerilatedContext context;
  std::unique_ptr<Vtpu_matrix_unit> top;
  std::vector<StuckBit> faults;
  std::string error;

  explicit VerilatedInstance(std::uint64_t seed) {
    // The runtime finds its context by thread. One thread: the model has no parts to share out, and
    // the pool that the runtime would start otherwise can hang when it is taken down.
    Verilated::threadContextp(&context);
    context.threads(1);
    context.fatalOnError(false);  // a failed assertion is reported, it does not end the process
    context.randReset(seed == 0 ? 0 : 2);
    context.randSeed(static_cast<int>(seed & 0x7fffffffU));
    top = std::make_unique<Vtpu_matrix_unit>(&context);
    idle_pins();
    top->clk_i = 0;
    top->rst_ni = 1;
    top->eval();
    top->rst_ni = 0;
    edge();
    top->rst_ni = 1;
    top->eval();
    captured.clear();
    context.errorCount(0);
  }

  ~VerilatedInstance() {
    top.reset();
    Verilated::threadContextp(nullptr);
  }
  VerilatedInstance(const VerilatedInstance&) = delete;
  VerilatedInstance& operator=(const VerilatedInstance&) = delete;

  void idle_pins() { drive_all({}); }

  static constexpr std::size_t lanes_of(PinSpan span) {
    return span == PinSpan::Rows ? kShape.rows : kShape.columns;
  }

  template <class Pin, class Value>
  static void drive(Pin& pin, Value value, std::uint32_t bits, PinSpan /*span*/) {
    const auto all = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    pin = static_cast<Pin>(all & ((std::uint64_t{1} << bits) - 1));
  }

  /// A packed pin holds lane i from its bit bits * i on, whatever its C++ type. Only a mask can be
  /// null here: that of all lanes.
  template <class Pin>
  static void drive(Pin& pin, Lanes lanes, std::uint32_t bits, PinSpan span) {
    const std::size_t count = lanes_of(span);
    auto* bytes = reinterpret_cast<std::uint8_t*>(&pin);
    if (lanes != nullptr) {
      std::memcpy(bytes, lanes, lane_bytes(count, bits));
      return;
    }
    std::memset(bytes, 0xff, count / 8);
    if (count % 8 != 0) {
      bytes[count / 8] = static_cast<std::uint8_t>((1U << (count % 8)) - 1);
    }
  }

  void drive_all(const UnitInputs& in) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  drive(top->group##_##name##_i, in.group##_##name, bits, PinSpan::span);
    top->weight_valid_i = in.weight_valid;
    if (in.weight_valid) {
      SYSTOL_WEIGHT_PINS(SYSTOL_PIN)
    }
    top->feed_valid_i = in.feed_valid;
    if (in.feed_valid) {
      SYSTOL_FEED_PINS(SYSTOL_PIN)
    }
    top->drain_valid_i = in.drain_valid;
    if (in.drain_valid) {
      SYSTOL_DRAIN_PINS(SYSTOL_PIN)
    }
    top->channel_valid_i = in.channel_valid;
    if (in.channel_valid) {
      SYSTOL_CHANNEL_PINS(SYSTOL_PIN)
    }
    top->table_valid_i = in.table_valid;
    if (in.table_valid) {
      SYSTOL_TABLE_PINS(SYSTOL_PIN)
    }
    top->activate_valid_i = in.activate_valid;
    if (in.activate_valid) {
      SYSTOL_ACTIVATE_PINS(SYSTOL_PIN)
    }
#undef SYSTOL_PIN
  }

  void edge() {
    top->clk_i = 1;
    top->eval();
    top->clk_i = 0;
    top->eval();
  }

  /// A partial sum; the weight-stationary array has a row of zeros above the first.
  IData& sum(std::size_t pe) {
    return top->rootp->SYSTOL_ARRAY(sum_q)[pe + (kShape.output_stationary ? 0 : kShape.columns)];
  }

  void apply_faults() {
    for (const StuckBit& fault : faults) {
      sum(fault.row * kShape.columns + fault.column) |= 1U << fault.bit;
    }
  }

  /// The row's sums lie side by side, whatever type the row has.
  std::int32_t* accumulators(std::uint32_t row) {
    return reinterpret_cast<std::int32_t*>(
        &top->rootp->tpu_matrix_unit__DOT__u_accumulators__DOT__accumulator_q[row]);
  }

  /// "... Assertion failed in TOP.x.Name: text" becomes "Name: text".
  void take_error() {
    error = captured.substr(0, captured.find('\n'));
    captured.clear();
    const std::string_view marker = "Assertion failed in ";
    if (const auto at = error.find(marker); at != std::string::npos) {
      error.erase(0, at + marker.size());
      const auto colon = error.find(':');
      if (const auto dot = error.rfind('.', colon); dot != std::string::npos) {
        error.erase(0, dot + 1);
      }
    }
    context.errorCount(0);
    context.gotError(false);
    context.gotFinish(false);
  }

  bool step(const UnitInputs& inputs, UnitOutputs& outputs) {
    Verilated::threadContextp(&context);
    drive_all(inputs);
    edge();
    apply_faults();
    outputs.result_valid = top->result_valid_o != 0;
    outputs.result_data = reinterpret_cast<const std::uint8_t*>(&top->result_data_o);
    if (context.errorCount() == 0) [[likely]] {
      return true;
    }
    take_error();
    return false;
  }
};

namespace {

using systol::PeRegisters;
using systol::StuckBit;
using systol::UnitContents;
using systol::UnitInputs;
using systol::UnitOutputs;
using systol::VerilatedInstance;

VerilatedInstance* create(std::uint64_t seed) {
  try {
    return new VerilatedInstance(seed);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void destroy(VerilatedInstance* unit) { delete unit; }

int step(VerilatedInstance* unit, const UnitInputs* inputs, UnitOutputs* outputs) {
  return unit->step(*inputs, *outputs) ? 0 : 1;
}

const char* error(const VerilatedInstance* unit) { return unit->error.c_str(); }

/// In the array's registers an operand's mask is the bit above it.
void split(SData register_value, std::uint8_t& operand, bool& mask) {
  operand = static_cast<std::uint8_t>(register_value);
  mask = (register_value >> 8 & 1) != 0;
}

void pe(const VerilatedInstance* unit, std::uint32_t row, std::uint32_t column,
        PeRegisters* registers) {
  auto& root = *unit->top->rootp;
  const std::size_t i = std::size_t{row} * kShape.columns + column;
  split(root.SYSTOL_ARRAY(act_q)[i], registers->activation, registers->activation_mask);
#if SYSTOL_OUTPUT_STATIONARY
  const std::size_t below = i + kShape.columns;  // after the row that comes in from the north
  split(root.SYSTOL_ARRAY(weight_q)[below], registers->weight, registers->weight_mask);
  registers->drained_sum = static_cast<std::int32_t>(root.SYSTOL_ARRAY(drain_q)[below]);
#else
  split(root.SYSTOL_ARRAY(active_q)[i], registers->weight, registers->weight_mask);
  split(root.SYSTOL_ARRAY(shadow_q)[i], registers->shadow_weight, registers->shadow_mask);
#endif
  registers->partial_sum = static_cast<std::int32_t>(const_cast<VerilatedInstance*>(unit)->sum(i));
}

const std::int32_t* accumulators(const VerilatedInstance* unit, std::uint32_t row) {
  return const_cast<VerilatedInstance*>(unit)->accumulators(row);
}

void restore(VerilatedInstance* unit, const UnitContents* contents) {
  for (std::uint32_t row = 0; contents->accumulators != nullptr && row < kShape.accumulator_rows;
       ++row) {
    std::memcpy(unit->accumulators(row), contents->accumulators + std::size_t{row} * kShape.columns,
                std::size_t{4} * kShape.columns);
  }
  constexpr std::size_t kPes = std::size_t{kShape.rows} * kShape.columns;
#if SYSTOL_OUTPUT_STATIONARY
  for (std::size_t i = 0; contents->partial_sums != nullptr && i < kPes; ++i) {
    unit->sum(i) = static_cast<IData>(contents->partial_sums[i]);
  }
#else
  auto& root = *unit->top->rootp;
  for (std::size_t i = 0; contents->weights != nullptr && i < kPes; ++i) {
    root.SYSTOL_ARRAY(active_q)[i] = contents->weights[i] | contents->weight_mask[i] << 8;
  }
  for (std::size_t i = 0; contents->shadow_weights != nullptr && i < kPes; ++i) {
    root.SYSTOL_ARRAY(shadow_q)[i] = contents->shadow_weights[i] | contents->shadow_mask[i] << 8;
  }
#endif
}

void inject(VerilatedInstance* unit, const StuckBit* fault) {
  unit->faults.push_back(*fault);
  unit->apply_faults();
}

constexpr systol::UnitLibraryFunctions kFunctions{systol::kUnitAbiVersion,
                                                  kShape,
                                                  create,
                                                  destroy,
                                                  step,
                                                  error,
                                                  pe,
                                                  accumulators,
                                                  restore,
                                                  inject};

}  // namespace

extern "C" __attribute__((visibility("default"))) const systol::UnitLibraryFunctions*
systol_unit_library() {
  return &kFunctions;
}
