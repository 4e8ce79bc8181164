// A DRAM in the array's YAML file: read over its type's figures, checked, and written back.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/config/array_config.h"
#include "sim/config/dram_config.h"
#include "sim/config/yaml_reader.h"

namespace systol {

inline constexpr std::array<std::string_view, 5> kMemoryModelNames = {"channel", "ddr3", "ddr4",
                                                                      "lpddr4", "hbm2"};
inline constexpr std::array<std::string_view, 2> kDramSchedulingNames = {"first_come",
                                                                         "first_ready"};
inline constexpr std::array<std::string_view, 2> kDramRefreshNames = {"all_bank", "none"};

std::string_view name_of(DramScheduling scheduling);
std::string_view name_of(DramRefresh refresh);
/// "channel", or the DRAM's type.
std::string_view model_of(const MemoryConfig& memory);

/// The keys of a memory that only a DRAM has.
std::span<const std::string_view> dram_keys();

/// The DRAM of a memory's map, whose `model` may be missing; nothing for a channel. Throws
/// InputError for a key that a channel does not have, and for figures that contradict each other.
std::optional<DramConfig> read_dram(const YamlMap& memory);

/// "model: ddr4, clock: 1200 MHz, ...": all keys.
std::string dram_yaml(const DramConfig& dram);

}  // namespace systol
