// Small text files that are read line by line: CSV and ini.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

/// Largest file that is read; nothing people write is near it.
inline constexpr std::size_t kTextMaximumBytes = std::size_t{1} << 20;

/// The whole file. Throws InputError, starting with the path, if it is not there, is a directory,
/// cannot be read or is larger than 1 MiB; `kind` says what was expected, as "a topology".
std::string read_text_file(const std::filesystem::path& path, std::string_view kind);

/// The lines without their ends (LF or CRLF), and without a byte order mark before the first.
/// Throws InputError "name:line:column: ..." for a byte that is not text in UTF-8. The lines point
/// into `text`.
std::vector<std::string_view> lines_of(std::string_view text, const std::string& name);

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

}  // namespace systol
