#include <pybind11/stl.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host/result_page/scoreboard_page.h"
#include "host/scale_sim/array_file.h"
#include "host/session/workload.h"
#include "host/validate/suites.h"
#include "python/arguments.h"
#include "python/frames.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "python/run_files.h"
#include "sim/base/installation.h"
#include "sim/base/output_file.h"

namespace systol::python {
namespace {

namespace py = pybind11;

/// A column for each key of the JSON's rows.
py::object validate(const std::vector<std::string>& machines, std::int64_t threads,
                    const py::object& report) {
  const std::uint32_t count = count_argument(threads, "threads", kMostThreads);
  const std::filesystem::path page = output_argument(report, "report");
  const std::filesystem::path configs = shared_folder() / "configs";
  const SuiteReader reader{
      .array = [&](const std::string& name) { return read_array(configs / name); },
      .file = [&](const std::string& name) { return configs / name; }};
  std::vector<ScoreRow> rows;
  interruptible([&](const std::atomic<bool>& stop) {
    rows = run_suites(read_suites(reader), machines, count, stopped_by(stop));
    if (!page.empty()) {
      write_file(page, scoreboard_page(rows, ""));
    }
  });
  return py::module_::import("pandas").attr("DataFrame")(
      object_of_json(scoreboard_json(rows)["rows"]));
}

}  // namespace

void add_validate(py::module_& module) {
  module.def("validate", validate, py::arg("machines") = std::vector<std::string>(), py::kw_only(),
             py::arg("threads") = 1, py::arg("report") = py::none(),
             "Runs every machine that others have measured (docs/trust.md): a pandas.DataFrame "
             "with a row\nfor each figure: machine, row, unit, measured, systol, residual, "
             "scale_sim, scale_sim_residual.\nResiduals are in per cent, of shares in points.\n\n"
             "machines: a list of those to run, such as ['tinyTPU', 'GAP9']; all without.\n"
             "threads: for the 144 layers of Gemmini.\n"
             "report: a file for the page of `systol validate all --report`.");
}

}  // namespace systol::python
