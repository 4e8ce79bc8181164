// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace systol {

/// Writes `text` under a temporary name beside `path` and renames it. "-" is standard output.
/// Throws EnvironmentError, naming the path and the reason, and leaves nothing behind.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace systol
