// GTKWave's layout of a wave: which of its signals to show first, and how.
#pragma once

#include <filesystem>
#include <string>

#include "sim/base/units.h"
#include "sim/unit/matrix_unit.h"
#include "sim/wave/wave_scopes.h"

namespace systol {

/// The text of a .gtkw file for a wave of these scopes: what each unit runs and what each cycle
/// was, the pins with the first lanes of each port, the first PEs with all their registers. It
/// names only signals that the wave has. `wave` is the wave's file, as the layout's title.
std::string wave_layout(const std::filesystem::path& wave, const UnitShape& shape,
                        const WaveScopes& scopes, Hertz clock);

/// Where the layout of a wave goes: beside it, "run.gtkw" for "run.fst".
std::filesystem::path layout_path(const std::filesystem::path& wave);

/// Writes it there. A layout that somebody has saved from GTKWave, and not this function, stays as
/// it is. Throws EnvironmentError where it cannot be written.
void write_layout(const std::filesystem::path& wave, const UnitShape& shape,
                  const WaveScopes& scopes, Hertz clock);

}  // namespace systol
