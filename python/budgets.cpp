#include "host/sweep/budgets.h"

#include <pybind11/pybind11.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "host/sweep/budget_check.h"
#include "python/arguments.h"
#include "python/frames.h"
#include "python/interruptible.h"
#include "python/module.h"

namespace systol::python {
namespace {

namespace py = pybind11;

/// A column for each key of the JSON's rows.
py::object check_file(const py::object& path) {
  const std::vector<BudgetedRun> runs = load_budgets(file_argument(path, "path"));
  std::vector<BudgetResult> results;
  interruptible([&](const std::atomic<bool>& stop) {
    for (const BudgetedRun& run : runs) {
      std::ranges::move(check_budgets(run, stopped_by(stop)), std::back_inserter(results));
    }
  });
  return py::module_::import("pandas").attr("DataFrame")(
      object_of_json(budget_json(results)["budgets"]));
}

}  // namespace

void add_budgets(py::module_& module) {
  module.def("check_budgets", check_file, py::arg("path"),
             "Runs what a file of budgets names (docs/budgets.md): a pandas.DataFrame with a row "
             "for\neach budget: run, layer, metric, unit, budget, measured, difference, failed, "
             "place.\nA budget that is not kept is no exception: `failed` is True then.");
}

}  // namespace systol::python
