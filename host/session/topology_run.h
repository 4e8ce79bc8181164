// A topology's layers, one run each, as one report.
#pragma once

#include <cstddef>
#include <functional>

#include "host/report/report.h"
#include "host/scale_sim/topology.h"
#include "host/session/run.h"

namespace systol {

/// Called before each layer, with its number from 0.
using LayerProgress = std::function<void(std::size_t number, const TopologyLayer& layer)>;

/// Each layer as a network of its own, with made-up values, one after another: the report has all
/// layers as nodes, and cycles, energy and checks are their sums. A layer's M is its batch.
/// A layer as a network of its own, as run_topology runs it.
/// By its name first, since one may be called "2", then by its number from 0. Throws InputError.
std::size_t layer_number(const Topology& topology, const std::string& text);
Prepared prepare_layer(const Topology& topology, std::size_t layer);

RunReport run_topology(const Topology& topology, const ArrayConfig& config,
                       const EngineSpec& engine, const RunOptions& options,
                       const LayerProgress& before = {}, const Progress& progress = {});

}  // namespace systol
