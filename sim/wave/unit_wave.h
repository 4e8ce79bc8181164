// Records the matrix unit's pins and registers, and what the machine's units run, as a waveform.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/units.h"
#include "sim/unit/matrix_unit.h"
#include "sim/wave/wave_scopes.h"
#include "sim/wave/wave_writer.h"

namespace systol {

struct WaveOptions {
  std::filesystem::path path;       ///< ends in .fst or .vcd
  Cycles from{0};                   ///< the first cycle shown
  Cycles to{UINT64_MAX};            ///< the first cycle not shown any more
  std::vector<std::string> scopes;  ///< as parse_wave_scopes takes them; none is the default
};

/// One run's waveform. All names are below the scope `systol`.
class UnitWave {
 public:
  /// Throws InputError for a scope that does not exist or a path that cannot be written.
  UnitWave(const WaveOptions& options, const UnitShape& shape, Hertz clock);
  /// Closes what was recorded; errors are lost, so call close() where nothing was thrown.
  ~UnitWave();

  /// Whether this cycle is shown: what a caller asks before it prepares a sample.
  bool wants(Cycles cycle) const { return cycle >= from_ && cycle < to_; }

  /// One cycle, cycles in order: everything as it is during this cycle. That is the pins which the
  /// clock edge at its end samples, and the outputs and registers which the edge at its start left
  /// (so call it before the unit's step). `commands` has one text per isa::Unit, "" where idle;
  /// `ledger` is the name of the cycle's class.
  void sample(Cycles cycle, const UnitInputs& pins, const UnitOutputs& outputs,
              const MatrixUnit& unit, std::span<const std::string> commands,
              std::string_view ledger) {
    if (wants(cycle)) {
      record(cycle, pins, outputs, unit, commands, ledger);
    }
  }

  /// Finishes the file, and writes its layout beside it (layout.h). Throws EnvironmentError if it
  /// could not be written.
  void close();

  /// What is left out by default and how to ask for it; "" if nothing is.
  const std::string& note() const { return note_; }

 private:
  struct Signals;

  void record(Cycles cycle, const UnitInputs& pins, const UnitOutputs& outputs,
              const MatrixUnit& unit, std::span<const std::string> commands,
              std::string_view ledger);
  Picoseconds time_of(Cycles cycle, bool half) const;

  std::filesystem::path path_;
  UnitShape shape_;
  WaveScopes scopes_;
  Hertz clock_;
  Cycles from_;
  Cycles to_;
  std::string note_;
  std::unique_ptr<WaveWriter> writer_;
  std::unique_ptr<Signals> signals_;
  Cycles last_;
  bool sampled_ = false;
  bool closed_ = false;
};

}  // namespace systol
