#include "host/scale_sim/topology.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "python/arguments.h"
#include "python/module.h"

namespace systol::python {

namespace py = pybind11;

void add_topology(py::module_& module) {
  py::class_<TopologyLayer>(module, "TopologyLayer",
                            "A layer as the product [m][k] times [k][n] that it is.")
      .def_readonly("name", &TopologyLayer::name)
      .def_readonly("m", &TopologyLayer::m, "Rows: of a convolution, its output pixels.")
      .def_readonly("n", &TopologyLayer::n, "Outputs: of a convolution, its filters.")
      .def_readonly("k", &TopologyLayer::k, "Products in each sum.")
      .def("__repr__", [](const TopologyLayer& layer) {
        return fmt::format("<systol.TopologyLayer {}: m={} n={} k={}>", layer.name, layer.m,
                           layer.n, layer.k);
      });
  py::class_<Topology>(module, "Topology", "The layers of a SCALE-Sim file: shapes without values.")
      .def_readonly("name", &Topology::name)
      .def_readonly("layers", &Topology::layers)
      .def("__repr__", [](const Topology& topology) {
        return fmt::format("<systol.Topology {}: {} layers>", topology.name,
                           topology.layers.size());
      });
  module.def(
      "load_topology",
      [](const py::object& path) { return systol::load_topology(file_argument(path, "path")); },
      py::arg("path"), "Reads a SCALE-Sim topology (.csv). Raises InputError.");
}

}  // namespace systol::python
