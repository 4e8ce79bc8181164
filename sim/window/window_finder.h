// Where a layer's or a tile's cycles are in a run, and from where to simulate to see them right.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Where a tile begins: its first sample, output and input, as a command's origin has them.
struct TilePlace {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t depth = 0;
  bool operator==(const TilePlace&) const = default;
};

/// A tile of a layer: the matmul's number in it, from 0 in the order of the program, or its place.
using TileRequest = std::variant<std::uint64_t, TilePlace>;

/// A layer the first time that it runs (each batch goes through all layers), or one matmul of it.
struct WindowRequest {
  std::string layer;                ///< its name, or its number from 0
  std::optional<TileRequest> tile;  ///< only this one
};

struct CycleWindow {
  Cycles from;       ///< the first matmul's start
  Cycles to;         ///< when the last matmul or activation is complete
  Cycles hand_over;  ///< from here on the array must be simulated for its registers to be right
};

/// Watches a run of the fast engine, whose commands come in the order of their starts.
///
/// The registers of the array hold what the last wave left in them. So the clocked engine takes
/// over at the start of a matmul whose waves have all passed when the window begins: of what was
/// fed before it nothing is left to see. The activation path takes five cycles: its running
/// command, too, is simulated from its start.
class WindowFinder : public Observer {
 public:
  /// Throws WaveRequestError for a layer that there is not.
  WindowFinder(const ArrayConfig& config, const WindowRequest& request,
               std::span<const std::string> layers);

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;

  /// After the run. Throws WaveRequestError for a tile that there is not.
  CycleWindow window() const;

 private:
  bool is_tile(const isa::Origin& origin) const;

  /// A matmul, and when its last wave has passed all that it changes.
  struct Settled {
    Cycles start;
    Cycles at;
  };

  /// A unit's commands of the layer, up to the first of another one after them.
  class FirstTime {
   public:
    /// The unit's next command; whether it is one of them.
    bool see(bool of_layer) {
      over_ = over_ || (begun_ && !of_layer);
      begun_ = begun_ || of_layer;
      return of_layer && !over_;
    }

   private:
    bool begun_ = false;
    bool over_ = false;
  };

  void begin_window(Cycles start);
  void note_matmul(const isa::Command& command, Cycles start);
  std::optional<Cycles> settles(const isa::Operation& operation, Cycles start) const;

  const ArrayConfig& config_;
  WindowRequest request_;
  std::uint32_t layer_ = 0;
  FirstTime matmuls_;
  FirstTime activations_;
  std::uint64_t tiles_seen_ = 0;
  std::deque<Settled> settled_;  ///< the last of those that have settled, and those that have not
  std::optional<Settled> activation_;  ///< the last command of the activation unit: start and end
  std::optional<CycleWindow> window_;
};

}  // namespace systol
