#include "python/run_files.h"

#include <span>
#include <string>
#include <utility>

#include "host/report/gzip.h"
#include "host/run_page/run_page.h"
#include "sim/base/output_file.h"

namespace systol::python {

namespace py = pybind11;

std::filesystem::path output_argument(const py::object& given, const char* name) {
  if (given.is_none()) {
    return {};
  }
  if (!py::isinstance<py::str>(given) && !py::hasattr(given, "__fspath__")) {
    throw py::type_error(std::string(name) + ": found " +
                         py::cast<std::string>(py::str(py::type::of(given))) +
                         ", allowed: the name of a file");
  }
  return py::cast<std::string>(py::module_::import("os").attr("fspath")(given));
}

RunFiles::RunFiles(std::filesystem::path page, std::filesystem::path timeline,
                   const ArrayConfig& config)
    : page_(std::move(page)), timeline_path_(std::move(timeline)) {
  if (page_.empty() && timeline_path_.empty()) {
    return;
  }
  table_ = load_energy_table(config);
  if (!page_.empty()) {
    tracer_.emplace(config, *table_);
  }
  if (!timeline_path_.empty()) {
    timeline_.emplace(config, *table_, std::span<const std::string>());
  }
}

std::vector<RunObserver*> RunFiles::observers() {
  std::vector<RunObserver*> all;
  if (tracer_) {
    all = tracer_->observers();
  }
  if (timeline_) {
    all.push_back(&*timeline_);
  }
  return all;
}

void RunFiles::write(const RunReport& report) {
  if (timeline_) {
    const std::string text = timeline_->json();
    write_file(timeline_path_, timeline_path_.extension() == ".gz" ? gzip(text) : text);
  }
  if (tracer_) {
    Wavefront none;
    none.missing = "Pages from Python have no tile cycle by cycle; systol run --report shows one.";
    write_file(page_, run_page(report, tracer_->take(report), none));
  }
}

}  // namespace systol::python
