# SYSTOL_PYTHON: whether the Python module is built, which needs Debian's packages python3-dev and
# pybind11-dev. The libraries then are code that a shared library can take.
set(SYSTOL_PYTHON OFF)
if(SYSTOL_BUILD_PYTHON)
  if(NOT Python_EXECUTABLE AND EXISTS /usr/bin/python3)
    set(Python_EXECUTABLE /usr/bin/python3)  # the one that these packages belong to
  endif()
  find_package(Python 3.9 COMPONENTS Interpreter Development.Module)
  find_package(pybind11 2.10 CONFIG)
  if(Python_FOUND AND pybind11_FOUND)
    set(SYSTOL_PYTHON ON)
    # Nothing replaces a function of ours when the module is loaded.
    add_compile_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,STATIC_LIBRARY>:-fno-semantic-interposition>)
  elseif(NOT SYSTOL_BUILD_PYTHON STREQUAL AUTO)
    message(FATAL_ERROR "The Python module needs python3-dev and pybind11-dev: scripts/install python")
  endif()
endif()
