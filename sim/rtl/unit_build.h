// Building a library of the matrix unit, in a cache that other processes use too.
#pragma once

#include <functional>
#include <optional>

#include "sim/rtl/unit_library.h"

namespace systol {

/// Looks again, once no other process builds the same.
using FindLibrary = std::function<std::optional<std::filesystem::path>()>;

/// Builds the library into paths.cache, which exists, unless `find` has it by then. Throws
/// EnvironmentError for missing tools or a failed build, and what std::filesystem throws.
std::filesystem::path build_into_cache(const UnitShape& shape, const UnitLibraryPaths& paths,
                                       const std::string& sources, const BuildProgress& progress,
                                       const FindLibrary& find);

/// The error for a missing program, with the way around it.
[[noreturn]] void missing_tool(const char* tool);

}  // namespace systol
