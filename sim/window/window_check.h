// Whether a clocked engine does in a window what the fast one did.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/device.h"
#include "sim/snapshot.h"

namespace systol {

/// The commands that the fast engine started from a cycle on: when they ran, and the rows that
/// `activate` and `softmax` wrote.
class WindowRecord : public Observer {
 public:
  struct Ran {
    isa::Command command;
    Cycles start;
    Cycles end;
    std::map<std::uint32_t, std::vector<std::int8_t>> rows;
  };

  explicit WindowRecord(Cycles from) : from_(from) {}

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override;

  const std::map<std::uint64_t, Ran>& commands() const { return commands_; }

 private:
  Cycles from_;
  std::map<std::uint64_t, Ran> commands_;
};

/// What a machine holds when all that it started is complete.
struct HeldValues {
  std::vector<std::uint8_t> buffer;
  std::vector<std::int32_t> accumulators;  ///< [rows][columns]
  std::vector<std::int32_t> sums;          ///< of the PEs, in place only: [rows][columns]
};

/// Watches the clocked engine.
class WindowCheck : public Observer {
 public:
  /// `engine` is the clocked one's name; `record` must outlive this.
  WindowCheck(const WindowRecord& record, std::string engine)
      : record_(record), engine_(std::move(engine)) {}

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override;

  /// After the window: the values that both machines hold then. `memory` is the clocked one's.
  void finish(const HeldValues& held, const MemoryImage& memory, const Snapshot& fast,
              std::uint32_t columns);

  /// The first difference of each kind, with its place; empty if there is none.
  const std::vector<std::string>& failures() const { return failures_; }
  std::uint64_t commands() const { return commands_; }
  std::uint64_t values() const { return values_; }

 private:
  struct Kind {
    bool failed = false;
  };
  void fail(Kind& kind, std::string text);
  template <class A, class B>
  void compare(const A& got, const B& expected, Kind& kind, const auto& place);

  const WindowRecord& record_;
  std::string engine_;
  std::vector<std::string> failures_;
  Kind times_;
  Kind rows_;
  Kind held_;
  std::uint64_t commands_ = 0;
  std::uint64_t values_ = 0;
};

}  // namespace systol
