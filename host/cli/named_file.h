// Files that the command line names and the program reads.
#pragma once

#include <filesystem>

namespace systol {

/// The file itself, or the one of the same name in the shared folder, as find_shared_file finds it;
/// says on standard error if it is that one.
std::filesystem::path named_file(const std::filesystem::path& path);

}  // namespace systol
