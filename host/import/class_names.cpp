#include "host/import/class_names.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/base/error.h"
#include "sim/config/text_file.h"

namespace systol {

std::vector<std::string> read_class_names(const std::filesystem::path& path,
                                          std::uint32_t classes) {
  const std::string text = read_text_file(path, "names of classes");
  std::vector<std::string_view> lines = lines_of(text, path.string());
  while (!lines.empty() && trimmed(lines.back()).empty()) {
    lines.pop_back();
  }
  std::vector<std::string> names;
  for (const std::string_view line : lines) {
    names.emplace_back(trimmed(line));
    if (names.back().empty()) {
      throw InputError(
          fmt::format("{}:{}: a blank line, allowed: a name", path.string(), names.size()));
    }
  }
  if (names.size() != classes) {
    throw InputError(fmt::format("{}: it has {} names, but the network has {} classes",
                                 path.string(), names.size(), classes));
  }
  return names;
}

}  // namespace systol
