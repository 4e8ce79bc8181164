#include "python/numpy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

constexpr float kWhiteByte = 255;
constexpr py::ssize_t kLargestNumber = 8;  ///< bytes

std::string type_text(const py::array& array) {
  return py::str(static_cast<const py::object&>(array.dtype()));
}

/// What NumPy makes of the object; no copy where it is an array.
py::array as_array(const py::object& given, const std::string& name) {
  py::array array;
  try {
    array = py::module_::import("numpy").attr("asarray")(given);
  } catch (py::error_already_set& error) {
    throw InputError(fmt::format("{}: found {}, allowed: an array of numbers ({})", name,
                                 py::type::of(given).attr("__name__").cast<std::string>(),
                                 py::str(error.value()).cast<std::string>()));
  }
  const char kind = array.dtype().kind();
  const bool number = kind == 'b' || kind == 'i' || kind == 'u' || kind == 'f';
  if (!number || array.itemsize() > kLargestNumber) {
    throw InputError(fmt::format(
        "{}: found numbers of type {}, allowed: bool, integers, and floats of up to 64 bits", name,
        type_text(array)));
  }
  if (array.ndim() == 0) {
    throw InputError(fmt::format("{}: found a single number, allowed: an array of samples", name));
  }
  return array;
}

/// Row-major and in one piece, whatever it was.
template <class Value>
std::vector<Value> values_of(const py::array& array) {
  using Dense = py::array_t<Value, py::array::c_style | py::array::forcecast>;
  const Dense dense = Dense::ensure(array);
  if (!dense) {
    throw py::error_already_set();
  }
  return {dense.data(), dense.data() + dense.size()};
}

}  // namespace

SampleFile sample_array(const py::object& given, const std::string& name) {
  const py::array array = as_array(given, name);
  const Shape whole(array.shape(), array.shape() + array.ndim());
  if (std::ranges::find(whole, 0) != whole.end()) {
    throw InputError(
        fmt::format("{}: found the shape {}, allowed: extents from 1", name, to_string(whole)));
  }
  SampleFile file;
  file.name = name;
  file.count = static_cast<std::size_t>(whole.front());
  file.shape.assign(whole.begin() + 1, whole.end());
  check_kept(name, file.count, file.shape);
  if (array.dtype().is(py::dtype::of<std::uint8_t>())) {
    file.white = kWhiteByte;
  }
  file.how = size_text(file.shape);
  file.values = values_of<float>(array);
  const auto wrong =
      std::ranges::find_if_not(file.values, [](float x) { return std::isfinite(x); });
  if (wrong != file.values.end()) {
    throw InputError(fmt::format(
        "{}{}: found {}, allowed: numbers that are finite in float32", name,
        place_text(whole, static_cast<std::size_t>(wrong - file.values.begin())), *wrong));
  }
  return file;
}

std::vector<std::uint32_t> label_array(const py::object& given, const std::string& name) {
  const py::array array = as_array(given, name);
  if (array.ndim() != 1 || array.dtype().kind() == 'f') {
    throw InputError(
        fmt::format("{}: found {} dimensions of type {}, allowed: one dimension of whole numbers",
                    name, array.ndim(), type_text(array)));
  }
  check_kept(name, static_cast<std::uint64_t>(array.size()), {});
  std::vector<std::uint32_t> labels;
  for (const std::int64_t label : values_of<std::int64_t>(array)) {
    if (label < 0 || label > std::numeric_limits<std::uint32_t>::max()) {
      throw InputError(
          fmt::format("{}[{}]: found {}, allowed: 0 or more", name, labels.size(), label));
    }
    labels.push_back(static_cast<std::uint32_t>(label));
  }
  return labels;
}

}  // namespace systol::python
