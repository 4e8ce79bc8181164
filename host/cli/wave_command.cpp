#include "host/cli/wave_command.h"

#include <fmt/format.h>

#include <sstream>
#include <string_view>

namespace systol {
namespace {

/// Options that write a file; each has a value.
bool writes(std::string_view option) {
  return option.starts_with("--wave") || option.starts_with("--timeline") || option == "--json" ||
         option == "--report-as";
}

}  // namespace

std::string wave_command(const std::string& command_line, std::pair<Cycles, Cycles> cycles) {
  std::istringstream words(command_line);
  std::string kept;
  bool clocked = false;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string option = word.substr(0, equals);
    if (!option.starts_with("--") || (!writes(option) && option != "--engine")) {
      kept += (kept.empty() ? "" : " ") + word;
      continue;
    }
    std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (equals == std::string::npos) {
      words >> value;
    }
    if (option == "--engine" && value != "fast") {
      kept += " --engine " + value;
      clocked = true;
    }
  }
  return fmt::format("{}{} --wave wrong.fst --wave-from {} --wave-to {}", kept,
                     clocked ? "" : " --engine rtl", cycles.first.count(), cycles.second.count());
}

}  // namespace systol
