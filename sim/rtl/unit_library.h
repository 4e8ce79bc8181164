// Verilated libraries of the matrix unit, one per shape: where they are and how they are built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol {

/// Where the RTL is and where libraries of it are kept. The last two folders have one layout.
struct UnitLibraryPaths {
  std::filesystem::path sources;     ///< the folder that has hw/rtl and sim/rtl in it
  std::filesystem::path build_time;  ///< libraries built with the project; never written to
  std::filesystem::path cache;       ///< the user's

  /// sources: the shared folder (sim/base/installation.h). build_time: $SYSTOL_RTL_DIR, or the
  /// build's own. cache: $SYSTOL_CACHE, or $XDG_CACHE_HOME/systol, or ~/.cache/systol; empty where
  /// the environment has none of them.
  static UnitLibraryPaths standard();
};

/// Called with each step of a build, as a sentence for people: "compiling the RTL of 16x16 ...".
using BuildProgress = std::function<void(std::string_view)>;

/// The library of a shape as the sources are now, or nothing if it has not been built.
std::optional<std::filesystem::path> find_unit_library(
    const UnitShape& shape, const UnitLibraryPaths& paths = UnitLibraryPaths::standard());

/// Finds the library, or builds it into the cache, which is made for this user alone. If another
/// process is building the same one, waits for that. A library whose content is not what it was is
/// built again, and so is one in the cache that others than this user and root can have written.
/// Throws InputError for a shape out of bounds, EnvironmentError for missing tools, a failed build
/// (with the end of its log), and for a cache that is full, cannot be used or that others can write
/// to.
std::filesystem::path build_unit_library(
    const UnitShape& shape, const BuildProgress& progress = {},
    const UnitLibraryPaths& paths = UnitLibraryPaths::standard());

struct UnitLibraryEntryInfo {
  UnitShape shape;
  std::filesystem::path path;
  bool current = false;  ///< one that would be used: whole, safe and of today's sources
};

struct CleanedCache {
  std::filesystem::path folder;
  std::size_t libraries = 0;
  std::uintmax_t bytes = 0;  ///< of all that was removed
};

/// Removes from the cache the libraries, Verilator's runtime, and what builds that ended too early
/// have left; never another file, and never what a build that goes on needs. The folder stays. Of
/// the libraries that come with the build nothing goes. Throws EnvironmentError for a cache that
/// the environment does not name or that cannot be written.
CleanedCache clean_unit_cache(const UnitLibraryPaths& paths = UnitLibraryPaths::standard());

/// Every library in both folders, sorted by shape.
std::vector<UnitLibraryEntryInfo> list_unit_libraries(
    const UnitLibraryPaths& paths = UnitLibraryPaths::standard());

}  // namespace systol
