// The array's YAML file: read into a checked ArrayConfig, and written back with all defaults.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>

#include "sim/config/array_config.h"

namespace systol {

/// Reads and checks an array file, with what it `extends` and with overrides such as
/// "array.rows=64". Throws InputError with the place of what is wrong.
ArrayConfig load_array_config(const std::filesystem::path& path,
                              std::span<const std::string> overrides = {});

/// The file that load_array_config reads as the same config: every key is there.
std::string to_yaml(const ArrayConfig& config);

inline constexpr std::array<std::string_view, 3> kDataflowNames = {
    "weight_stationary", "output_stationary", "input_stationary"};
std::string_view name_of(Dataflow dataflow);

inline constexpr std::array<std::string_view, 2> kClockGatingNames = {"none", "pe"};
std::string_view name_of(ClockGating gating);

inline constexpr std::array<std::string_view, 2> kTileUseNames = {"wave", "whole"};
std::string_view name_of(TileUse use);

inline constexpr std::array<std::string_view, 2> kTileFetchNames = {"filled", "whole"};
std::string_view name_of(TileFetch fetch);

}  // namespace systol
