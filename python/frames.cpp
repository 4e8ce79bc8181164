#include "python/frames.h"

#include "host/report/json.h"

namespace systol::python {

namespace py = pybind11;
using namespace pybind11::literals;

py::object frame_of_csv(const std::string& csv, const ColumnTypes& types) {
  py::dict by_column;
  for (const std::string& column : types.words) {
    by_column[py::str(column)] = "str";
  }
  for (const std::string& column : types.reals) {
    by_column[py::str(column)] = "float64";
  }
  const py::object file = py::module_::import("io").attr("StringIO")(csv);
  return py::module_::import("pandas").attr("read_csv")(
      file, "dtype"_a = by_column, "float_precision"_a = "round_trip", "keep_default_na"_a = false,
      "na_values"_a = py::make_tuple(""));
}

py::object object_of_json(const nlohmann::ordered_json& json) {
  return py::module_::import("json").attr("loads")(json_text(json));
}

}  // namespace systol::python
