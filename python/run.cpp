#include "host/session/run.h"

#include <pybind11/stl.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "host/session/workload.h"
#include "python/arguments.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "python/run_files.h"
#include "python/wave.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

std::shared_ptr<RunReport> run_model(const py::object& model, const py::object& array,
                                     const std::string& engine, bool data,
                                     std::optional<std::int64_t> batch, bool check, bool scores,
                                     bool tensors, std::int64_t threads, const py::object& page,
                                     const py::object& timeline, const py::object& wave,
                                     const py::object& wave_window, const py::object& wave_layer,
                                     const py::object& wave_tile, const std::string& wave_engine,
                                     const py::object& wave_scopes) {
  RunOptions options;
  if (batch) {
    options.batch = count_argument(*batch, "batch", kMostSamples);
  }
  options.check = check;
  options.scores = scores;
  options.tensors = tensors;
  options.threads = count_argument(threads, "threads", kMostThreads);
  const EngineSpec spec =
      with_wave({wave, wave_window, wave_layer, wave_tile, wave_engine, wave_scopes},
                engine_argument(engine, data, options.threads), check, options.threads);
  const ArrayConfig config = array_argument(array);
  const Workload workload = workload_argument(model, options.batch.value_or(1));
  if (tensors && (!data || std::holds_alternative<Topology>(workload))) {
    throw InputError("tensors: found True, allowed: for a model that runs with data");
  }
  RunFiles files(output_argument(page, "report"), output_argument(timeline, "timeline"), config);
  options.observers = files.observers();
  return interruptible([&](const std::atomic<bool>& stop) {
    auto report =
        std::make_shared<RunReport>(run(workload, config, spec, options, stopped_by(stop)));
    files.write(*report);
    return report;
  });
}

}  // namespace

void add_run(py::module_& module) {
  module.def(
      "run", run_model, py::arg("model"), py::arg("array"), py::kw_only(),
      py::arg("engine") = "fast", py::arg("data") = true, py::arg("batch") = py::none(),
      py::arg("check") = true, py::arg("scores") = true, py::arg("tensors") = false,
      py::arg("threads") = 1, py::arg("report") = py::none(), py::arg("timeline") = py::none(),
      py::arg("wave") = py::none(), py::arg("wave_window") = py::none(),
      py::arg("wave_layer") = py::none(), py::arg("wave_tile") = py::none(),
      py::arg("wave_engine") = "rtl", py::arg("wave_scopes") = py::none(),
      "Runs a model on an array and returns its Report.\n\n"
      "model: a Prepared or a Topology, or the file of one; of a Graph, a file or sizes, the\n"
      "    samples are made up, as many as the batch.\n"
      "array: an Array, or the name of its file.\n"
      "engine: 'fast' (no clock), 'systemc' or 'rtl' (every cycle). All give the same cycles and\n"
      "    values. One run with a clock at a time in a process: a second raises EnvironmentError.\n"
      "data: False for time and traffic alone, without a value; with 'fast' only.\n"
      "batch: samples at a time; all of them without.\n"
      "check: compare every value with the integer reference. A wrong value is no exception: the\n"
      "    report's `check` is 'FAILED' then.\n"
      "scores: compare the outputs with the float network's.\n"
      "tensors: keep every tensor that flows; the cycles stay the same.\n"
      "threads: of the check and of large multiplications.\n"
      "report: a file for the page of `systol run --report`, without a tile cycle by cycle.\n"
      "timeline: a .json or .json.gz file for https://ui.perfetto.dev.\n"
      "wave: a .fst or .vcd file; with 'systemc' and 'rtl', or with wave_layer.\n"
      "wave_window: the first cycle of the wave, and the one after the last; all without.\n"
      "wave_layer: a layer's name, or its number from 0: with 'fast', which leaves the cycles of\n"
      "    this layer to wave_engine, 'rtl' or 'systemc', the first time that it runs.\n"
      "wave_tile: of that layer one matmul alone: its number from 0, or (row, column, depth).\n"
      "wave_scopes: a list of what the wave shows, as `systol run --wave-scope`.\n\n"
      "Other Python threads go on meanwhile. Ctrl-C ends the run at its next command or layer.\n"
      "Raises InputError for what the machine cannot run, EnvironmentError for what the system\n"
      "does not give.");
}

}  // namespace systol::python
