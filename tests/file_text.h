// A file's bytes, as a text.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace systol::test {

/// Empty where there is no such file. Not by iterators, which cost much in code that is not
/// optimised.
inline std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

}  // namespace systol::test
