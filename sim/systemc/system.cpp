#include "sim/systemc/system.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/error.h"
#include "sim/config/array_registers.h"
#include "sim/deadlock.h"

namespace systol {
namespace {

/// SystemC counts time in whole picoseconds; cycles are exact, a period is rounded to that grid.
sc_core::sc_time period_of(Hertz clock) {
  const double picoseconds = std::round(1e12 / static_cast<double>(clock.count()));
  return {std::max(picoseconds, 2.0), sc_core::SC_PS};
}

}  // namespace

System::System(const sc_core::sc_module_name& name, const ArrayConfig& config, MatrixUnit& unit,
               VectorUnit& vector, MemoryImage& memory, CommandSource& commands,
               std::span<const std::string> nodes, Observer* observer, Probe probe, bool switching)
    : sc_module(name),
      machine_(config, nodes.size(), observer),
      counter_(config, machine_.result, switching),
      source_(commands),
      probe_(std::move(probe)),
      check_(std::in_place, config,
             std::array{memory.space(isa::Space::Weights).size(),
                        memory.space(isa::Space::Activations).size()},
             std::vector<std::string>(nodes.begin(), nodes.end())),
      period_(period_of(config.clock)),
      clock_("clock", period_),
      unit_("matrix_unit", unit, config.columns, config.columns * isa::result_bytes(config.pe),
            [this](const std::exception_ptr& failure, std::uint64_t edge) {
              unit_failed(failure, edge);
            }),
      vector_unit_("vector_unit", vector, config.columns,
                   [this](const std::exception_ptr& failure, std::uint64_t edge) {
                     unit_failed(failure, edge);
                   }),
      memories_(make_memories(memory)),
      weights_("weights", isa::Unit::Weights, machine_, period_),
      load_("load", isa::Unit::Load, machine_, period_),
      store_("store", isa::Unit::Store, machine_, period_),
      matrix_(make_matrix_sequencer(machine_)),
      activate_(machine_),
      vector_(machine_),
      units_{&weights_, &load_, &store_, matrix_.get(), &activate_, &vector_} {
  SC_HAS_PROCESS(System);
  unit_.clk_i(clock_);
  unit_.weight_i(weight_pins_);
  unit_.feed_i(feed_pins_);
  unit_.drain_i(drain_pins_);
  unit_.channel_i(channel_pins_);
  unit_.table_i(table_pins_);
  unit_.activate_i(activate_pins_);
  unit_.residual_i(residual_pins_);
  unit_.result_o(result_pins_);
  vector_unit_.clk_i(clock_);
  vector_unit_.table_i(vector_table_pins_);
  vector_unit_.channel_i(vector_channel_pins_);
  vector_unit_.operand_i(vector_operand_pins_);
  vector_unit_.result_o(vector_result_pins_);
  for (DmaModule* dma : {&weights_, &load_, &store_}) {
    for (std::size_t i = 0; i < memories_.size(); ++i) {
      dma->sockets[i].bind(memories_[i]->socket);
    }
  }
  if (switching && isa::counts_switching(config.pe, sums_in_place(config))) {
    unit_.count_sums(config.rows, isa::is_float(config.pe));
  }
  SC_METHOD(clock_edge);
  sensitive << clock_.posedge_event();
  dont_initialize();
  if (probe_) {
    SC_METHOD(show_cycle);
    sensitive << clock_.negedge_event();
    dont_initialize();
  }
}

std::vector<std::unique_ptr<MemoryModule>> System::make_memories(MemoryImage& memory) {
  std::vector<std::unique_ptr<MemoryModule>> memories;
  for (std::size_t i = 0; i < machine_.config.memories.size(); ++i) {
    // The user's names must not meet those of the units beside them.
    const std::string name = "memory_" + machine_.config.memories[i].name;
    memories.push_back(std::make_unique<MemoryModule>(name.c_str(), machine_.config, i, period_,
                                                      memory, machine_.observer));
  }
  return memories;
}

void System::restore(const Snapshot& snapshot, std::optional<Cycles> until) {
  check_.reset();
  now_ = snapshot.cycle;
  until_ = until;
  fetched_ = snapshot.fetched;
  undispatched_ = snapshot.undispatched;
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    memories_[i]->restore(snapshot.memories[i], now_);
  }
  machine_.restore(snapshot);
  for (CommandUnit* unit : units_) {
    unit->restore(snapshot);
  }
}

RunResult System::run() {
  first_ = now_;
  sc_core::sc_start();
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  if (check_) {
    check_->finish();
  }
  show_matrix_cycles();
  counter_.finish();
  count_last_refreshes();
  enter_sums();
  machine_.result.cycles = now_;
  return std::move(machine_.result);
}

/// Those that no request has met are the last node's.
void System::count_last_refreshes() {
  for (std::size_t i = 0; i < memories_.size(); ++i) {
    const isa::Space space = machine_.config.memories[i].holds.front();
    if (!machine_.result.nodes.empty()) {
      machine_.result.nodes.back().activity[dram_action(space, DramEvent::Refreshes)] +=
          memories_[i]->refreshes_due(now_);
    }
  }
}

/// Rows are counted when they have left the array; whose they are was seen when they were fed.
void System::enter_sums() {
  if (!unit_.sums()) {
    return;
  }
  for (NodeResult& node : machine_.result.nodes) {
    node.sum_toggles.emplace();
  }
  std::size_t row = 0;
  for (const PinCounter::FedRows& fed : counter_.fed_rows()) {
    for (std::uint64_t i = 0; i < fed.rows; ++i, ++row) {
      SumBits& sums = *machine_.result.nodes[fed.node].sum_toggles;
      sums.all += static_cast<double>(unit_.sums()->of_rows()[row]);
      sums.exponents +=
          unit_.exponents() ? static_cast<double>(unit_.exponents()->of_rows()[row]) : 0.0;
    }
  }
}

/// SystemC would turn an exception that leaves a process into a report of its own.
void System::clock_edge() { guarded(&System::advance); }
void System::show_cycle() { guarded(&System::show); }

void System::guarded(void (System::*work)()) {
  try {
    (this->*work)();
  } catch (...) {
    failure_ = std::current_exception();
    sc_core::sc_stop();
  }
}

/// An edge samples the pins of the cycle that it ends.
void System::unit_failed(const std::exception_ptr& failure, std::uint64_t edge) {
  try {
    std::rethrow_exception(failure);
  } catch (const HardwareError& error) {
    const Cycles cycle = first_ + Cycles(edge) - Cycles(1);
    failure_ = std::make_exception_ptr(
        HardwareError(fmt::format("cycle {}: {}", cycle.count(), error.what())));
  } catch (...) {
    failure_ = std::current_exception();
  }
  sc_core::sc_stop();
}

/// The edge that ends one cycle and begins the next.
void System::advance() {
  counter_.count(unit_.inputs(), drivers_);
  counter_.count(vector_unit_.inputs(), drivers_.vector);
  now_ += started_ ? Cycles(1) : Cycles(0);
  started_ = true;
  activate_.capture(result_pins_.read());
  vector_.capture(vector_result_pins_.read());
  for (CommandUnit* unit : units_) {
    unit->complete(now_);
  }
  if (until_ && now_ >= *until_) {
    run_out();
    return;
  }
  const bool dispatched = dispatch();
  if (!next_ && fetched_all_ && !units_busy()) {
    sc_core::sc_stop();
    return;
  }
  for (CommandUnit* unit : units_) {
    unit->start(now_);
  }
  if (!dispatched && !in_flight()) {
    report_deadlock();
  }
  drive_pins();
  account();
}

/// Nothing starts any more.
void System::run_out() {
  if (!in_flight()) {
    sc_core::sc_stop();
    return;
  }
  drive_pins();
  account();
}

void System::show() {
  const ResultPins& result = result_pins_.read();
  probe_(view_, unit_.inputs(), {result.valid, result.data});
}

bool System::fetch(Issued& issued) {
  if (!undispatched_.empty()) {
    issued.index = undispatched_.front().index;
    issued.command = std::move(undispatched_.front().command);
    undispatched_.pop_front();
    return true;
  }
  if (!source_.next(issued.command)) {
    return false;
  }
  if (check_) {
    check_->add(issued.command);
  }
  issued.index = fetched_++;
  ++machine_.result.commands[issued.command.operation.index()];
  return true;
}

/// The front end: one command a cycle, in order, to the queue of its unit.
bool System::dispatch() {
  if (!next_ && !fetched_all_) {
    Issued issued;
    if (fetch(issued)) {
      next_ = std::move(issued);
    } else {
      fetched_all_ = true;
    }
  }
  if (!next_) {
    return false;
  }
  CommandUnit& unit = *units_[static_cast<std::size_t>(isa::unit_of(next_->command))];
  if (!unit.has_space()) {
    return false;
  }
  unit.push(std::move(*next_));
  next_.reset();
  return true;
}

void System::drive_pins() {
  feed_pins_.write(matrix_->feed(now_));
  weight_pins_.write(matrix_->weights(now_));
  drain_pins_.write(matrix_->drain(now_));
  channel_pins_.write(activate_.channels());
  table_pins_.write(activate_.table());
  residual_pins_.write(activate_.residual());
  activate_pins_.write(activate_.activate());
  const VectorSequencer::Pins vector = vector_.present();
  vector_table_pins_.write(vector.table);
  vector_channel_pins_.write(vector.channels);
  vector_operand_pins_.write(vector.operands);
  drivers_ = {};
  matrix_->name_drivers(now_, drivers_);
  drivers_.activate = activate_.driver();
  drivers_.vector = vector_.driver();
}

/// Puts this cycle into its class of the ledger.
void System::account() {
  CycleClass kind = in_flight() ? CycleClass::NonMatrix : CycleClass::Idle;
  if (matrix_->feeding()) {
    kind = CycleClass::ArrayActive;
  } else if (matrix_->waiting()) {
    kind = matrix_->stall(now_);
  }
  enter(kind);
  if (probe_) {
    view_.cycle = now_;
    view_.kind = kind;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      view_.commands[i] = units_[i]->current();
    }
  }
}

void System::enter(CycleClass kind) {
  const std::uint32_t node = matrix_->node();
  machine_.result.nodes[node].ledger[kind] += Cycles(1);
  if (machine_.observer != nullptr &&
      (!stretch_ || stretch_->node != node || stretch_->kind != kind)) {
    show_matrix_cycles();
    stretch_ = Stretch{node, kind, now_};
  }
}

/// The stretch that ends with the last cycle.
void System::show_matrix_cycles() {
  if (stretch_) {
    machine_.observer->matrix_cycles(stretch_->node, stretch_->kind, stretch_->from, now_);
  }
}

bool System::units_busy() const {
  return std::ranges::any_of(units_, [](const CommandUnit* unit) { return unit->busy(); });
}

/// True while something that has started will complete by itself.
bool System::in_flight() const {
  return machine_.fifo.leaving ||
         std::ranges::any_of(units_, [](const CommandUnit* unit) { return unit->in_flight(); });
}

void System::report_deadlock() const {
  Deadlock deadlock;
  deadlock.cycle = now_;
  for (const CommandUnit* unit : units_) {
    if (unit->waiting()) {
      deadlock.heads.push_back({unit->head().index, unit->head().command, unit->missing_tokens()});
    }
  }
  if (next_) {
    deadlock.blocked = {next_->index, next_->command};
  }
  throw_deadlock(deadlock);
}

}  // namespace systol
