#include "sim/wave/unit_wave.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hw/isa/command.h"

namespace systol {
namespace {

constexpr std::uint64_t kPicosecondsPerSecond = 1'000'000'000'000;

/// A pin that has a value in every cycle.
struct Pin {
  const char* name;
  unsigned width;
  std::uint64_t (*value)(const UnitInputs&, const UnitOutputs&);
};

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

constexpr std::array kPins = {
    Pin{"weight_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.weight_valid); }},
    Pin{"weight_row", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.weight_row); }},
    Pin{"feed_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_valid); }},
    Pin{"feed_swap", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_swap); }},
    Pin{"feed_add", 1, [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_add); }},
    Pin{"feed_address", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_address); }},
    Pin{"feed_begin", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_begin); }},
    Pin{"feed_drain", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.feed_drain); }},
    Pin{"drain_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.drain_valid); }},
    Pin{"drain_address", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.drain_address); }},
    Pin{"channel_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.channel_valid); }},
    Pin{"channel_plane", 4,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.channel_plane); }},
    Pin{"table_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.table_valid); }},
    Pin{"table_row", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.table_row); }},
    Pin{"activate_valid", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_valid); }},
    Pin{"activate_table", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_table); }},
    Pin{"activate_address", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_address); }},
    Pin{"activate_zero_point", 8,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_zero_point); }},
    Pin{"activate_minimum", 8,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_minimum); }},
    Pin{"activate_maximum", 8,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_maximum); }},
    Pin{"activate_own", 1,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_own); }},
    Pin{"activate_bias", 32,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_bias); }},
    Pin{"activate_multiplier", 31,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_multiplier); }},
    Pin{"activate_shift", 6,
        [](const UnitInputs& in, const UnitOutputs&) { return bits(in.activate_shift); }},
    Pin{"result_valid", 1,
        [](const UnitInputs&, const UnitOutputs& out) { return bits(out.result_valid); }},
};

/// Pins with one int8 value per row or column; they keep the last value while not valid.
struct Lanes {
  const char* name;
  bool per_row;
  const std::int8_t* (*data)(const UnitInputs&, const UnitOutputs&);
};

constexpr std::array kLanes = {
    Lanes{"feed_data", true,
          [](const UnitInputs& in, const UnitOutputs&) {
            return in.feed_valid ? in.feed_data : nullptr;
          }},
    Lanes{"weight_data", false,
          [](const UnitInputs& in, const UnitOutputs&) {
            return in.weight_valid ? in.weight_data : nullptr;
          }},
    Lanes{"channel_data", false,
          [](const UnitInputs& in, const UnitOutputs&) {
            return in.channel_valid ? in.channel_data : nullptr;
          }},
    Lanes{"table_data", false,
          [](const UnitInputs& in, const UnitOutputs&) {
            return in.table_valid ? in.table_data : nullptr;
          }},
    Lanes{"result_data", false,
          [](const UnitInputs&, const UnitOutputs& out) {
            return out.result_valid ? out.result_data : nullptr;
          }},
};

}  // namespace

/// The handles of everything that this wave shows.
struct UnitWave::Signals {
  using Signal = WaveWriter::Signal;
  struct Pe {
    std::size_t index;  ///< in the arrays of UnitState
    Signal weight, shadow, activation, partial_sum, drained;
  };

  Signal clk, cycle, ledger;
  std::vector<Signal> commands;
  std::vector<Signal> pins;
  std::array<std::vector<Signal>, kLanes.size()> lanes;
  std::vector<Pe> pes;
  std::vector<Signal> accumulators;

  Signals(WaveWriter& writer, const WaveScopes& scopes, const UnitShape& shape) {
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
    for (const Pin& pin : kPins) {
      pins.push_back(writer.add_bits(pin.name, pin.width));
    }
    for (std::size_t i = 0; i < kLanes.size(); ++i) {
      const std::uint32_t count = kLanes[i].per_row ? shape.rows : shape.columns;
      for (std::uint32_t lane = 0; lane < count; ++lane) {
        lanes[i].push_back(writer.add_bits(fmt::format("{}_{}", kLanes[i].name, lane), 8));
      }
    }
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

  /// A PE has a shadow weight, or with sums in place a sum on its way out.
  void add_pe(WaveWriter& writer, const UnitShape& shape, std::uint32_t row, std::uint32_t column) {
    Pe pe{};
    pe.index = std::size_t{row} * shape.columns + column;
    writer.push_scope(fmt::format("col_{}", column));
    pe.weight = writer.add_bits("weight", 8);
    if (!shape.sums_in_place) {
      pe.shadow = writer.add_bits("shadow", 8);
    }
    pe.activation = writer.add_bits("activation", 8);
    pe.partial_sum = writer.add_bits("partial_sum", 32);
    if (shape.sums_in_place) {
      pe.drained = writer.add_bits("drained_sum", 32);
    }
    pes.push_back(pe);
    writer.pop_scope();
  }

  void add_accumulators(WaveWriter& writer, const UnitShape& shape) {
    writer.push_scope("accumulators");
    for (std::uint32_t row = 0; row < shape.accumulator_rows; ++row) {
      writer.push_scope(fmt::format("row_{}", row));
      for (std::uint32_t column = 0; column < shape.columns; ++column) {
        accumulators.push_back(writer.add_bits(fmt::format("col_{}", column), 32));
      }
      writer.pop_scope();
    }
    writer.pop_scope();
  }

  void set_ports(WaveWriter& writer, const UnitInputs& in, const UnitOutputs& out) const {
    for (std::size_t i = 0; i < pins.size(); ++i) {
      writer.set(pins[i], kPins[i].value(in, out));
    }
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const std::int8_t* data = kLanes[i].data(in, out);
      for (std::size_t lane = 0; data != nullptr && lane < lanes[i].size(); ++lane) {
        writer.set(lanes[i][lane], bits(data[lane]));
      }
    }
  }

  void set_registers(WaveWriter& writer, const UnitState& state) const {
    for (const Pe& pe : pes) {
      writer.set(pe.weight, bits(state.weights[pe.index]));
      if (state.shadow_weights != nullptr) {
        writer.set(pe.shadow, bits(state.shadow_weights[pe.index]));
      }
      if (state.drained_sums != nullptr) {
        writer.set(pe.drained, bits(state.drained_sums[pe.index]));
      }
      writer.set(pe.activation, bits(state.activations[pe.index]));
      writer.set(pe.partial_sum, bits(state.partial_sums[pe.index]));
    }
    for (std::size_t i = 0; i < accumulators.size(); ++i) {
      writer.set(accumulators[i], bits(state.accumulators[i]));
    }
  }
};

UnitWave::UnitWave(const WaveOptions& options, const UnitShape& shape, Hertz clock)
    : clock_(clock), from_(options.from), to_(options.to) {
  const WaveScopes scopes = parse_wave_scopes(options.scopes, shape);
  if (options.scopes.empty() && std::uint64_t{shape.rows} * shape.columns > kMaxDefaultPes) {
    note_ =
        fmt::format("the wave shows PEs 0-{} x 0-{} of {} x {}; scope 'pe' shows all",
                    scopes.pes[0].last_row, scopes.pes[0].last_column, shape.rows, shape.columns);
  }
  writer_ = make_wave_writer(options.path);
  signals_ = std::make_unique<Signals>(*writer_, scopes, shape);
}

UnitWave::~UnitWave() {
  try {
    close();
  } catch (...) {  // the file is gone; there is nobody to tell
  }
}

void UnitWave::record(Cycles cycle, const UnitInputs& pins, const UnitOutputs& outputs,
                      MatrixUnit& unit, std::span<const std::string> commands,
                      std::string_view ledger) {
  writer_->set_time(time_of(cycle, false));
  writer_->set(signals_->clk, std::uint64_t{1});
  writer_->set(signals_->cycle, cycle.count());
  writer_->set(signals_->ledger, ledger);
  for (std::size_t i = 0; i < std::min(signals_->commands.size(), commands.size()); ++i) {
    writer_->set(signals_->commands[i], commands[i]);
  }
  signals_->set_ports(*writer_, pins, outputs);
  if (!signals_->pes.empty() || !signals_->accumulators.empty()) {
    signals_->set_registers(*writer_, unit.state());
  }
  writer_->set_time(time_of(cycle, true));
  writer_->set(signals_->clk, std::uint64_t{0});
  last_ = cycle;
  sampled_ = true;
}

void UnitWave::close() {
  if (sampled_) {
    writer_->set_time(time_of(last_ + Cycles(1), false));
    sampled_ = false;
  }
  writer_->close();
}

/// Rounded down from the exact time, so that no error adds up.
Picoseconds UnitWave::time_of(Cycles cycle, bool half) const {
  __extension__ using Wide = unsigned __int128;
  const Wide halves = Wide{cycle.count()} * 2 + (half ? 1 : 0);
  return Picoseconds(
      static_cast<std::uint64_t>(halves * kPicosecondsPerSecond / (Wide{clock_.count()} * 2)));
}

}  // namespace systol
