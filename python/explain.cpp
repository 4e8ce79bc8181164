#include "host/explain/explain.h"

#include <pybind11/stl.h>

#include <string>

#include "host/explain/explanation_json.h"
#include "python/arguments.h"
#include "python/frames.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

py::object explain_model(const py::object& model, const py::object& array, std::int64_t batch,
                         std::int64_t threads) {
  const std::uint32_t samples = count_argument(batch, "batch", kMostSamples);
  const unsigned most = count_argument(threads, "threads", kMostThreads);
  const ArrayConfig config = array_argument(array);
  const Workload workload = workload_argument(model, samples);
  const auto* prepared = std::get_if<Prepared>(&workload);
  if (prepared == nullptr) {
    throw InputError(name_of(workload) + ": found a topology, allowed: a model");
  }
  return object_of_json(to_json(interruptible(
      [&](const std::atomic<bool>&) { return explain(*prepared, config, samples, most); })));
}

}  // namespace

void add_explain(py::module_& module) {
  module.def("explain", explain_model, py::arg("model"), py::arg("array"), py::kw_only(),
             py::arg("batch") = 1, py::arg("threads") = 1,
             "Why a run takes as long as it does, and what would make it shorter: the dict that\n"
             "`systol explain --json` writes (docs/json.md). Ctrl-C is heard when it has ended.");
}

}  // namespace systol::python
