#include "host/cli/page_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/cli/option_text.h"
#include "host/cli/parse_options.h"
#include "host/session/record_wavefront.h"
#include "host/session/topology_run.h"
#include "sim/base/error.h"

namespace systol {
namespace {

Wavefront missing(std::string why) {
  Wavefront none;
  none.missing = std::move(why);
  return none;
}

/// Empty where there is a wavefront.
std::string reason_for_none(const RunReport& report, bool values) {
  if (report.array.rows > kMostWavefrontRows || report.array.columns > kMostWavefrontRows) {
    return fmt::format("The array has {} x {} PEs; up to {} x {} are shown cycle by cycle.",
                       report.array.rows, report.array.columns, kMostWavefrontRows,
                       kMostWavefrontRows);
  }
  if (!values) {
    return "The run has time and traffic only: its registers hold no values.";
  }
  if (isa::is_float(report.array.pe)) {
    return "Registers of floating-point numbers are not shown.";
  }
  const auto multiplies = [](const NodeReport& node) { return node.k != 0; };
  return std::ranges::any_of(report.nodes, multiplies)
             ? ""
             : "No layer multiplies matrices, so nothing goes through the array.";
}

/// Says which option is wrong.
template <class Record>
Wavefront recorded(const PageOptions& options, Record record) {
  try {
    return record(parse_tile(options.tile, "--report-tile"));
  } catch (const WaveRequestError& error) {
    throw InputError(fmt::format("--report-{}: {}",
                                 error.part() == WaveRequestError::Part::Layer ? "layer" : "tile",
                                 error.what()));
  }
}

}  // namespace

void add_page_options(CLI::App& run, PageOptions& options) {
  run.add_option("--report", options.file,
                 "write the run as a page with tables and charts, one HTML file that any browser "
                 "opens without a network; docs/report.md describes it.\n  --report run.html")
      ->type_name(kFileValue);
  run.add_option("--report-layer", options.layer,
                 "with --report: the layer (name, or number from 0) of which the page shows a tile "
                 "going through the array, cycle by cycle; default: the first that multiplies. For "
                 "arrays of up to 32 x 32 PEs.\n  --report-layer fc2");
  run.add_option("--report-tile", options.tile,
                 "with --report-layer: which tile of it, as --wave-tile says it; default: the "
                 "first.\n  --report-tile 3");
}

void check_page(const PageOptions& options, bool values) {
  if (options.file.empty() && !options.layer.empty()) {
    throw InputError("--report-layer needs --report FILE");
  }
  if (options.layer.empty() && !options.tile.empty()) {
    throw InputError("--report-tile needs --report-layer");
  }
  if (!values && !options.layer.empty()) {
    throw InputError("--no-data with --report-layer: the registers hold no values");
  }
}

Wavefront wavefront_of(const PageOptions& options, const Prepared& prepared,
                       const RunReport& report, bool values) {
  const std::string reason = reason_for_none(report, values);
  if (!reason.empty()) {
    return missing(reason);
  }
  const auto first =
      std::ranges::find_if(report.nodes, [](const NodeReport& node) { return node.k != 0; });
  const std::string layer = options.layer.empty() ? first->name : options.layer;
  return recorded(options, [&](std::optional<TileRequest> tile) {
    return record_wavefront(prepared, report.array, static_cast<std::uint32_t>(report.batch),
                            {layer, tile.value_or(TileRequest(std::uint64_t{0}))});
  });
}

Wavefront wavefront_of(const PageOptions& options, const Topology& topology,
                       const RunReport& report, bool values) {
  const std::string reason = reason_for_none(report, values);
  if (!reason.empty()) {
    return missing(reason);
  }
  return recorded(options, [&](std::optional<TileRequest> tile) {
    const std::size_t layer = options.layer.empty() ? 0 : layer_number(topology, options.layer);
    Wavefront wavefront =
        record_wavefront(prepare_layer(topology, layer), report.array, std::nullopt,
                         {"0", tile.value_or(TileRequest(std::uint64_t{0}))});
    wavefront.layer = topology.layers[layer].name;
    for (std::size_t i = 0; i < layer; ++i) {
      wavefront.from += report.nodes[i].ledger.total();
      wavefront.to += report.nodes[i].ledger.total();
    }
    return wavefront;
  });
}

}  // namespace systol
