// Whether a shared library's file is all there.
#pragma once

#include <filesystem>

namespace systol {

/// False for a file that is cut short or no ELF library at all. The loader maps a library without
/// such a look, and touching a page behind the file's end kills the process.
bool is_whole_library(const std::filesystem::path& path);

}  // namespace systol
