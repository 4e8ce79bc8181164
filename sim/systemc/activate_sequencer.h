// The activation unit's command side: parameters in, accumulator rows through, results to the
// buffer.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <variant>

#include "sim/systemc/command_unit.h"
#include "sim/systemc/pin_drivers.h"
#include "sim/systemc/pins.h"

namespace systol {

/// Whether a command takes rows of sums to the buffer.
template <class Operation>
inline constexpr bool kIsActivation =
    std::same_as<Operation, isa::Activate> || std::same_as<Operation, isa::ActivateAdd> ||
    std::same_as<Operation, isa::ActivateSigns> || std::same_as<Operation, isa::ActivateFloat> ||
    std::same_as<Operation, isa::ActivateTransposed>;

/// One command at a time: the next starts when the last result of this one is in the buffer. How
/// long that takes the matrix unit's results say, and no closed form.
class ActivateSequencer : public CommandUnit {
 public:
  explicit ActivateSequencer(Machine& machine);

  /// Takes the result that the unit showed in the cycle that just ended.
  void capture(const ResultPins& result);
  void complete(Cycles now) override;
  void start(Cycles now) override;
  bool in_flight() const override { return running_.has_value(); }
  const Issued* current() const override { return running_ ? &*running_ : nullptr; }

  /// The pins for this cycle; call once per cycle, after start().
  ChannelPins channels();
  TablePins table();
  /// Of the row that activate() presents: before it.
  ResidualPins residual();
  ActivatePins activate();
  /// Of the row that activate() presents.
  PinDriver driver() const;

 protected:
  void restore_running(std::deque<Issued> running, const Snapshot& snapshot) override;

 private:
  /// The running command if it is such an operation; null for one that was restored.
  template <class Operation>
  const Operation* running() const {
    return running_ && !restored_ ? std::get_if<Operation>(&running_->command.operation) : nullptr;
  }
  /// Calls `use` with the running command where it takes rows of sums to the buffer; whether it
  /// does.
  template <class Use>
  bool with_activation(Use use) const {
    return running_ && !restored_ &&
           std::visit(
               [&]<class Operation>(const Operation& operation) {
                 constexpr bool kIs = kIsActivation<Operation>;
                 if constexpr (kIs) {
                   use(operation);
                 }
                 return kIs;
               },
               running_->command.operation);
  }
  /// Whether all that the running command writes is written.
  bool done() const;
  /// The row that the unit shows, to where the command has it.
  void write_result(const isa::Activate& activate, Lanes lanes);
  void write_result(const isa::ActivateSigns& activate, Lanes lanes);
  void write_result(const isa::ActivateAdd& activate, Lanes lanes);
  void write_result(const isa::ActivateFloat& activate, Lanes lanes);
  void write_result(const isa::ActivateTransposed& activate, Lanes lanes);
  /// The next row's pins.
  ActivatePins pins_of(const isa::Activate& activate) const;
  ActivatePins pins_of(const isa::ActivateSigns& activate) const;
  ActivatePins pins_of(const isa::ActivateAdd& activate) const;
  ActivatePins pins_of(const isa::ActivateFloat& activate) const;
  ActivatePins pins_of(const isa::ActivateTransposed& activate) const;
  void write_row(std::uint64_t address, std::uint32_t row, std::span<const std::int8_t> values);
  void show_row(std::uint32_t row, std::span<const std::int8_t> values);
  Activity& activity() const { return machine_.activity(*running_); }
  /// Points at `length` bytes of the buffer, followed by zeros up to the array's width.
  Lanes staged(std::uint64_t address, std::uint64_t length);

  std::optional<Issued> running_;
  bool restored_ = false;        ///< the running command has done its work
  std::uint32_t presented_ = 0;  ///< rows, planes or table rows on the pins so far
  std::uint32_t rows_done_ = 0;
  // Two copies: the pins point at one while the other is filled.
  std::array<std::vector<std::uint8_t>, 2> staging_;
};

}  // namespace systol
