// Text whose bytes are a language model's tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace systol {

/// The bytes of a file, or of all files of a folder, one after another in the order of their names;
/// what is a link in a folder is left out. Throws InputError for what cannot be read and for more
/// than 64 MiB.
std::string read_text(const std::filesystem::path& path);

/// The text's bytes as numbers below `rows`. Throws InputError, with the place, for another byte.
std::vector<std::uint32_t> read_tokens(const std::filesystem::path& path, std::size_t rows);

}  // namespace systol
