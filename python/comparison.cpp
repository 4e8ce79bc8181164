#include "host/report/comparison.h"

#include <pybind11/stl.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/result_page/comparison_page.h"
#include "host/session/workload.h"
#include "python/arguments.h"
#include "python/comparison.h"
#include "python/frames.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "python/run_files.h"
#include "sim/base/output_file.h"

namespace systol::python {
namespace {

namespace py = pybind11;

Comparison judged_by(const std::vector<std::string>& objectives,
                     const std::vector<std::string>& limits) {
  Comparison comparison;
  for (const std::string& name : objectives) {
    comparison.objectives.push_back(metric_index(name, "objectives"));
  }
  for (const std::string& limit : limits) {
    comparison.limits.push_back(parse_limit(limit, "limits"));
  }
  return comparison;
}

py::object compare(const py::iterable& models, const py::iterable& arrays,
                   const std::string& engine, bool data, std::optional<std::int64_t> batch,
                   bool check, const std::vector<std::string>& objectives,
                   const std::vector<std::string>& limits, std::int64_t threads,
                   const py::object& report) {
  Comparison comparison = judged_by(objectives, limits);
  RunOptions options;
  if (batch) {
    options.batch = count_argument(*batch, "batch", kMostSamples);
  }
  options.check = check;
  options.threads = count_argument(threads, "threads", kMostThreads);
  const EngineSpec spec = engine_argument(engine, data, options.threads);
  const std::filesystem::path page = output_argument(report, "report");
  std::vector<Workload> workloads;
  for (const py::handle model : models) {
    workloads.push_back(workload_argument(model, options.batch.value_or(1)));
  }
  std::vector<ArrayConfig> configs;
  for (const py::handle array : arrays) {
    configs.push_back(array_argument(array));
  }
  interruptible([&](const std::atomic<bool>& stop) {
    for (std::size_t i = 0; i < workloads.size(); ++i) {
      for (const ArrayConfig& config : configs) {
        comparison.rows.push_back(
            result_of(run(workloads[i], config, spec, options, stopped_by(stop))));
        comparison.rows.back().workload = i;
        comparison.rows.back().number = comparison.rows.size();
      }
    }
    if (!page.empty()) {
      write_file(page, comparison_page(comparison, ""));
    }
  });
  return frame_of(comparison);
}

}  // namespace

py::object frame_of(const Comparison& comparison) {
  ColumnTypes types{{"model", "array", "dataflow", "engine", "check", "over", "error"},
                    {"accuracy", "accuracy_float"}};
  for (const Metric& metric : metrics()) {
    if (metric.name != "cycles") {
      types.reals.emplace_back(metric.key);
    }
  }
  return frame_of_csv(comparison_csv(comparison), types);
}

void add_comparison(py::module_& module) {
  module.def(
      "compare", compare, py::arg("models"), py::arg("arrays"), py::kw_only(),
      py::arg("engine") = "fast", py::arg("data") = true, py::arg("batch") = py::none(),
      py::arg("check") = true,
      py::arg("objectives") = std::vector<std::string>{"time", "energy", "area"},
      py::arg("limits") = std::vector<std::string>{}, py::arg("threads") = 1,
      py::arg("report") = py::none(),
      "Runs each model on each array: a pandas.DataFrame with a row for each, in this order, and\n"
      "the columns of `systol compare --csv`: cycles, seconds, energy_pj, power_w, area_um2, "
      "...\n\n"
      "models, arrays: lists of what run() takes.\n"
      "objectives: rows that no other row of the model beats in all of them have `pareto` True.\n"
      "limits: such as ['1 W', '2 mm2']: `over` names those that a row does not keep.\n"
      "report: a file for the page of `systol compare --report`.\n"
      "The others are as in run().");
}

}  // namespace systol::python
