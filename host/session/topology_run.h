// A topology's layers, one run each, as one report.
#pragma once

#include "host/report/report.h"
#include "host/scale_sim/topology.h"
#include "host/session/run.h"

namespace systol {

/// The layer of that name, or else of that number from 0: one may be called "2". Throws InputError.
std::size_t layer_number(const Topology& topology, const std::string& text);

/// A layer as a network of its own, with made-up values, as run_topology runs it.
Prepared prepare_layer(const Topology& topology, std::size_t layer);

/// Each layer as a network of its own, with made-up values, one after another: the report has all
/// layers as nodes, and cycles, energy and checks are their sums. A layer's M is its batch.
/// Progress is that of the layers.
RunReport run_topology(const Topology& topology, const ArrayConfig& config,
                       const EngineSpec& engine, const RunOptions& options,
                       const Progress& progress = {});

}  // namespace systol
