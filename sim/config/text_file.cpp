#include "sim/config/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "sim/base/error.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t";

/// Control characters: the file is not what its name says.
void refuse_binary(std::string_view line, const std::string& name, std::size_t number) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F || byte > 0xF4) {
      throw InputError(
          fmt::format("{}:{}:{}: byte 0x{:02x} is not text", name, number, i + 1, byte));
    }
  }
}

}  // namespace

std::string read_text_file(const fs::path& path, std::string_view kind) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw InputError(fmt::format("{}: no such file", path.string()));
  }
  if (status.type() == fs::file_type::directory) {
    throw InputError(fmt::format("{}: is a directory, expected {}", path.string(), kind));
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    throw InputError(fmt::format("{}: cannot be read", path.string()));
  }
  std::string text(kTextMaximumBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kTextMaximumBytes) {
    throw InputError(
        fmt::format("{}: is larger than 1 MiB, the limit for {}", path.string(), kind));
  }
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text, const std::string& name) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    refuse_binary(line, name, lines.size() + 1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace systol
