// The interface of every engine: a Program's commands go in, cycles and activity come out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hw/isa/command.h"
#include "sim/activity.h"
#include "sim/base/units.h"
#include "sim/memory/memory_image.h"
#include "sim/sram_activity.h"
#include "sim/stall.h"

namespace systol {

/// What the matrix unit did in a cycle: each cycle is in exactly one class, named as in table 3
/// of Jouppi et al., "In-Datacenter Performance Analysis of a Tensor Processing Unit" (2017).
enum class CycleClass : std::uint8_t {
  ArrayActive,  ///< an activation row entered the array
  WeightStall,  ///< the next tile had not arrived in the weight FIFO
  WeightShift,  ///< the next tile was shifting into the array, or waiting for its turn to
  RawStall,     ///< read after write: waited for the activate, vector or store unit, for
                ///< accumulators, or with sums in place for the way out
  InputStall,   ///< waited for the load unit
  NonMatrix,    ///< nothing to multiply, other units worked
  Idle,         ///< nothing to multiply and no other unit worked
};
inline constexpr int kCycleClasses = 7;
inline constexpr std::array<std::string_view, kCycleClasses> kCycleClassNames = {
    "array_active", "weight_stall", "weight_shift", "raw_stall",
    "input_stall",  "non_matrix",   "idle"};

/// Cycles per class; their sum is the whole time.
struct Ledger {
  std::array<Cycles, kCycleClasses> cycles{};

  Cycles& operator[](CycleClass kind) { return cycles[static_cast<std::size_t>(kind)]; }
  Cycles operator[](CycleClass kind) const { return cycles[static_cast<std::size_t>(kind)]; }
  Cycles total() const {
    Cycles sum;
    for (Cycles part : cycles) {
      sum += part;
    }
    return sum;
  }
  Ledger& operator+=(const Ledger& other) {
    for (std::size_t i = 0; i < cycles.size(); ++i) {
      cycles[i] += other.cycles[i];
    }
    return *this;
  }
  bool operator==(const Ledger&) const = default;
};

/// Bits of the PEs' partial sums that changed.
struct SumBits {
  double all = 0.0;
  double exponents = 0.0;  ///< of them, where sums are fp32; 0 elsewhere

  SumBits& operator+=(const SumBits& other) {
    all += other.all;
    exponents += other.exponents;
    return *this;
  }
  bool operator==(const SumBits&) const = default;
};

struct NodeResult {
  Ledger ledger;
  Activity activity;
  /// Counted by the engines with a clock, estimated by
  /// the fast one, and therefore not compared. Nothing where switching was not counted, and of the
  /// fast engine where PEs add up distances.
  std::optional<SumBits> sum_toggles;

  bool operator==(const NodeResult& other) const {
    return ledger == other.ledger && activity == other.activity;
  }
};

/// A run's outcome. Every cycle is in the ledger of exactly one node: the one whose matmul is at
/// the head of the matrix unit's queue, or was last.
struct RunResult {
  Cycles cycles;
  std::vector<NodeResult> nodes;                        ///< one per node of the program
  std::array<std::uint64_t, isa::kOpcodes> commands{};  ///< count per opcode
  SramActivity srams;                                   ///< accesses to each bank

  Ledger ledger() const;
  Activity activity() const;
  /// Of all nodes; nothing if it is not known of one.
  std::optional<SumBits> sum_toggles() const;
  bool operator==(const RunResult&) const = default;
};

/// Commands one after another, so that a program of any length needs no memory.
class CommandSource {
 public:
  virtual ~CommandSource() = default;
  /// Puts the next command in `command`, or returns false at the end.
  virtual bool next(isa::Command& command) = 0;
  /// Begins again with the first command.
  virtual void restart() = 0;
};

/// A source that reads what has a size and an index: a view of a list, or a list of its own.
template <class Commands>
class ListedCommands : public CommandSource {
 public:
  explicit ListedCommands(Commands commands) : commands_(std::move(commands)) {}
  bool next(isa::Command& command) override {
    if (position_ == commands_.size()) {
      return false;
    }
    command = commands_[position_++];
    return true;
  }
  void restart() override { position_ = 0; }

 private:
  Commands commands_;
  std::size_t position_ = 0;
};
using CommandList = ListedCommands<std::span<const isa::Command>>;

/// Bytes on their way between a memory and the chip: the memory's channel carries them from `from`
/// to `to`. These are cycles, but the channel does not round; where it is unlimited they are the
/// same.
struct Transport {
  isa::Unit unit = isa::Unit::Load;  ///< for which the bytes are moved
  std::size_t memory = 0;            ///< in the config's order
  Bytes bytes;
  double from = 0;
  double to = 0;
  bool operator==(const Transport&) const = default;

  /// Takes what follows without a pause for the same unit; returns false for anything else.
  bool extend(const Transport& next) {
    if (unit != next.unit || memory != next.memory || to != next.from) {
      return false;
    }
    bytes += next.bytes;
    to = next.to;
    return true;
  }
};

/// Sees a run as it happens; `index` counts the program's commands from 0. What it does not want
/// to see it does not override.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A command started at `start` and its effect is visible from `end` on. Every command is shown
  /// once; the engines differ in the order.
  virtual void completed(std::uint64_t /*index*/, const isa::Command& /*command*/, Cycles /*start*/,
                         Cycles /*end*/) {}
  /// A command of the activation unit or the vector unit wrote `values`, the bytes of row `row`
  /// (from 0) of its destination.
  virtual void wrote_row(std::uint64_t /*index*/, const isa::Command& /*command*/,
                         std::uint32_t /*row*/, std::span<const std::int8_t> /*values*/) {}
  /// A memory moved bytes. Shown when they are requested, in the order of the requests.
  virtual void moved(const Transport& /*transport*/) {}
  /// The matrix unit spent the cycles from `from` up to `to` on `kind`, for `node`. In the order
  /// of time, without gaps; one class may come in several pieces.
  virtual void matrix_cycles(std::uint32_t /*node*/, CycleClass /*kind*/, Cycles /*from*/,
                             Cycles /*to*/) {}
  /// The matrix unit fed nothing, and why; in the order of time, without the stalls of no cycle.
  /// From the engine without a clock alone, whose times are those of all.
  virtual void stalled(const Stall& /*stall*/) {}
};

/// Passes everything on to several observers.
class Observers : public Observer {
 public:
  void add(Observer* observer) { all_.push_back(observer); }
  bool empty() const { return all_.empty(); }

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    for (Observer* observer : all_) {
      observer->completed(index, command, start, end);
    }
  }
  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override {
    for (Observer* observer : all_) {
      observer->wrote_row(index, command, row, values);
    }
  }
  void moved(const Transport& transport) override {
    for (Observer* observer : all_) {
      observer->moved(transport);
    }
  }
  void matrix_cycles(std::uint32_t node, CycleClass kind, Cycles from, Cycles to) override {
    for (Observer* observer : all_) {
      observer->matrix_cycles(node, kind, from, to);
    }
  }
  void stalled(const Stall& stall) override {
    for (Observer* observer : all_) {
      observer->stalled(stall);
    }
  }

 private:
  std::vector<Observer*> all_;
};

/// An engine. Throws InputError for a program that the machine cannot run: an address out of
/// range, an unordered hazard, a deadlock. `nodes` are the names that Origin::node counts.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string_view engine() const = 0;
  /// What the last run has to tell people, as sentences; empty ones say nothing.
  virtual std::vector<std::string> notes() const { return {}; }
  /// What the last run found to be wrong, as sentences with the place. Any makes its result wrong.
  virtual std::vector<std::string> failures() const { return {}; }
  virtual RunResult run(CommandSource& commands, std::span<const std::string> nodes,
                        MemoryImage& memory, Observer* observer) = 0;
};

}  // namespace systol
