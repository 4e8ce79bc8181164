#include "host/sweep/sweep.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <string>

#include "host/sweep/plan.h"
#include "host/sweep/result_database.h"
#include "python/arguments.h"
#include "python/comparison.h"
#include "python/interruptible.h"
#include "python/module.h"

namespace systol::python {
namespace {

namespace py = pybind11;

Comparison run_plan(const std::filesystem::path& file, const std::filesystem::path& results,
                    unsigned jobs, bool retry_failed, const std::atomic<bool>& stop) {
  const Sweep sweep(load_sweep_plan(file));
  ResultDatabase database(results, sweep.identity());
  if (retry_failed) {
    database.forget_failures();
  }
  sweep.run(database, jobs, [&stop](const SweepProgress&) { stopped_by(stop)({}); });
  return results_of(database, sweep.plan());
}

py::object run_sweep(const std::filesystem::path& plan, const std::filesystem::path& results,
                     std::int64_t jobs, bool retry_failed) {
  const unsigned most = count_argument(jobs, "jobs", kMostThreads);
  return frame_of(interruptible([&](const std::atomic<bool>& stop) {
    return run_plan(plan, results, most, retry_failed, stop);
  }));
}

}  // namespace

void add_sweep(py::module_& module) {
  module.def("run_sweep", run_sweep, py::arg("plan"), py::arg("results"), py::arg("jobs"),
             py::arg("retry_failed"),
             "Runs the points of a plan's file that have no row in the results' file, and returns\n"
             "all rows as a pandas.DataFrame.");
}

}  // namespace systol::python
