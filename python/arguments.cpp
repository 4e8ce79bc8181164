#include "python/arguments.h"

#include <fmt/format.h>
#include <pybind11/stl/filesystem.h>

#include "host/import/model.h"
#include "host/scale_sim/array_file.h"
#include "python/graph.h"
#include "sim/base/error.h"
#include "sim/base/installation.h"

namespace systol::python {

namespace py = pybind11;

namespace {

std::string type_name(const py::handle& given) {
  return py::type::handle_of(given).attr("__name__").cast<std::string>();
}

std::string value_text(const py::handle& value) {
  if (py::isinstance<py::bool_>(value)) {
    return value.cast<bool>() ? "true" : "false";
  }
  return py::str(value);
}

}  // namespace

std::filesystem::path file_argument(const py::handle& given, const char* name) {
  if (!py::isinstance<py::str>(given) && !py::hasattr(given, "__fspath__")) {
    throw py::type_error(
        fmt::format("{}: found {}, allowed: str or a path", name, type_name(given)));
  }
  return find_shared_file(given.cast<std::filesystem::path>());
}

std::vector<std::string> override_argument(const py::object& given) {
  std::vector<std::string> overrides;
  if (given.is_none()) {
    return overrides;
  }
  if (py::isinstance<py::dict>(given)) {
    for (const auto& [key, value] : given.cast<py::dict>()) {
      overrides.push_back(fmt::format("{}={}", value_text(key), value_text(value)));
    }
    return overrides;
  }
  if (!py::isinstance<py::list>(given) && !py::isinstance<py::tuple>(given)) {
    throw py::type_error(
        fmt::format("overrides: found {}, allowed: a dict or a list of str", type_name(given)));
  }
  for (const py::handle& item : given) {
    overrides.push_back(value_text(item));
  }
  return overrides;
}

ArrayConfig array_argument(const py::handle& given) {
  return py::isinstance<ArrayConfig>(given) ? given.cast<const ArrayConfig&>()
                                            : read_array(file_argument(given, "array"));
}

Samples made_up(const Graph& graph, std::uint32_t count) {
  Samples samples = synthetic_samples(count);
  samples.how = fmt::format("synthetic input, seed {}", graph.seed);
  return samples;
}

Workload workload_argument(const py::handle& given, std::uint32_t samples) {
  if (py::isinstance<Prepared>(given)) {
    return given.cast<const Prepared&>();
  }
  if (py::isinstance<Topology>(given)) {
    return given.cast<const Topology&>();
  }
  if (py::isinstance<SharedGraph>(given)) {
    const Graph& graph = *given.cast<const SharedGraph&>().graph;
    return prepare(graph, made_up(graph, samples));
  }
  const std::filesystem::path path = file_argument(given, "model");
  if (is_topology_file(path)) {
    return load_topology(path);
  }
  Graph graph = import_model_or_sizes(path.string());
  Samples inputs = made_up(graph, samples);
  return prepare(std::move(graph), std::move(inputs));
}

EngineSpec engine_argument(const std::string& name, bool data, unsigned threads) {
  if (name == "fast") {
    return FastEngine{.values = data, .threads = threads};
  }
  if (name != "systemc" && name != "rtl") {
    throw InputError(fmt::format("engine: found '{}', allowed: fast, systemc, rtl", name));
  }
  if (!data) {
    throw InputError(
        fmt::format("data: found False, allowed: True, because the engine {} moves data", name));
  }
  return ClockedEngine{name == "rtl" ? ClockedUnit::Rtl : ClockedUnit::SystemC, std::nullopt,
                       std::nullopt};
}

std::uint32_t count_argument(std::int64_t given, const char* name, std::int64_t most) {
  if (given < 1 || given > most) {
    throw InputError(fmt::format("{}: found {}, allowed: 1 to {}", name, given, most));
  }
  return static_cast<std::uint32_t>(given);
}

}  // namespace systol::python
