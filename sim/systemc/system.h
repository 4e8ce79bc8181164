// The whole machine: command units, memories, the matrix unit and the vector unit on one clock.
#pragma once

#include <array>
#include <exception>
#include <functional>
#include <systemc>
#include <vector>

#include "sim/check/program_check.h"
#include "sim/systemc/activate_sequencer.h"
#include "sim/systemc/dma_module.h"
#include "sim/systemc/matrix_sequencer.h"
#include "sim/systemc/matrix_unit_module.h"
#include "sim/systemc/memory_module.h"
#include "sim/systemc/pin_counter.h"
#include "sim/systemc/vector_sequencer.h"
#include "sim/systemc/vector_unit_module.h"

namespace systol {

/// What one cycle looked like, for waveforms.
struct CycleView {
  Cycles cycle;
  std::array<const Issued*, isa::kUnits> commands{};
  CycleClass kind = CycleClass::Idle;
};

class System : public sc_core::sc_module {
 public:
  /// Called in the middle of every cycle, when pins and registers have this cycle's values.
  using Probe = std::function<void(const CycleView&, const UnitInputs&, const UnitOutputs&)>;

  System(const sc_core::sc_module_name& name, const ArrayConfig& config, MatrixUnit& unit,
         VectorUnit& vector, MemoryImage& memory, CommandSource& commands,
         std::span<const std::string> nodes, Observer* observer, Probe probe, bool switching);

  /// Before run(): goes on from a snapshot, whose memory is the one that this system was made with,
  /// until all is complete that started before the cycle `until`, if there is one. The commands are
  /// those after snapshot.fetched; they have been checked already.
  void restore(const Snapshot& snapshot, std::optional<Cycles> until);

  /// The unified buffer.
  const std::vector<std::uint8_t>& buffer() const { return machine_.buffer; }

  /// Simulates to the end of the program. Throws InputError on a deadlock, HardwareError with the
  /// cycle if the unit refuses what its pins hold.
  RunResult run();

 private:
  void clock_edge();
  void show_cycle();
  void guarded(void (System::*work)());
  void unit_failed(const std::exception_ptr& failure, std::uint64_t edge);
  void advance();
  void run_out();
  void show();
  bool fetch(Issued& issued);
  bool dispatch();
  void drive_pins();
  void account();
  void enter_sums();
  void enter(CycleClass kind);
  void count_last_refreshes();
  void show_matrix_cycles();
  bool units_busy() const;
  bool in_flight() const;
  [[noreturn]] void report_deadlock() const;

  std::vector<std::unique_ptr<MemoryModule>> make_memories(MemoryImage& memory);

  Machine machine_;
  PinCounter counter_;
  PinDrivers drivers_;  ///< of the pins in this cycle
  CommandSource& source_;
  Probe probe_;
  std::optional<ProgramCheck> check_;  ///< not of a program that was begun elsewhere
  sc_core::sc_time period_;
  sc_core::sc_clock clock_;
  MatrixUnitModule unit_;
  VectorUnitModule vector_unit_;
  std::vector<std::unique_ptr<MemoryModule>> memories_;
  DmaModule weights_;
  DmaModule load_;
  DmaModule store_;
  std::unique_ptr<MatrixSequencer> matrix_;
  ActivateSequencer activate_;
  VectorSequencer vector_;
  std::array<CommandUnit*, isa::kUnits> units_;

  sc_core::sc_signal<WeightPins> weight_pins_{"weight_pins"};
  sc_core::sc_signal<FeedPins> feed_pins_{"feed_pins"};
  sc_core::sc_signal<DrainPins> drain_pins_{"drain_pins"};
  sc_core::sc_signal<ChannelPins> channel_pins_{"channel_pins"};
  sc_core::sc_signal<TablePins> table_pins_{"table_pins"};
  sc_core::sc_signal<ActivatePins> activate_pins_{"activate_pins"};
  sc_core::sc_signal<ResidualPins> residual_pins_{"residual_pins"};
  sc_core::sc_signal<ResultPins> result_pins_{"result_pins"};
  sc_core::sc_signal<VectorTablePins> vector_table_pins_{"vector_table_pins"};
  sc_core::sc_signal<VectorChannelPins> vector_channel_pins_{"vector_channel_pins"};
  sc_core::sc_signal<VectorOperandPins> vector_operand_pins_{"vector_operand_pins"};
  sc_core::sc_signal<VectorResultPins> vector_result_pins_{"vector_result_pins"};

  Cycles now_;
  Cycles first_;
  bool started_ = false;
  std::optional<Issued> next_;  ///< fetched, waits for space in its unit's queue
  std::uint64_t fetched_ = 0;
  bool fetched_all_ = false;
  std::deque<Snapshot::Waiting> undispatched_;  ///< of a snapshot, before what the source has
  std::optional<Cycles> until_;
  CycleView view_;
  /// The matrix unit's last cycles of one class and node.
  struct Stretch {
    std::uint32_t node = 0;
    CycleClass kind = CycleClass::Idle;
    Cycles from;
  };
  std::optional<Stretch> stretch_;
  std::exception_ptr failure_;
};

}  // namespace systol
