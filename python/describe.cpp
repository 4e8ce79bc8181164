#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "host/compile/description.h"
#include "host/compile/program.h"
#include "python/arguments.h"
#include "python/frames.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

nlohmann::ordered_json row_of(const StepDescription& step) {
  return {{"node", step.name},
          {"operation", step.operation},
          {"adds", step.residual},
          {"unit", step.unit},
          {"row_tiles", step.row_tiles},
          {"column_tiles", step.column_tiles},
          {"filled", step.filled},
          {"bands", step.bands},
          {"at_a_time", step.choices.empty() ? "" : step.choices.front().text},
          {"constants_bytes", step.constants},
          {"inputs_in", step.inputs},
          {"output_in", step.output}};
}

py::object describe_model(const py::object& model, const py::object& array, std::int64_t batch) {
  const std::uint32_t samples = count_argument(batch, "batch", kMostSamples);
  const ArrayConfig config = array_argument(array);
  const Workload workload = workload_argument(model, samples);
  const auto* prepared = std::get_if<Prepared>(&workload);
  if (prepared == nullptr) {
    throw InputError(name_of(workload) + ": found a topology, allowed: a model");
  }
  const std::vector<StepDescription> steps = interruptible([&](const std::atomic<bool>&) {
    return describe(NetworkProgram(prepared->shared_graph(), config, samples, samples).plan());
  });
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const StepDescription& step : steps) {
    rows.push_back(row_of(step));
  }
  return py::module_::import("pandas").attr("DataFrame")(object_of_json(rows));
}

}  // namespace

void add_describe(py::module_& module) {
  module.def("describe", describe_model, py::arg("model"), py::arg("array"), py::kw_only(),
             py::arg("batch") = 1,
             "How a model is mapped on an array: a pandas.DataFrame with a row for each node: what "
             "is\nadded to its results on their way to the buffer, its unit, the tiles of its "
             "weights and the share of the array that they fill, in how "
             "many\nbands it goes through the buffer, what is computed at a time, bytes of "
             "constants,\nwhere inputs and output lie. Nothing runs.");
}

}  // namespace systol::python
