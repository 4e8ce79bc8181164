#include "sim/wave/unit_wave.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "hw/isa/command.h"
#include "sim/wave/layout.h"

namespace systol {
namespace {

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

/// All pins by description and value, outputs last.
template <class Action>
void for_each_pin(const UnitInputs& in, const UnitOutputs& out, isa::PeType pe, Action&& action) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  action(#group "_" #name, in.group##_valid, in.group##_##name, pin_bits(bits, pe), PinSpan::span);
  SYSTOL_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
#define SYSTOL_PIN(group, name, type, bits, span)                                     \
  action(#group "_" #name, out.group##_valid, out.group##_##name, pin_bits(bits, pe), \
         PinSpan::span);
  SYSTOL_RESULT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
}

/// The value of one lane; of a null mask all are 1.
std::uint64_t lane_of(Lanes lanes, std::size_t lane, std::uint32_t width) {
  if (width == 1) {
    return has_lane(lanes, lane) ? 1 : 0;
  }
  std::uint64_t value = 0;
  std::memcpy(&value, lanes + lane * (width / 8), width / 8);
  return value;
}

}  // namespace

/// The handles of everything that this wave shows.
struct UnitWave::Signals {
  using Signal = WaveWriter::Signal;
  struct Pe {
    std::uint32_t row, column;
    Signal weight, shadow, activation, partial_sum, drained;
  };

  Signal clk, cycle, ledger;
  std::vector<Signal> commands;
  std::vector<std::vector<Signal>> ports;  ///< of each pin; one for each lane if it has lanes
  std::vector<Pe> pes;
  std::vector<std::vector<Signal>> accumulators;  ///< rows
  bool output_stationary = false;
  isa::PeType type;

  Signals(WaveWriter& writer, const WaveScopes& scopes, const UnitShape& shape)
      : output_stationary(shape.output_stationary), type(shape.pe) {
    writer.push_scope("systol");
    clk = writer.add_bits("clk", 1);
    cycle = writer.add_bits("cycle", 64);
    ledger = writer.add_text("ledger");
    if (scopes.commands) {
      add_commands(writer);
    }
    if (scopes.ports) {
      add_ports(writer, shape);
    }
    if (!scopes.pes.empty()) {
      add_pes(writer, scopes.pes, shape);
    }
    if (scopes.accumulators) {
      add_accumulators(writer, shape);
    }
    writer.pop_scope();
  }

  void add_commands(WaveWriter& writer) {
    writer.push_scope("commands");
    for (std::string_view name : isa::kUnitNames) {
      commands.push_back(writer.add_text(std::string(name)));
    }
    writer.pop_scope();
  }

  void add_ports(WaveWriter& writer, const UnitShape& shape) {
    writer.push_scope("ports");
    for_each_pin({}, {}, shape.pe,
                 [&](const char* name, bool, auto value, std::uint32_t width, PinSpan span) {
                   std::vector<Signal>& signals = ports.emplace_back();
                   if constexpr (std::is_same_v<decltype(value), Lanes>) {
                     const std::uint32_t count = span == PinSpan::Rows ? shape.rows : shape.columns;
                     for (std::uint32_t lane = 0; lane < count; ++lane) {
                       signals.push_back(writer.add_bits(fmt::format("{}_{}", name, lane), width));
                     }
                   } else {
                     signals.push_back(writer.add_bits(name, width));
                   }
                 });
    writer.pop_scope();
  }

  void add_pes(WaveWriter& writer, const std::vector<PeBlock>& blocks, const UnitShape& shape) {
    writer.push_scope("pe");
    for (std::uint32_t row = 0; row < shape.rows; ++row) {
      const auto before = pes.size();
      for (std::uint32_t column = 0; column < shape.columns; ++column) {
        if (std::any_of(blocks.begin(), blocks.end(),
                        [&](const PeBlock& block) { return block.has(row, column); })) {
          if (pes.size() == before) {
            writer.push_scope(fmt::format("row_{}", row));
          }
          add_pe(writer, shape, row, column);
        }
      }
      if (pes.size() > before) {
        writer.pop_scope();
      }
    }
    writer.pop_scope();
  }

  /// A PE has a shadow weight, or with sums in place a sum on its way out. A viewer shows a
  /// signal's last name alone, so that it says where the PE is.
  void add_pe(WaveWriter& writer, const UnitShape& shape, std::uint32_t row, std::uint32_t column) {
    const auto add = [&](const char* name, unsigned width) {
      return writer.add_bits(fmt::format("{}_{}_{}", name, row, column), width);
    };
    Pe pe{};
    pe.row = row;
    pe.column = column;
    writer.push_scope(fmt::format("col_{}", column));
    const std::uint32_t operand = 8 * isa::lane_bytes(shape.pe);
    pe.weight = add("weight", operand);
    if (!shape.output_stationary) {
      pe.shadow = add("shadow", operand);
    }
    pe.activation = add("activation", isa::is_sparse(shape.pe) ? 8 * isa::kGroupValues : operand);
    pe.partial_sum = add("partial_sum", 32);
    if (shape.output_stationary) {
      pe.drained = add("drained_sum", 32);
    }
    pes.push_back(pe);
    writer.pop_scope();
  }

  void add_accumulators(WaveWriter& writer, const UnitShape& shape) {
    writer.push_scope("accumulators");
    for (std::uint32_t row = 0; row < shape.accumulator_rows; ++row) {
      writer.push_scope(fmt::format("row_{}", row));
      std::vector<Signal>& signals = accumulators.emplace_back();
      for (std::uint32_t column = 0; column < shape.columns; ++column) {
        signals.push_back(writer.add_bits(fmt::format("col_{}", column), 32));
      }
      writer.pop_scope();
    }
    writer.pop_scope();
  }

  /// Lanes keep the last value while not valid.
  void set_ports(WaveWriter& writer, const UnitInputs& in, const UnitOutputs& out) const {
    auto signals = ports.begin();
    for_each_pin(in, out, type,
                 [&](const char*, bool valid, auto value, std::uint32_t width, PinSpan) {
                   if constexpr (std::is_same_v<decltype(value), Lanes>) {
                     for (std::size_t lane = 0; valid && lane < signals->size(); ++lane) {
                       writer.set((*signals)[lane], lane_of(value, lane, width));
                     }
                   } else {
                     writer.set(signals->front(), bits(value));
                   }
                   ++signals;
                 });
  }

  void set_registers(WaveWriter& writer, const MatrixUnit& unit) const {
    for (const Pe& pe : pes) {
      const PeRegisters registers = unit.pe(pe.row, pe.column);
      writer.set(pe.weight, std::uint64_t{registers.weight});
      if (output_stationary) {
        writer.set(pe.drained, bits(registers.drained_sum));
      } else {
        writer.set(pe.shadow, std::uint64_t{registers.shadow_weight});
      }
      writer.set(pe.activation, std::uint64_t{registers.activation});
      writer.set(pe.partial_sum, bits(registers.partial_sum));
    }
    for (std::uint32_t row = 0; row < accumulators.size(); ++row) {
      const std::span<const std::int32_t> sums = unit.accumulators(row);
      for (std::size_t column = 0; column < sums.size(); ++column) {
        writer.set(accumulators[row][column], bits(sums[column]));
      }
    }
  }
};

UnitWave::UnitWave(const WaveOptions& options, const UnitShape& shape, Hertz clock)
    : path_(options.path),
      shape_(shape),
      scopes_(parse_wave_scopes(options.scopes, shape)),
      clock_(clock),
      from_(options.from),
      to_(options.to) {
  if (options.scopes.empty() && std::uint64_t{shape.rows} * shape.columns > kMaxDefaultPes) {
    note_ =
        fmt::format("the wave shows PEs 0-{} x 0-{} of {} x {}; scope 'pe' shows all",
                    scopes_.pes[0].last_row, scopes_.pes[0].last_column, shape.rows, shape.columns);
  }
  writer_ = make_wave_writer(options.path);
  signals_ = std::make_unique<Signals>(*writer_, scopes_, shape);
}

UnitWave::~UnitWave() {
  try {
    close();
  } catch (...) {  // the file is gone; there is nobody to tell
  }
}

void UnitWave::record(Cycles cycle, const UnitInputs& pins, const UnitOutputs& outputs,
                      const MatrixUnit& unit, std::span<const std::string> commands,
                      std::string_view ledger) {
  writer_->set_time(time_of(cycle, false));
  writer_->set(signals_->clk, std::uint64_t{1});
  writer_->set(signals_->cycle, cycle.count());
  writer_->set(signals_->ledger, ledger);
  for (std::size_t i = 0; i < std::min(signals_->commands.size(), commands.size()); ++i) {
    writer_->set(signals_->commands[i], commands[i]);
  }
  if (!signals_->ports.empty()) {
    signals_->set_ports(*writer_, pins, outputs);
  }
  if (!signals_->pes.empty() || !signals_->accumulators.empty()) {
    signals_->set_registers(*writer_, unit);
  }
  writer_->set_time(time_of(cycle, true));
  writer_->set(signals_->clk, std::uint64_t{0});
  last_ = cycle;
  sampled_ = true;
}

void UnitWave::close() {
  if (closed_) {
    return;
  }
  closed_ = true;
  if (sampled_) {
    writer_->set_time(time_of(last_ + Cycles(1), false));
  }
  writer_->close();
  write_layout(path_, shape_, scopes_, clock_);
}

/// Rounded down from the exact time, so that no error adds up.
Picoseconds UnitWave::time_of(Cycles cycle, bool half) const {
  __extension__ using Wide = unsigned __int128;
  const Wide halves = Wide{cycle.count()} * 2 + (half ? 1 : 0);
  return Picoseconds(
      static_cast<std::uint64_t>(halves * kPicosecondsPerSecond / (Wide{clock_.count()} * 2)));
}

}  // namespace systol
