#include "sim/base/installation.h"

#include <cstdlib>
#include <utility>

#ifndef SYSTOL_SOURCE_DIR
#error "SYSTOL_SOURCE_DIR must name the folder that has configs and hw/rtl in it"
#endif

namespace systol {

namespace fs = std::filesystem;

namespace {

/// Empty where nobody has set it.
fs::path& set_folder() {
  static fs::path folder;
  return folder;
}

}  // namespace

void set_shared_folder(fs::path folder) { set_folder() = std::move(folder); }

fs::path shared_folder(const fs::path& program) {
  const char* given = std::getenv("SYSTOL_SOURCES");
  if (given != nullptr && *given != '\0') {
    return given;
  }
  if (!set_folder().empty()) {
    return set_folder();
  }
  std::error_code unknown;
  const fs::path itself = fs::canonical(program, unknown);
  fs::path installed = itself.parent_path().parent_path() / "share/systol";
  return !unknown && fs::exists(installed / "hw/rtl", unknown) ? installed
                                                               : fs::path(SYSTOL_SOURCE_DIR);
}

fs::path find_shared_file(const fs::path& path) {
  std::error_code unknown;
  if (path.is_absolute() || fs::exists(path, unknown)) {
    return path;
  }
  fs::path shared = shared_folder() / path;
  return fs::is_regular_file(shared, unknown) ? shared : path;
}

}  // namespace systol
