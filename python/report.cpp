#include "host/report/report.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <string_view>

#include "host/report/json.h"
#include "host/report/node_csv.h"
#include "host/report/table.h"
#include "python/frames.h"
#include "python/module.h"
#include "python/numpy.h"

namespace systol::python {
namespace {

namespace py = pybind11;

/// Values of a tensor in all samples.
struct ValuesView {
  std::string name;
  std::vector<std::string> nodes;
  Shape shape;  ///< [samples][shape of a sample]
  Quantisation quantisation;
  std::vector<std::int8_t> quantised;

  py::array_t<float> values() const {
    std::vector<float> real(quantised.size());
    for (std::size_t i = 0; i < real.size(); ++i) {
      real[i] = quantisation.scale * static_cast<float>(quantised[i] - quantisation.zero_point);
    }
    return to_numpy(real, shape);
  }
};

Shape with_samples(const Shape& shape, std::size_t values) {
  Shape whole{static_cast<std::int64_t>(values / elements(shape))};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

py::dict outputs_of(const RunReport& report) {
  py::dict outputs;
  for (const OutputValues& output : report.outputs) {
    Shape shape = with_samples(output.shape, output.quantised.size());
    if (static_cast<std::uint64_t>(shape.front()) != report.samples) {  // it grows
      shape = {static_cast<std::int64_t>(output.quantised.size() / output.columns),
               static_cast<std::int64_t>(output.columns)};
    }
    outputs[py::str(output.name)] =
        ValuesView{output.name, {}, std::move(shape), output.quantisation, output.quantised};
  }
  return outputs;
}

py::dict tensors_of_report(const RunReport& report) {
  py::dict tensors;
  for (const TensorValues& tensor : report.tensors) {
    tensors[py::str(tensor.name)] =
        ValuesView{tensor.name, tensor.nodes, with_samples(tensor.shape, tensor.values.size()),
                   tensor.quantisation, tensor.values};
  }
  return tensors;
}

py::dict ledger_of(const RunReport& report) {
  py::dict ledger;
  for (std::size_t i = 0; i < kCycleClassNames.size(); ++i) {
    ledger[py::str(std::string(kCycleClassNames[i]))] = report.ledger.cycles[i].count();
  }
  return ledger;
}

py::dict activity_of(const RunReport& report) {
  py::dict activity;
  for (std::size_t i = 0; i < kActions; ++i) {
    activity[py::str(std::string(kActionTexts[i].name))] = report.activity.counts[i];
  }
  return activity;
}

std::string check_of(const RunReport& report) {
  return !report.check.enabled ? "skipped" : report.check.passed() ? "ok" : "FAILED";
}

py::object accuracy_of(const RunReport& report) {
  return report.accuracy ? py::cast(report.accuracy->quantised) : py::none();
}

void add_values(py::module_& module) {
  py::class_<ValuesView>(module, "Values",
                         "The values of a tensor in all samples, as the machine computed them:\n"
                         "values = scale * (quantised - zero_point).")
      .def_readonly("name", &ValuesView::name)
      .def_readonly("nodes", &ValuesView::nodes,
                    "The nodes whose step computed it; none of an input, or of outputs.")
      .def_property_readonly(
          "shape", [](const ValuesView& view) { return py::tuple(py::cast(view.shape)); },
          "(samples, then the shape of a sample)")
      .def_property_readonly("scale",
                             [](const ValuesView& view) { return view.quantisation.scale; })
      .def_property_readonly(
          "zero_point", [](const ValuesView& view) { return int{view.quantisation.zero_point}; })
      .def_property_readonly(
          "quantised", [](const ValuesView& view) { return to_numpy(view.quantised, view.shape); },
          "int8 [samples, shape]: a new array each time.")
      .def_property_readonly("values", &ValuesView::values,
                             "float32 [samples, shape] in the network's own units: a new array "
                             "each time.")
      .def("__repr__", [](const ValuesView& view) {
        return fmt::format("<systol.Values {} {}>", view.name, to_string(view.shape));
      });
}

}  // namespace

void add_report(py::module_& module) {
  add_values(module);
  py::class_<RunReport, std::shared_ptr<RunReport>>(module, "Report",
                                                    "What a run has to say. str() is the table "
                                                    "that `systol run` prints.")
      .def_readonly("model", &RunReport::model)
      .def_readonly("array", &RunReport::array)
      .def_readonly("engine", &RunReport::engine, "'fast', 'systemc' or 'rtl'.")
      .def_readonly("input", &RunReport::input)
      .def_readonly("samples", &RunReport::samples)
      .def_readonly("batch", &RunReport::batch)
      .def_property_readonly("cycles",
                             [](const RunReport& report) { return report.cycles.count(); })
      .def_property_readonly("seconds", &RunReport::seconds, "Of the machine.")
      .def_property_readonly("ledger", ledger_of,
                             "Cycles by what they went to; their sum is `cycles`.")
      .def_property_readonly("activity", activity_of, "How often each action happened.")
      .def_property_readonly(
          "energy_pj", [](const RunReport& report) { return report.energy.total.count(); },
          "Of all samples, in picojoules.")
      .def_property_readonly("power_w", &RunReport::power_w, "Average power in watts.")
      .def_property_readonly("utilisation", &RunReport::utilisation,
                             "Useful multiplications per PE and cycle, 0 to 1.")
      .def_property_readonly("check", check_of,
                             "'ok' where every value equals the reference, 'FAILED', or 'skipped'.")
      .def_property_readonly("accuracy", accuracy_of,
                             "Share of samples whose largest output is the label's; None without "
                             "labels.")
      .def_property_readonly("outputs", outputs_of,
                             "The network's outputs by name; none in a run without data.")
      .def_property_readonly("tensors", tensors_of_report,
                             "All tensors that flow, by name, where run(tensors=True) asked for "
                             "them.")
      .def_property_readonly(
          "layers",
          [](const RunReport& report) {
            return frame_of_csv(node_csv(report),
                                {{"node", "operation"}, {"utilisation", "energy_pj"}});
          },
          "A pandas.DataFrame with a row for each layer: its size (m, k, n), cycles and what they\n"
          "went to, utilisation, bytes, energy_pj; the columns of `systol run --csv`.")
      .def_readonly("notes", &RunReport::notes)
      .def(
          "to_dict", [](const RunReport& report) { return object_of_json(to_json(report)); },
          "All of it, as `systol run --json` writes it (docs/json.md).")
      .def("__str__", [](const RunReport& report) { return to_text(report); })
      .def("__repr__", [](const RunReport& report) {
        return fmt::format("<systol.Report {} on {}: {} cycles, check {}>", report.model,
                           report.array.name, report.cycles.count(), check_of(report));
      });
}

}  // namespace systol::python
