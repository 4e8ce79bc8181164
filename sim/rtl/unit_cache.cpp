#include <fmt/format.h>

#include <string>
#include <system_error>
#include <vector>

#include "sim/base/error.h"
#include "sim/rtl/unit_library.h"
#include "sim/rtl/unit_recipe.h"
#include "sim/rtl/work_folder.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

bool is_library(const fs::path& path) {
  return unit_recipe::parse_name(path.filename().string()).has_value();
}

/// What builds make beside libraries, by its name.
bool is_of_a_build(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string extension = path.extension().string();
  if (name.starts_with("runtime-")) {
    return extension == ".a" || extension == ".build" || extension == ".log";
  }
  return name.starts_with("unit-") && (extension == ".build" || extension == ".log");
}

std::uintmax_t size_of(const fs::path& path) {
  if (fs::is_regular_file(fs::symlink_status(path))) {
    return fs::file_size(path);
  }
  std::uintmax_t sum = 0;
  if (fs::is_directory(fs::symlink_status(path))) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
      sum += entry.is_regular_file() && !entry.is_symlink() ? entry.file_size() : 0;
    }
  }
  return sum;
}

/// Each build holds one of the files' locks, and waits for whoever holds it.
std::vector<FileLock> lock_all(const fs::path& cache) {
  std::vector<FileLock> locks;
  for (const fs::directory_entry& entry : fs::directory_iterator(cache)) {
    if (entry.path().extension() != ".lock") {
      continue;
    }
    auto lock = FileLock::if_free(entry.path());
    if (!lock) {
      throw EnvironmentError(fmt::format(
          "the cache {} is in use: another process builds {}; try again when it is done",
          cache.string(), entry.path().stem().string()));
    }
    locks.push_back(std::move(*lock));
  }
  return locks;
}

void remove_all_in(CleanedCache& cleaned) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(cleaned.folder)) {
    found.push_back(entry.path());
  }
  for (const fs::path& path : found) {
    if (is_library(path) || is_of_a_build(path)) {
      const std::uintmax_t bytes = size_of(path);
      fs::remove_all(path);
      cleaned.bytes += bytes;
      cleaned.libraries += is_library(path) ? 1 : 0;
    }
  }
}

}  // namespace

CleanedCache clean_unit_cache(const UnitLibraryPaths& paths) {
  if (paths.cache.empty()) {
    throw EnvironmentError(
        "there is no folder that libraries of the RTL are kept in: set SYSTOL_CACHE to one, or "
        "HOME");
  }
  CleanedCache cleaned{fs::absolute(paths.cache)};
  if (!fs::exists(paths.cache)) {
    return cleaned;
  }
  try {
    const std::vector<FileLock> locks = lock_all(cleaned.folder);
    remove_all_in(cleaned);
  } catch (const fs::filesystem_error& problem) {
    throw EnvironmentError(fmt::format("cannot empty the cache {}: {}", cleaned.folder.string(),
                                       problem.code().message()));
  }
  return cleaned;
}

}  // namespace systol
