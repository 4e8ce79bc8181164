#include "host/cli/named_file.h"

#include <fmt/format.h>

#include "host/cli/progress_line.h"
#include "sim/base/installation.h"

namespace systol {

std::filesystem::path named_file(const std::filesystem::path& path) {
  std::filesystem::path found = find_shared_file(path);
  if (found != path) {
    show_notice(fmt::format("there is no {} here: using {}", path.string(), found.string()));
  }
  return found;
}

}  // namespace systol
