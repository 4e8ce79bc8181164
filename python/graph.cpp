#include "python/graph.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/graph/operation.h"
#include "host/graph/text.h"
#include "host/graph/work.h"
#include "host/import/limits.h"
#include "host/import/model.h"
#include "host/scale_sim/topology.h"
#include "python/arguments.h"
#include "python/module.h"
#include "python/numpy.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

constexpr auto kMostExtent = static_cast<std::int64_t>(kMaxElements);

/// A tensor of a graph, without values.
struct TensorView {
  std::string name;
  Shape shape;
  std::string kind;
};

struct NodeView {
  std::string name;
  std::string operation;
  std::vector<std::string> inputs;
  std::string output;
  Shape shape;
  std::uint64_t macs = 0;
};

std::string kind_of(const Graph& graph, TensorId id) {
  if (graph.constant(id) != nullptr) {
    return "constant";
  }
  if (std::ranges::find(graph.inputs, id) != graph.inputs.end()) {
    return "input";
  }
  const bool state =
      std::ranges::any_of(graph.states, [id](const State& each) { return each.value == id; });
  return state ? "state" : "activation";
}

TensorView view_of(const Graph& graph, TensorId id) {
  return {graph.tensor(id).name, graph.shape(id), kind_of(graph, id)};
}

std::vector<TensorView> views_of(const Graph& graph, const std::vector<TensorId>& ids) {
  std::vector<TensorView> views;
  views.reserve(ids.size());
  for (const TensorId id : ids) {
    views.push_back(view_of(graph, id));
  }
  return views;
}

std::vector<TensorView> tensors_of(const SharedGraph& shared) {
  std::vector<TensorId> ids;
  for (std::size_t i = 0; i < shared.graph->tensors.size(); ++i) {
    ids.push_back(TensorId(i));
  }
  return views_of(*shared.graph, ids);
}

std::vector<NodeView> nodes_of(const SharedGraph& shared) {
  const Graph& graph = *shared.graph;
  std::vector<NodeView> views;
  for (const Node& node : graph.nodes) {
    NodeView view{node.name,
                  std::string(name_of(node.operation)),
                  {},
                  graph.tensor(node.output).name,
                  graph.shape(node.output),
                  work_of(graph, node).macs};
    for (const TensorId id : node.inputs) {
      view.inputs.push_back(graph.tensor(id).name);
    }
    views.push_back(std::move(view));
  }
  return views;
}

/// The values of a constant, or None where it has only a shape.
py::object constant_of(const SharedGraph& shared, const std::string& name) {
  const Graph& graph = *shared.graph;
  for (const Constant& constant : graph.constants) {
    if (graph.tensor(constant.tensor).name == name) {
      if (constant.values.empty() && !constant.source) {
        return py::none();
      }
      return to_numpy(constant.values.empty() ? constant.source() : constant.values,
                      graph.shape(constant.tensor));
    }
  }
  throw InputError(fmt::format("{}: found no constant '{}'", graph.place(), name));
}

GivenShapes shapes_argument(const std::map<std::string, py::object>& shapes) {
  GivenShapes given;
  for (const auto& [name, extents] : shapes) {
    const std::string where = fmt::format("shapes['{}']", name);
    try {
      if (PyIndex_Check(extents.ptr()) != 0) {
        given.dimensions[name] =
            count_argument(extents.cast<std::int64_t>(), where.c_str(), kMostExtent);
        continue;
      }
      for (const std::int64_t extent : extents.cast<Shape>()) {
        given.inputs[name].push_back(count_argument(extent, where.c_str(), kMostExtent));
      }
    } catch (const py::cast_error&) {
      throw py::type_error(where + ": allowed: an int, or a list of int");
    }
  }
  return given;
}

SharedGraph load_model(const py::object& model, const std::map<std::string, py::object>& shapes,
                       const std::map<std::string, std::string>& states) {
  const std::filesystem::path path = file_argument(model, "model");
  if (is_topology_file(path)) {
    throw InputError(path.string() + ": a .csv file is a topology; allowed: with load_topology");
  }
  GivenStates pairs;
  for (const auto& [input, output] : states) {
    pairs.push_back({input, output});
  }
  return {std::make_shared<const Graph>(
      import_model_or_sizes(path.string(), shapes_argument(shapes), pairs))};
}

py::tuple shape_tuple(const Shape& shape) { return py::tuple(py::cast(shape)); }

void add_views(py::module_& module) {
  py::class_<TensorView>(module, "Tensor", "A tensor of a graph: its name and shape.")
      .def_readonly("name", &TensorView::name)
      .def_property_readonly(
          "shape", [](const TensorView& view) { return shape_tuple(view.shape); },
          "Of one sample; of a constant its own.")
      .def_readonly("kind", &TensorView::kind, "'input', 'constant', 'state' or 'activation'.")
      .def("__repr__", [](const TensorView& view) {
        return fmt::format("<systol.Tensor {} {} {}>", view.kind, view.name, to_string(view.shape));
      });
  py::class_<NodeView>(module, "Node", "An operation of a graph.")
      .def_readonly("name", &NodeView::name)
      .def_readonly("operation", &NodeView::operation, "'matmul', 'convolution', 'relu', ...")
      .def_readonly("inputs", &NodeView::inputs, "Names of the tensors that it reads.")
      .def_readonly("output", &NodeView::output, "Name of the tensor that it computes.")
      .def_property_readonly(
          "shape", [](const NodeView& view) { return shape_tuple(view.shape); },
          "Of its output, of one sample.")
      .def_readonly("macs", &NodeView::macs, "Multiplications of one sample.")
      .def("__repr__", [](const NodeView& view) {
        return fmt::format("<systol.Node {} = {}{}>", view.name, view.operation,
                           to_string(view.shape));
      });
}

}  // namespace

SharedGraph load_graph(const py::object& model) { return load_model(model, {}, {}); }

void add_graph(py::module_& module) {
  add_views(module);
  py::class_<SharedGraph>(module, "Graph", "A network: tensors, and nodes that compute them.")
      .def_property_readonly("name", [](const SharedGraph& shared) { return shared.graph->name; })
      .def_property_readonly(
          "inputs",
          [](const SharedGraph& shared) { return views_of(*shared.graph, shared.graph->inputs); })
      .def_property_readonly(
          "outputs",
          [](const SharedGraph& shared) { return views_of(*shared.graph, shared.graph->outputs); })
      .def_property_readonly("tensors", tensors_of, "All tensors, the constants among them.")
      .def_property_readonly("nodes", nodes_of, "In an order in which they can run.")
      .def_property_readonly(
          "notes", [](const SharedGraph& shared) { return shared.graph->notes; },
          "What was left out of the model's file, a sentence each.")
      .def_property_readonly(
          "macs", [](const SharedGraph& shared) { return total_work(*shared.graph).macs; },
          "Multiplications of one sample.")
      .def("constant", constant_of, py::arg("name"),
           "The values of a constant as a float32 array of its shape, or None where the graph has\n"
           "only its shape. Raises InputError where there is no such constant.")
      .def("__str__", [](const SharedGraph& shared) { return to_text(*shared.graph); })
      .def("__repr__", [](const SharedGraph& shared) {
        return fmt::format("<systol.Graph {}: {} nodes>", shared.graph->name,
                           shared.graph->nodes.size());
      });
  module.def(
      "load_model", load_model, py::arg("model"),
      py::arg("shapes") = std::map<std::string, py::object>{},
      py::arg("states") = std::map<std::string, std::string>{},
      "Reads a network: an ONNX file, a workload (.yaml), or sizes of dense layers such as\n"
      "'784x300x10'.\n\n"
      "shapes: sizes that an ONNX file leaves open: {'image': (1, 3, 224, 224)} by the input's\n"
      "    name, or {'length': 128} by the open dimension's.\n"
      "states: {'h0': 'hn'}: inputs of an ONNX file, and the outputs that they are for the next\n"
      "    sample.\n\n"
      "Raises InputError with the file, the place in it, what was found and what is allowed.");
}

}  // namespace systol::python
