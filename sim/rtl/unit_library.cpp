#include "sim/rtl/unit_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"
#include "sim/base/installation.h"
#include "sim/rtl/cached_file.h"
#include "sim/rtl/unit_build.h"
#include "sim/rtl/unit_recipe.h"

#ifndef SYSTOL_RTL_LIBRARY_DIR
#define SYSTOL_RTL_LIBRARY_DIR ""
#endif

namespace systol {
namespace {

namespace fs = std::filesystem;
using namespace unit_recipe;

void check(const UnitShape& shape) {
  const bool good = shape.rows >= 1 && shape.rows <= isa::kLargestSide && shape.columns >= 1 &&
                    shape.columns <= isa::kLargestSide && shape.accumulator_rows >= 1 &&
                    shape.accumulator_rows <= isa::kMostAccumulatorRows;
  if (!good) {
    throw InputError(fmt::format(
        "the RTL engine has arrays of 1x1 to {0}x{0} with 1 to {1} accumulator rows, not {2} with "
        "{3}: use the engine 'systemc' or 'fast' for it",
        isa::kLargestSide, isa::kMostAccumulatorRows, shape_text(shape), shape.accumulator_rows));
  }
}

struct Library {
  Name name;
  fs::path path;
};

/// The libraries in a folder; none if there is no such folder.
std::vector<Library> libraries_in(const fs::path& folder) {
  std::vector<Library> found;
  std::error_code none;
  if (folder.empty()) {
    return found;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (auto name = parse_name(entry.path().filename().string())) {
      found.push_back({*name, entry.path()});
    }
  }
  return found;
}

/// What a crash, a full disk or a failing one has changed counts as not built, and is built again.
bool is_whole(const Library& library) { return content_hash(library.path) == library.name.content; }

/// Whatever the cache holds is run as this user's.
bool is_safe(const fs::path& folder, const Library& library, const UnitLibraryPaths& paths) {
  return folder != paths.cache || (is_private(folder) && is_private(library.path));
}

std::optional<fs::path> find(const UnitShape& shape, const UnitLibraryPaths& paths,
                             const std::string& sources) {
  for (const fs::path& folder : {paths.build_time, paths.cache}) {
    for (const Library& library : libraries_in(folder)) {
      if (library.name.shape == shape && library.name.sources == sources &&
          is_safe(folder, library, paths) && is_whole(library)) {
        return library.path;
      }
    }
  }
  return std::nullopt;
}

fs::path from_environment(const char* name, fs::path otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? fs::path(value) : std::move(otherwise);
}

}  // namespace

UnitLibraryPaths UnitLibraryPaths::standard() {
  UnitLibraryPaths paths;
  paths.sources = shared_folder();
  paths.build_time = from_environment("SYSTOL_RTL_DIR", SYSTOL_RTL_LIBRARY_DIR);
  const fs::path home = from_environment("HOME", {});
  const fs::path caches =
      from_environment("XDG_CACHE_HOME", home.empty() ? fs::path() : home / ".cache");
  paths.cache = from_environment("SYSTOL_CACHE", caches.empty() ? fs::path() : caches / "systol");
  return paths;
}

std::optional<fs::path> find_unit_library(const UnitShape& shape, const UnitLibraryPaths& paths) {
  return find(shape, paths, sources_hash(paths.sources));
}

fs::path build_unit_library(const UnitShape& shape, const BuildProgress& progress,
                            const UnitLibraryPaths& paths) {
  check(shape);
  const std::string sources = sources_hash(paths.sources);
  if (auto path = find(shape, paths, sources)) {
    return *path;
  }
  if (paths.cache.empty()) {
    throw EnvironmentError(
        "there is no folder to keep libraries of the RTL in: set SYSTOL_CACHE to one, or HOME");
  }
  if (verilator_version().empty()) {
    missing_tool("verilator");
  }
  UnitLibraryPaths absolute = paths;
  try {
    absolute.sources = fs::absolute(paths.sources);
    absolute.cache = fs::absolute(paths.cache);
    make_private_folder(absolute.cache);
    return build_into_cache(shape, absolute, sources, progress,
                            [&] { return find(shape, absolute, sources); });
  } catch (const fs::filesystem_error& problem) {
    throw EnvironmentError(
        fmt::format("cannot use the cache {}: {}; set SYSTOL_CACHE to another folder",
                    absolute.cache.string(), problem.code().message()));
  }
}

std::vector<UnitLibraryEntryInfo> list_unit_libraries(const UnitLibraryPaths& paths) {
  const std::string sources = sources_hash(paths.sources);
  std::vector<UnitLibraryEntryInfo> all;
  for (const fs::path& folder : {paths.build_time, paths.cache}) {
    for (const Library& library : libraries_in(folder)) {
      all.push_back({library.name.shape, library.path,
                     library.name.sources == sources && is_safe(folder, library, paths) &&
                         is_whole(library)});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    const auto key = [](const UnitLibraryEntryInfo& info) {
      return std::tie(info.shape.rows, info.shape.columns, info.shape.accumulator_rows,
                      info.shape.output_stationary, info.path);
    };
    return key(a) < key(b);
  });
  return all;
}

}  // namespace systol
