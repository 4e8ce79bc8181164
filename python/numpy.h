// NumPy arrays to samples, and results to NumPy arrays.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/graph/shape.h"
#include "host/import/sample_file.h"

namespace systol::python {

/// A copy, which belongs to Python: [shape], or with `samples` [samples][shape].
template <class Value>
pybind11::array_t<Value> to_numpy(const std::vector<Value>& values, const Shape& shape) {
  return pybind11::array_t<Value>(std::vector<pybind11::ssize_t>(shape.begin(), shape.end()),
                                  values.data());
}

/// Samples as a file of them would hold them: [samples][shape] of any real numbers, of which uint8
/// are pixels. Throws InputError, which begins with `name`.
SampleFile sample_array(const pybind11::object& given, const std::string& name);

/// One whole number a sample. Throws InputError, which begins with `name`.
std::vector<std::uint32_t> label_array(const pybind11::object& given, const std::string& name);

}  // namespace systol::python
