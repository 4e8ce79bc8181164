// --report and what its page shows.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "host/report/report.h"
#include "host/report/wavefront.h"
#include "host/scale_sim/topology.h"
#include "host/session/prepared.h"

namespace systol {

struct PageOptions {
  std::string file;
  std::string layer;  ///< whose tile is shown cycle by cycle; empty: the first that has one
  std::string tile;   ///< of that layer; empty: its first
};

void add_page_options(CLI::App& run, PageOptions& options);

/// Throws InputError for options that do not go together. `values`: whether the run computes any.
void check_page(const PageOptions& options, bool values);

/// The tile's wavefront in the run that `report` is of, or why there is none. Throws InputError for
/// a layer or a tile that there is not.
Wavefront wavefront_of(const PageOptions& options, const Prepared& prepared,
                       const RunReport& report, bool values);
/// The same of a topology's run.
Wavefront wavefront_of(const PageOptions& options, const Topology& topology,
                       const RunReport& report, bool values);

}  // namespace systol
