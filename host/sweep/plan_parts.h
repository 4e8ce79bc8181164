// What sweeps' plans and budgets have in common: how they name models and change arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/session/workload.h"
#include "sim/config/yaml_reader.h"

namespace systol {

/// A model file or topology, relative to the file that names it, or sizes such as "784x10".
std::string read_model(const YamlNode& node);

/// A map such as {memory.dram.latency: 50 ns} as overrides: "memory.dram.latency=50 ns".
std::vector<std::string> read_overrides(const YamlNode& node);

/// Samples at a time.
std::uint32_t read_batch(const YamlNode& node);

/// The model with as many made-up samples, one without. Throws InputError.
Workload load_workload(const std::string& model, std::optional<std::uint32_t> batch);

}  // namespace systol
