#include <pybind11/pybind11.h>

#include <exception>
#include <utility>

#include "python/module.h"
#include "sim/base/error.h"

namespace systol::python {
namespace {

namespace py = pybind11;

/// The classes live as long as the process, as those of any module.
PyObject* input_error = nullptr;
PyObject* environment_error = nullptr;
PyObject* hardware_error = nullptr;

PyObject* add_class(py::module_& module, const char* name, const char* doc, PyObject* base) {
  const std::string full = std::string("systol.") + name;
  PyObject* made = PyErr_NewExceptionWithDoc(full.c_str(), doc, base, nullptr);
  if (made == nullptr) {
    throw py::error_already_set();
  }
  module.add_object(name, made);
  return made;
}

/// A place in a file may have any bytes in it.
void raise(PyObject* type, const char* message) {
  const py::object text = py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
      message, static_cast<Py_ssize_t>(std::char_traits<char>::length(message)),
      "backslashreplace"));
  PyErr_SetObject(type, text.ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    std::rethrow_exception(std::move(thrown));
  } catch (const InputError& error) {
    raise(input_error, error.what());
  } catch (const EnvironmentError& error) {
    raise(environment_error, error.what());
  } catch (const HardwareError& error) {
    raise(hardware_error, error.what());
  }
}

}  // namespace

void add_errors(py::module_& module) {
  input_error = add_class(module, "InputError",
                          "What was given is wrong. The message is one sentence with the place, "
                          "what was found and what is allowed.",
                          PyExc_ValueError);
  environment_error = add_class(module, "EnvironmentError",
                                "What the library stands on is wrong: a tool is missing, a disk "
                                "is full, another run with a clock has not ended.",
                                PyExc_RuntimeError);
  hardware_error =
      add_class(module, "HardwareError", "The simulated hardware refused what was done to it.",
                PyExc_RuntimeError);
  py::register_exception_translator(translate);
}

}  // namespace systol::python
