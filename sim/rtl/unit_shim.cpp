// The library's side of unit_abi.h: compiled together with the verilated model of one shape.
// SYSTOL_ROWS, SYSTOL_COLUMNS, SYSTOL_ACCUMULATOR_ROWS and SYSTOL_SUMS_IN_PLACE (0 or 1) are the
// shape's parameters.
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
                                   SYSTOL_SUMS_IN_PLACE != 0};

// The array's registers; the generate block that it is in is part of their names.
#if SYSTOL_SUMS_IN_PLACE
#define SYSTOL_ARRAY(reg) tpu_matrix_unit__DOT__gen_output_stationary__DOT__u_array__DOT__##reg
#else
#define SYSTOL_ARRAY(reg) tpu_matrix_unit__DOT__gen_weight_stationary__DOT__u_array__DOT__##reg
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

struct systol::UnitModel {
  VerilatedContext context;
  std::unique_ptr<Vtpu_matrix_unit> top;
  std::vector<StuckBit> faults;
  std::string error;

  explicit UnitModel(std::uint64_t seed) {
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

  ~UnitModel() {
    top.reset();
    Verilated::threadContextp(nullptr);
  }
  UnitModel(const UnitModel&) = delete;
  UnitModel& operator=(const UnitModel&) = delete;

  void idle_pins() {
    top->weight_valid_i = 0;
    top->feed_valid_i = 0;
    top->drain_valid_i = 0;
    top->channel_valid_i = 0;
    top->table_valid_i = 0;
    top->activate_valid_i = 0;
  }

  /// A packed pin holds lane i in its bits [8 * i + 7 : 8 * i], whatever its C++ type.
  template <class Pin>
  static void drive(Pin& pin, const std::int8_t* data, std::size_t bytes) {
    std::memcpy(&pin, data, bytes);
  }

  void drive_all(const UnitInputs& in) {
    top->weight_valid_i = in.weight_valid;
    if (in.weight_valid) {
      top->weight_row_i = in.weight_row;
      drive(top->weight_data_i, in.weight_data, kShape.columns);
    }
    top->feed_valid_i = in.feed_valid;
    if (in.feed_valid) {
      top->feed_swap_i = in.feed_swap;
      top->feed_add_i = in.feed_add;
      top->feed_address_i = in.feed_address;
      top->feed_begin_i = in.feed_begin;
      top->feed_drain_i = in.feed_drain;
      drive(top->feed_data_i, in.feed_data, kShape.rows);
    }
    top->drain_valid_i = in.drain_valid;
    if (in.drain_valid) {
      top->drain_address_i = in.drain_address;
    }
    top->channel_valid_i = in.channel_valid;
    if (in.channel_valid) {
      top->channel_plane_i = in.channel_plane;
      drive(top->channel_data_i, in.channel_data, kShape.columns);
    }
    top->table_valid_i = in.table_valid;
    if (in.table_valid) {
      top->table_row_i = in.table_row;
      drive(top->table_data_i, in.table_data, kShape.columns);
    }
    top->activate_valid_i = in.activate_valid;
    if (in.activate_valid) {
      top->activate_table_i = in.activate_table;
      top->activate_address_i = in.activate_address;
      top->activate_zero_point_i = static_cast<std::uint8_t>(in.activate_zero_point);
      top->activate_minimum_i = static_cast<std::uint8_t>(in.activate_minimum);
      top->activate_maximum_i = static_cast<std::uint8_t>(in.activate_maximum);
      top->activate_own_i = in.activate_own;
      top->activate_bias_i = static_cast<std::uint32_t>(in.activate_bias);
      top->activate_multiplier_i = in.activate_multiplier & 0x7fffffffU;
      top->activate_shift_i = in.activate_shift & 63U;
    }
  }

  void edge() {
    top->clk_i = 1;
    top->eval();
    top->clk_i = 0;
    top->eval();
  }

  void apply_faults() {
    for (const StuckBit& fault : faults) {
      top->rootp->SYSTOL_ARRAY(psum_q)[fault.row * kShape.columns + fault.column] |= 1U
                                                                                     << fault.bit;
    }
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
    outputs.result_data = reinterpret_cast<const std::int8_t*>(&top->result_data_o);
    if (context.errorCount() == 0) [[likely]] {
      return true;
    }
    take_error();
    return false;
  }
};

namespace {

using systol::StuckBit;
using systol::UnitInputs;
using systol::UnitModel;
using systol::UnitOutputs;
using systol::UnitState;

UnitModel* create(std::uint64_t seed) {
  try {
    return new UnitModel(seed);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void destroy(UnitModel* unit) { delete unit; }

int step(UnitModel* unit, const UnitInputs* inputs, UnitOutputs* outputs) {
  return unit->step(*inputs, *outputs) ? 0 : 1;
}

const char* error(const UnitModel* unit) { return unit->error.c_str(); }

void state(UnitModel* unit, UnitState* state) {
  auto& root = *unit->top->rootp;
  const auto bytes = [](auto& array) { return reinterpret_cast<std::int8_t*>(&array[0]); };
  const auto words = [](auto& array) { return reinterpret_cast<std::int32_t*>(&array[0]); };
#if SYSTOL_SUMS_IN_PLACE
  state->weights = bytes(root.SYSTOL_ARRAY(weight_q));
  state->drained_sums = words(root.SYSTOL_ARRAY(drain_q));
#else
  state->weights = bytes(root.SYSTOL_ARRAY(active_q));
  state->shadow_weights = bytes(root.SYSTOL_ARRAY(shadow_q));
#endif
  state->activations = bytes(root.SYSTOL_ARRAY(act_q));
  state->partial_sums = words(root.SYSTOL_ARRAY(psum_q));
  state->accumulators = words(root.tpu_matrix_unit__DOT__u_accumulators__DOT__accumulator_q);
}

void inject(UnitModel* unit, const StuckBit* fault) {
  unit->faults.push_back(*fault);
  unit->apply_faults();
}

constexpr systol::UnitLibraryFunctions kFunctions{
    systol::kUnitAbiVersion, kShape, create, destroy, step, error, state, inject};

}  // namespace

extern "C" __attribute__((visibility("default"))) const systol::UnitLibraryFunctions*
systol_unit_library() {
  return &kFunctions;
}
