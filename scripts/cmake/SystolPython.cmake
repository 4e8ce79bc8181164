# SYSTOL_PYTHON: whether the Python module is built, for which `scripts/install python` installs what
# it needs. The libraries then are code that a shared library can take.
set(SYSTOL_PYTHON OFF)
if(SYSTOL_BUILD_PYTHON)
  if(NOT Python_EXECUTABLE AND EXISTS /usr/bin/python3)
    set(Python_EXECUTABLE /usr/bin/python3)  # the one that Debian's packages belong to
  endif()
  find_package(Python 3.9 COMPONENTS Interpreter Development.Module)
  find_package(pybind11 2.10 CONFIG)
  set(lacks_packages 1)
  if(Python_FOUND AND pybind11_FOUND)
    execute_process(
      COMMAND ${Python_EXECUTABLE} -c
              "from importlib.util import find_spec; find_spec('numpy') and find_spec('pandas') or exit(1)"
      RESULT_VARIABLE lacks_packages)
  endif()
  if(lacks_packages EQUAL 0)
    set(SYSTOL_PYTHON ON)
    # Nothing replaces a function of ours when the module is loaded.
    add_compile_options(
      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,STATIC_LIBRARY>:-fno-semantic-interposition>)
  elseif(NOT SYSTOL_BUILD_PYTHON STREQUAL AUTO)
    message(FATAL_ERROR "The Python module needs python3-dev, pybind11-dev, python3-numpy and "
                        "python3-pandas: scripts/install python")
  endif()
endif()
