// The vector unit's command side: parameters and operands to its pins, results to the buffer; and
// the commands that take rows, softmax, its parts and normalise.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sim/systemc/command_unit.h"
#include "sim/systemc/pin_drivers.h"
#include "sim/systemc/vector_pins.h"
#include "sim/unit/normalise_unit.h"
#include "sim/unit/softmax_unit.h"

namespace systol {

/// One command at a time: the next starts when the last result of this one is in the buffer. How
/// long that takes the units' results say, and no closed form.
class VectorSequencer : public CommandUnit {
 public:
  explicit VectorSequencer(Machine& machine);

  /// Takes the result that the unit showed in the cycle that just ended.
  void capture(const VectorResultPins& result);
  void complete(Cycles now) override;
  void start(Cycles now) override;
  bool in_flight() const override { return running_.has_value(); }
  const Issued* current() const override { return running_ ? &*running_ : nullptr; }

  /// Of one of them at a time something is presented.
  struct Pins {
    VectorTablePins table;
    VectorChannelPins channels;
    VectorOperandPins operands;
  };
  /// The pins for this cycle; call once per cycle, after start().
  Pins present();
  /// Of the operands that present() presented.
  PinDriver driver() const { return driver_; }

 protected:
  void restore_running(std::deque<Issued> running, const Snapshot& snapshot) override;

 private:
  /// Where a `vector` command is: what has been presented, and what has been captured.
  struct Progress {
    std::uint32_t table_rows = 0;
    std::uint32_t planes = 0;
    std::uint64_t group = 0;  ///< of lanes
    std::uint64_t piece = 0;
    std::uint64_t place = 0;
    std::uint64_t result_group = 0;
    std::uint64_t result_piece = 0;
  };

  /// The running command if it is such an operation; null for one that was restored.
  template <class Operation>
  const Operation* running() const {
    return running_ && !restored_ ? std::get_if<Operation>(&running_->command.operation) : nullptr;
  }
  bool done() const;
  std::uint64_t groups(const isa::Vector& op) const;
  std::uint32_t lanes(const isa::Vector& op, std::uint64_t group) const;
  bool table_is_in(const isa::Vector& op) const;
  VectorTablePins table(const isa::Vector& op);
  VectorChannelPins channels(const isa::Vector& op);
  VectorOperandPins operands(const isa::Vector& op);
  void next_place(const isa::Vector& op);
  void write_result(const isa::Vector& op, WideLanes results);
  WideLanes staged(std::array<std::vector<std::int16_t>, 2>& copies, std::uint64_t address,
                   bool wide, std::uint32_t count);
  Lanes staged_bytes(std::uint64_t address, std::uint64_t length);

  void begin_softmax(const isa::Softmax& softmax);
  void begin_softmax_row(const isa::Softmax& softmax);
  void step_softmax(const isa::Softmax& softmax);
  void set_exponentials(std::uint64_t address);
  void begin_softmax_part(const isa::SoftmaxPart& part);
  void step_softmax_part(const isa::SoftmaxPart& part);
  void write_shares(std::uint64_t destination);
  void begin_normalise_row(const isa::Normalise& normalise);
  void step_normalise(const isa::Normalise& normalise);
  void show_row(std::uint32_t row, std::span<const std::uint8_t> bytes);
  Activity& activity() { return machine_.activity(*running_); }

  std::optional<Issued> running_;
  bool restored_ = false;  ///< the running command has done its work
  Progress progress_;
  std::uint64_t rows_done_ = 0;        ///< of softmax and normalise; a part of a row counts as one
  std::uint64_t read_before_row_ = 0;  ///< values that their unit had read before this row
  PinDriver driver_;
  SoftmaxUnit softmax_unit_;
  NormaliseUnit normalise_unit_;
  // Two copies each: the pins point at one while the other is filled.
  std::array<std::vector<std::uint8_t>, 2> bytes_;
  std::array<std::vector<std::int16_t>, 2> a_;
  std::array<std::vector<std::int16_t>, 2> b_;
};

}  // namespace systol
