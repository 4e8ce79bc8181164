// A workload's list of layers: plain ones, and those that hold others.
#pragma once

#include <optional>

#include "host/import/workload/network.h"
#include "host/import/workload/variables.h"
#include "sim/config/yaml_reader.h"

namespace systol {

/// Adds the layers to the network, with
///   repeat:   {times: N, layers: [...]}             the layers N times; $i is 1, 2, ... in them
///   block:    {use: NAME, times: N, KEY: VALUE}     those of `blocks`, with $KEY replaced
///   residual: {layers: [...], shortcut: [...]}      what both compute of one input, added
/// Throws InputError.
void read_layers(WorkloadNetwork& network, const YamlNode& layers,
                 const std::optional<YamlNode>& blocks, const Variables& variables);

}  // namespace systol
