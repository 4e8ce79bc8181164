// The parts of the module, each of which adds its names to it.
#pragma once

#include <pybind11/pybind11.h>

namespace systol::python {

/// InputError, EnvironmentError and HardwareError, and what the library throws as these.
void add_errors(pybind11::module_& module);
void add_graph(pybind11::module_& module);
void add_topology(pybind11::module_& module);
void add_array(pybind11::module_& module);
void add_prepared(pybind11::module_& module);
void add_report(pybind11::module_& module);
void add_run(pybind11::module_& module);
void add_comparison(pybind11::module_& module);
void add_sweep(pybind11::module_& module);
void add_explain(pybind11::module_& module);
void add_describe(pybind11::module_& module);
void add_budgets(pybind11::module_& module);
void add_validate(pybind11::module_& module);

}  // namespace systol::python
