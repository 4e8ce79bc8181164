// A command as far as time goes.
#pragma once

#include <cstdint>

#include "hw/isa/command.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// What a walk from start to start needs of a command. It is the same on all machines that differ
/// in the speeds of their memories, their clock, and the depths of their queues alone.
struct TimedCommand {
  enum class Kind : std::uint8_t {
    Request,           ///< to a memory
    LoadTile,          ///< from the buffer to the weight FIFO
    Matmul,            ///< with weights in place
    OutputStationary,  ///< with sums in place
    Other,             ///< of the activation unit and the vector unit
  };
  Kind kind = Kind::Other;
  isa::Unit unit = isa::Unit::Matrix;
  isa::UnitSet wait;
  isa::UnitSet signal;
  isa::Space space = isa::Space::Weights;  ///< of a request
  bool reuse = false;                      ///< as a matmul's
  bool add = false;
  bool drain = false;
  std::uint32_t accumulator = 0;  ///< of a matmul: its first row
  std::uint32_t node = 0;
  Cycles busy;  ///< until its unit can start another
  Bytes bytes;  ///< of a request
  /// Of a request, where its addresses matter: memories with banks. Whoever makes it owns that.
  const isa::Operation* operation = nullptr;
};

/// Without `operation`.
TimedCommand timed_command(const isa::Command& command, const ArrayConfig& config);

/// Such commands one after another.
class TimedSource {
 public:
  virtual ~TimedSource() = default;
  /// Puts the next command in `command`, or returns false at the end. Its operation stays until as
  /// many more have been fetched as all queues hold.
  virtual bool next(TimedCommand& command) = 0;
};

}  // namespace systol
