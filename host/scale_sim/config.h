// SCALE-Sim's .cfg files as arrays. docs/scale-sim.md says which key becomes what.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

enum class ScaleSimDataflow : std::uint8_t { WeightStationary, OutputStationary, InputStationary };
inline constexpr std::array kScaleSimDataflows = {ScaleSimDataflow::WeightStationary,
                                                  ScaleSimDataflow::OutputStationary,
                                                  ScaleSimDataflow::InputStationary};

/// "ws", "os", "is".
std::string_view name_of(ScaleSimDataflow dataflow);
/// "weight_stationary", ...: as an array file writes it.
std::string_view long_name_of(ScaleSimDataflow dataflow);
/// What the array's own dataflow is called there.
ScaleSimDataflow scale_sim_dataflow(Dataflow dataflow);

/// What a .cfg says, checked.
struct ScaleSimConfig {
  std::string file;  ///< as errors and notes name it
  std::string name;  ///< run_name, or the file's
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint64_t ifmap_kib = 0;
  std::uint64_t filter_kib = 0;
  std::uint64_t ofmap_kib = 0;
  ScaleSimDataflow dataflow = ScaleSimDataflow::WeightStationary;
  /// Words (bytes) per cycle of ifmap, filter and ofmap; nothing in CALC mode: unlimited.
  std::optional<std::array<std::uint64_t, 3>> bandwidth;
  std::vector<std::string> ignored;  ///< keys that have no counterpart here

  /// "file:line:column" of values that only the whole can judge.
  std::string ofmap_place;
  std::string dataflow_place;
};

/// By the name: it ends in .cfg.
bool is_scale_sim_config(const std::filesystem::path& path);

/// Any mistake is an InputError with file, line and column.
ScaleSimConfig load_scale_sim_config(const std::filesystem::path& path);

/// The same from text, as if it were a file called `name`.
ScaleSimConfig parse_scale_sim_config(std::string_view text, const std::string& name);

/// The array file `base` with the .cfg's sizes over it and `overrides` ("clock=700 MHz") over both.
/// Throws InputError for what the machine cannot be, with the place in the .cfg.
ArrayConfig array_of(const ScaleSimConfig& cfg, const std::filesystem::path& base,
                     std::span<const std::string> overrides = {});

/// What was made of the .cfg and is not in it, as sentences for people.
std::vector<std::string> notes_of(const ScaleSimConfig& cfg, const ArrayConfig& array);

}  // namespace systol
