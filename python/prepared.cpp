#include "host/session/prepared.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <utility>

#include "host/import/labels.h"
#include "host/import/sample_file.h"
#include "host/session/file_samples.h"
#include "python/arguments.h"
#include "python/graph.h"
#include "python/interruptible.h"
#include "python/module.h"
#include "python/numpy.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

/// The name of a file, or of an array in one: "mnist.npz:x_train".
bool is_file(const py::object& given) {
  return py::isinstance<py::str>(given) || py::hasattr(given, "__fspath__");
}

FilePlace place_argument(const py::object& given, const char* name) {
  return file_place(file_argument(given, name).string());
}

Calibration calibration_argument(const std::string& name, std::optional<double> percentile) {
  Calibration calibration;
  const auto found = std::ranges::find(kCalibrationNames, name);
  if (found == kCalibrationNames.end()) {
    throw InputError(
        fmt::format("calibration: found '{}', allowed: minmax, percentile, entropy", name));
  }
  calibration.method = static_cast<CalibrationMethod>(found - kCalibrationNames.begin());
  if (percentile && calibration.method != CalibrationMethod::Percentile) {
    throw InputError("percentile: found a value, allowed: with the calibration 'percentile' only");
  }
  calibration.percentile = percentile.value_or(calibration.percentile);
  return calibration;
}

std::vector<std::uint32_t> labels_argument(const py::object& given, const Graph& graph,
                                           std::size_t samples) {
  if (given.is_none()) {
    return {};
  }
  std::vector<std::uint32_t> labels =
      is_file(given) ? read_labels(place_argument(given, "labels")) : label_array(given, "labels");
  check_labels(labels, samples, graph.output_size(), "labels");
  return labels;
}

Samples given_samples(const Graph& graph, const py::object& inputs, const py::object& labels,
                      std::optional<std::uint32_t> limit, const InputScaling& scaling) {
  if (inputs.is_none()) {
    if (!labels.is_none()) {
      throw InputError("labels: found labels without inputs, allowed: both, or none");
    }
    if (scaling.scale || scaling.offset) {
      throw InputError(
          "input_scale, input_offset: found a value without inputs, allowed: with inputs");
    }
    return made_up(graph, limit.value_or(1));
  }
  SampleFile file = is_file(inputs)
                        ? read_sample_file(place_argument(inputs, "inputs"), samples_to_read(limit))
                        : sample_array(inputs, "inputs");
  std::vector<std::uint32_t> classes = labels_argument(labels, graph, file.count);
  return file_samples(graph, std::move(file), std::move(classes), limit, scaling);
}

Prepared prepare_graph(const py::object& model, const py::object& inputs, const py::object& labels,
                       std::optional<std::int64_t> samples, std::optional<double> input_scale,
                       std::optional<double> input_offset, const std::string& calibration,
                       std::optional<double> percentile) {
  const SharedGraph shared =
      py::isinstance<SharedGraph>(model) ? model.cast<SharedGraph>() : load_graph(model);
  std::optional<std::uint32_t> limit;
  if (samples) {
    limit = count_argument(*samples, "samples", kMostSamples);
  }
  Samples given = given_samples(*shared.graph, inputs, labels, limit, {input_scale, input_offset});
  given.method = calibration_argument(calibration, percentile);
  return prepare(*shared.graph, std::move(given));
}

py::dict scores_of(const Prepared& prepared) {
  const FloatResult& result = interruptible([prepared](const std::atomic<bool>& stop) {
    return std::cref(prepared.scores(stopped_by(stop)));
  });
  const Graph& graph = prepared.graph();
  py::dict scores;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    Shape shape = graph.shape(graph.outputs[i]);
    shape.insert(shape.begin(), static_cast<std::int64_t>(prepared.samples().count));
    scores[py::str(graph.tensor(graph.outputs[i]).name)] = to_numpy(result.outputs[i], shape);
  }
  return scores;
}

}  // namespace

void add_prepared(py::module_& module) {
  py::class_<Prepared>(module, "Prepared",
                       "A model with its samples. What depends on these alone, such as the int8 "
                       "network, is\ncomputed when a run first needs it, and once for all runs.")
      .def_property_readonly(
          "graph", [](const Prepared& prepared) { return SharedGraph{prepared.shared_graph()}; })
      .def_property_readonly(
          "samples", [](const Prepared& prepared) { return prepared.samples().count; },
          "How many run.")
      .def_property_readonly(
          "input", [](const Prepared& prepared) { return prepared.samples().how; },
          "Where the samples come from, and what their numbers were taken for.")
      .def("scores", scores_of,
           "The outputs of the network in floating point: by name, float32 [samples, shape].")
      .def("__repr__", [](const Prepared& prepared) {
        return fmt::format("<systol.Prepared {}: {} samples>", prepared.graph().name,
                           prepared.samples().count);
      });
  module.def(
      "prepare", prepare_graph, py::arg("model"), py::arg("inputs") = py::none(), py::kw_only(),
      py::arg("labels") = py::none(), py::arg("samples") = py::none(),
      py::arg("input_scale") = py::none(), py::arg("input_offset") = py::none(),
      py::arg("calibration") = "minmax", py::arg("percentile") = py::none(),
      "Takes a Graph, or what load_model() reads as one, and its samples.\n\n"
      "inputs: an array [samples, shape] of real numbers, or the name of a file of samples; "
      "without\n"
      "    them samples are made up. The rules are those of `systol run --input` (docs/data.md):\n"
      "    uint8 are pixels, which become the network's range; other numbers go in as they are;\n"
      "    images are [H, W], [H, W, C] or [C, H, W]; a sample may be flat. Of several inputs, a\n"
      "    sample is one after another, flat.\n"
      "labels: an array of whole numbers [samples], or the name of a file.\n"
      "samples: how many run, the first ones; all without, or 1 that is made up. The first 256 of\n"
      "    the inputs calibrate, however many run.\n"
      "input_scale, input_offset: input = number * input_scale + input_offset.\n"
      "calibration: 'minmax', 'percentile' (with percentile=99.99) or 'entropy'.\n\n"
      "Raises InputError for what the network does not take.");
}

}  // namespace systol::python
