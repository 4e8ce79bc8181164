#include "python/module.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "host/report/version.h"
#include "sim/base/installation.h"

namespace systol::python {
namespace {

namespace fs = std::filesystem;

/// An installed package has the configs and the RTL's sources in it.
void find_shared_files(const std::string& package) {
  const fs::path shared = fs::path(package) / "share/systol";
  std::error_code unknown;
  if (fs::exists(shared / "hw/rtl", unknown)) {
    set_shared_folder(shared);
  }
}

}  // namespace
}  // namespace systol::python

PYBIND11_MODULE(_systol, module) {
  using namespace systol::python;
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  module.doc() = "The compiled part of systol.";
  module.attr("__version__") = systol::kVersion;
  module.def("find_shared_files", find_shared_files, pybind11::arg("package"),
             "Looks for configs and RTL in the folder of the package first.");
  module.def(
      "shared_folder", [] { return systol::shared_folder().string(); },
      "The folder that has configs/ and hw/rtl/ in it. A relative path that names no file in the\n"
      "working folder is looked for there, too.");
  add_errors(module);
  add_graph(module);
  add_topology(module);
  add_array(module);
  add_prepared(module);
  add_report(module);
  add_run(module);
  add_comparison(module);
  add_sweep(module);
  add_explain(module);
  add_describe(module);
  add_budgets(module);
  add_validate(module);
}
