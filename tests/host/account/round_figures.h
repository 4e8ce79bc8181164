// A table of round figures, and a small array and its work.
#pragma once

#include "host/account/energy.h"

namespace systol::test {

template <class Q>
Figure<Q> figure(double value, std::string text = "1") {
  return {Q(value), std::move(text), FigureStatus::Confirmed, "s"};
}

/// Round numbers: SRAM of capacity B costs B / 1024 pJ per 64 bit.
inline EnergyTable table() {
  EnergyTable table;
  table.int8_multiply.value = Picojoules(2.0);
  table.int32_add.value = Picojoules(1.0);
  table.int32_multiply.value = Picojoules(30.0);
  table.sram = {{Bytes(1024), figure<Picojoules>(1.0, "1 pJ")},
                {Bytes(4096), figure<Picojoules>(4.0, "4 pJ")},
                {Bytes(8192), figure<Picojoules>(8.0, "8 pJ")}};
  table.flip_flop.value = Picojoules(0.5);
  table.clock_tree.value = Picojoules(0.25);
  table.wire = figure<Picojoules>(0.1);
  table.leakage = {figure<Watts>(1e-6), figure<Watts>(1e-8)};
  table.area = {figure<SquareMicrometres>(4.0),
                figure<SquareMicrometres>(4.0),
                figure<SquareMicrometres>(50.0),
                figure<SquareMicrometres>(1.0),
                figure<SquareMicrometres>(1.0),
                figure<double>(0.5),
                figure<double>(0.64)};
  table.regulators = figure<double>(0.1);
  MemoryFigures ddr{"ddr",
                    figure<Picojoules>(10.0),
                    figure<Picojoules>(20.0),
                    figure<Picojoules>(4.0),
                    figure<Watts>(1.0),
                    figure<Watts>(2.0),
                    {}};
  MemoryFigures link{"link", figure<Picojoules>(3.0), figure<Picojoules>(5.0), {}, {},
                     {},     figure<Picojoules>(0.5)};
  table.memories = {ddr, link};
  return table;
}

/// The same with units around the array in their gates.
inline EnergyTable table_with_units() {
  EnergyTable with_units = table();
  const auto unit = [](double lane, double shared) {
    return EnergyTable::Unit{figure<SquareMicrometres>(lane), figure<SquareMicrometres>(shared)};
  };
  with_units.units = EnergyTable::Units{unit(100, 10), unit(200, 20), unit(30, 40), unit(50, 60),
                                        figure<double>(0.2)};
  return with_units;
}

/// 2 x 4 PEs; accumulator banks of 1 KiB, a buffer of two slices of 2 KiB, a FIFO of four banks of
/// 1 KiB. What a memory uses by its capacity or bandwidth is not known.
inline ArrayConfig config() {
  ArrayConfig config;
  config.clock = Hertz(1'000'000'000);
  config.rows = 2;
  config.columns = 4;
  config.weight_fifo_tiles = 512;
  config.accumulator_rows = 256;
  config.unified_buffer = Bytes(4096);
  config.buffer_slices = 2;
  config.memories.resize(2);
  config.memories[0] = {"w", {isa::Space::Weights}, std::nullopt, Picoseconds(0), "ddr", "a:1"};
  config.memories[1] = {"x",  {isa::Space::Activations}, std::nullopt, Picoseconds(0), "link",
                        "a:2"};
  return config;
}

inline Activity activity() {
  Activity a;
  a[Action::MacsUseful] = 100;
  a[Action::MacsUnused] = 20;
  a[Action::MacsZero] = 30;
  a[Action::FedRows] = 15;
  a[Action::ShiftedRows] = 4;
  a[Action::AccumulatorReads] = 6;
  a[Action::AccumulatorWrites] = 10;
  a[Action::BufferReadBytes] = 64;
  a[Action::BufferWriteBytes] = 16;
  a[Action::FifoReadBytes] = 8;
  a[Action::FifoWriteBytes] = 16;
  a[Action::WeightsReadBytes] = 5;
  a[Action::ActivationsReadBytes] = 7;
  a[Action::ActivationsWriteBytes] = 3;
  a[Action::Requantised] = 9;
  a[Action::TableLookups] = 8;
  a[Action::SoftmaxElements] = 4;
  a[Action::VectorOperations] = 11;
  a[Action::VectorMultiplications] = 6;
  a[Action::NormalisedElements] = 5;
  a[Action::PeClockedBits] = 5000;
  a[Action::SkewClockedBits] = 1200;
  return a;
}

/// Sums that stay where they are: no weight is shifted in, six rows of sums are drained.
inline ArrayConfig output_stationary() {
  ArrayConfig output_stationary = config();
  output_stationary.dataflow = Dataflow::OutputStationary;
  return output_stationary;
}

}  // namespace systol::test
