#include "host/sweep/sweep.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <string>

#include "host/result_page/comparison_page.h"
#include "host/sweep/plan.h"
#include "host/sweep/result_database.h"
#include "python/arguments.h"
#include "python/comparison.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "python/run_files.h"
#include "sim/base/output_file.h"

namespace systol::python {
namespace {

namespace py = pybind11;

Comparison run_plan(const std::filesystem::path& file, const std::filesystem::path& results,
                    unsigned jobs, bool retry_failed, const std::filesystem::path& page,
                    const std::atomic<bool>& stop) {
  const Sweep sweep(load_sweep_plan(file));
  ResultDatabase database(results, sweep.identity());
  if (retry_failed) {
    database.forget_failures();
  }
  sweep.run(database, jobs, [&stop](const SweepProgress&) { stopped_by(stop)({}); });
  Comparison comparison = results_of(database, sweep.plan());
  if (!page.empty()) {
    write_file(page, comparison_page(comparison, ""));
  }
  return comparison;
}

py::object run_sweep(const std::filesystem::path& plan, const std::filesystem::path& results,
                     std::int64_t jobs, bool retry_failed, const py::object& report) {
  const unsigned most = count_argument(jobs, "jobs", kMostThreads);
  const std::filesystem::path page = output_argument(report, "report");
  return frame_of(interruptible([&](const std::atomic<bool>& stop) {
    return run_plan(plan, results, most, retry_failed, page, stop);
  }));
}

}  // namespace

void add_sweep(py::module_& module) {
  module.def("run_sweep", run_sweep, py::arg("plan"), py::arg("results"), py::arg("jobs"),
             py::arg("retry_failed"), py::arg("report"),
             "Runs the points of a plan's file that have no row in the results' file, and returns\n"
             "all rows as a pandas.DataFrame.");
}

}  // namespace systol::python
