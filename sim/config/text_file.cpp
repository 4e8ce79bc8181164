#include "sim/config/text_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t";

/// Control characters, and what is not UTF-8: the file is not what its name says.
void refuse_binary(std::string_view line, const std::string& name, std::size_t number) {
  const std::size_t not_utf8 = first_not_utf8(line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F || i == not_utf8) {
      throw InputError(fmt::format("{}:{}:{}: byte 0x{:02x} is not {}", name, number, i + 1, byte,
                                   i == not_utf8 ? "UTF-8" : "text"));
    }
  }
}

}  // namespace

std::string read_text_file(const std::filesystem::path& path, std::string_view kind) {
  return read_whole_file(path, kind, kTextMaximumBytes);
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
