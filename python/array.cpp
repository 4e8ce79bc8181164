#include <fmt/format.h>
#include <pybind11/stl.h>

#include "host/scale_sim/array_file.h"
#include "python/arguments.h"
#include "python/module.h"
#include "sim/config/array_file.h"

namespace systol::python {
namespace {

namespace py = pybind11;

ArrayConfig load_array(const py::object& path, const py::object& overrides) {
  return read_array(file_argument(path, "path"), override_argument(overrides));
}

}  // namespace

void add_array(py::module_& module) {
  py::class_<ArrayConfig>(module, "Array", "A machine: its size, speed and memories, checked.")
      .def_readonly("name", &ArrayConfig::name)
      .def_readonly("rows", &ArrayConfig::rows, "Rows of PEs.")
      .def_readonly("columns", &ArrayConfig::columns, "Columns of PEs.")
      .def_property_readonly(
          "dataflow", [](const ArrayConfig& array) { return std::string(name_of(array.dataflow)); },
          "'weight_stationary', 'output_stationary' or 'input_stationary'.")
      .def_property_readonly("clock_hz",
                             [](const ArrayConfig& array) { return array.clock.count(); })
      .def_property_readonly("unified_buffer_bytes",
                             [](const ArrayConfig& array) { return array.unified_buffer.count(); })
      .def_readonly("accumulator_rows", &ArrayConfig::accumulator_rows,
                    "Each has a sum of int32 for every column.")
      .def("__str__", [](const ArrayConfig& array) { return to_yaml(array); })
      .def("__repr__", [](const ArrayConfig& array) {
        return fmt::format("<systol.Array {}: {} x {} {}>", array.name, array.rows, array.columns,
                           name_of(array.dataflow));
      });
  module.def(
      "load_array", load_array, py::arg("path"), py::arg("overrides") = py::none(),
      "Reads an array's YAML file, or a SCALE-Sim .cfg.\n\n"
      "overrides: {'array.rows': 32, 'clock': '1 GHz'} replaces keys of the file; so does a\n"
      "    list ['array.rows=32'].\n\n"
      "str() of an array is its YAML with every key. Raises InputError.");
}

}  // namespace systol::python
