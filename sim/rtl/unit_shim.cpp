// The library's side of unit_abi.h: compiled together with the verilated model of one shape.
// SYSTOL_ROWS, SYSTOL_COLUMNS, SYSTOL_ACCUMULATOR_ROWS, SYSTOL_OUTPUT_STATIONARY (0 or 1) and
// SYSTOL_PE_TYPE (the number of an isa::PeType) are the shape's parameters.
#include <cstring>
#include <new>
#include <vector>

#include "Vtpu_matrix_unit.h"
#include "Vtpu_matrix_unit___024root.h"
#include "sim/rtl/shim_model.h"
#include "sim/rtl/unit_abi.h"
#include "sim/rtl/vector_shim.h"

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

}  // namespace

struct systol::VerilatedInstance : systol::shim::Model<Vtpu_matrix_unit> {
  std::vector<StuckBit> faults;

  explicit VerilatedInstance(std::uint64_t seed) : Model(seed) {
    drive_all({});
    reset();
  }

  static constexpr std::size_t lanes_of(PinSpan span) {
    return span == PinSpan::Rows ? kShape.rows : kShape.columns;
  }

  template <class Pin, class Value>
  static void drive(Pin& pin, Value value, std::uint32_t bits, PinSpan /*span*/) {
    shim::drive_value(pin, value, bits);
  }

  /// Only a mask can be null here: that of all lanes.
  template <class Pin>
  static void drive(Pin& pin, Lanes lanes, std::uint32_t bits, PinSpan span) {
    const std::size_t count = lanes_of(span);
    if (lanes != nullptr) {
      shim::drive_lanes(pin, lanes, lane_bytes(count, pin_bits(bits, kShape.pe)));
      return;
    }
    auto* bytes = reinterpret_cast<std::uint8_t*>(&pin);
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
    top->residual_valid_i = in.residual_valid;
    if (in.residual_valid) {
      SYSTOL_RESIDUAL_PINS(SYSTOL_PIN)
    }
#undef SYSTOL_PIN
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

  bool step(const UnitInputs& inputs, UnitOutputs& outputs) {
    Verilated::threadContextp(&context);
    drive_all(inputs);
    edge();
    apply_faults();
    outputs.result_valid = top->result_valid_o != 0;
    outputs.result_data = reinterpret_cast<const std::uint8_t*>(&top->result_data_o);
    return good();
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

constexpr std::size_t kLaneBytes = systol::isa::lane_bytes(kShape.pe);
constexpr std::uint32_t kActivationBits =
    8 * systol::isa::value_bytes(kShape.pe) *
    (systol::isa::is_sparse(kShape.pe) ? systol::isa::kGroupValues : 1);
constexpr std::uint32_t kWeightBits = systol::isa::stored_weight_bits(kShape.pe);
constexpr bool kNarrow = systol::isa::describe(kShape.pe).weight_bits < 8;

/// In the array's registers an operand's mask is the bit above it.
template <class Operand>
void split(std::uint64_t register_value, std::uint32_t bits, Operand& operand, bool& mask) {
  operand = static_cast<Operand>(register_value & ((std::uint64_t{1} << bits) - 1));
  mask = (register_value >> bits & 1) != 0;
}

/// A narrow weight as its lane had it; a binary one that does not count was 0.
void split_weight(std::uint32_t register_value, std::uint16_t& weight, bool& mask) {
  if constexpr (!kNarrow) {
    split(register_value, kWeightBits, weight, mask);
    return;
  }
  mask = (register_value >> kWeightBits & 1) != 0;
  const auto field = static_cast<std::uint8_t>(register_value & ((1U << kWeightBits) - 1));
  const bool none = kWeightBits == 1 && !mask;
  weight = none ? std::uint16_t{0}
                : static_cast<std::uint8_t>(systol::isa::packed_weight(&field, 0, kShape.pe));
}

#if !SYSTOL_OUTPUT_STATIONARY
std::uint32_t joined(const std::uint8_t* values, const std::uint8_t* masks, std::size_t i) {
  if constexpr (kNarrow) {
    const auto weight = static_cast<std::int8_t>(values[i]);
    return std::uint32_t{systol::isa::weight_field(weight, kShape.pe)} | std::uint32_t{masks[i]}
                                                                             << kWeightBits;
  }
  std::uint32_t operand = 0;
  std::memcpy(&operand, values + i * kLaneBytes, kLaneBytes);
  return operand | std::uint32_t{masks[i]} << kWeightBits;
}
#endif

void pe(const VerilatedInstance* unit, std::uint32_t row, std::uint32_t column,
        PeRegisters* registers) {
  auto& root = *unit->top->rootp;
  const std::size_t i = std::size_t{row} * kShape.columns + column;
  split(root.SYSTOL_ARRAY(act_q)[i], kActivationBits, registers->activation,
        registers->activation_mask);
#if SYSTOL_OUTPUT_STATIONARY
  const std::size_t below = i + kShape.columns;  // after the row that comes in from the north
  split_weight(root.SYSTOL_ARRAY(weight_q)[below], registers->weight, registers->weight_mask);
  registers->drained_sum = static_cast<std::int32_t>(root.SYSTOL_ARRAY(drain_q)[below]);
#else
  split_weight(root.SYSTOL_ARRAY(active_q)[i], registers->weight, registers->weight_mask);
  split_weight(root.SYSTOL_ARRAY(shadow_q)[i], registers->shadow_weight, registers->shadow_mask);
#endif
  registers->partial_sum = static_cast<std::int32_t>(const_cast<VerilatedInstance*>(unit)->sum(i));
}

const std::int32_t* partial_sums(const VerilatedInstance* unit) {
  return reinterpret_cast<const std::int32_t*>(&const_cast<VerilatedInstance*>(unit)->sum(0));
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
    root.SYSTOL_ARRAY(active_q)[i] = joined(contents->weights, contents->weight_mask, i);
  }
  for (std::size_t i = 0; contents->shadow_weights != nullptr && i < kPes; ++i) {
    root.SYSTOL_ARRAY(shadow_q)[i] = joined(contents->shadow_weights, contents->shadow_mask, i);
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
                                                  partial_sums,
                                                  accumulators,
                                                  restore,
                                                  inject,
                                                  systol::shim::kVectorFunctions};

}  // namespace

extern "C" __attribute__((visibility("default"))) const systol::UnitLibraryFunctions*
systol_unit_library() {
  return &kFunctions;
}
