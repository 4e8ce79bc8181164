#include "host/training_page/runs_beside.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "sim/base/error.h"

namespace systol {

std::vector<ShownRun> read_runs_beside(const std::vector<std::string>& files) {
  std::vector<ShownRun> runs;
  for (const std::string& file : files) {
    std::ranges::move(read_shown_runs(file), std::back_inserter(runs));
  }
  return runs;
}

void check_lines(const std::vector<ShownRun>& beside, const std::string& label,
                 const std::vector<double>& rates) {
  std::set<std::string> lines;
  for (const double rate : rates) {
    lines.insert(line_of(label, rate_text(rate), rates.size()));
  }
  for (const ShownRun& run : beside) {
    if (!lines.insert(run.line).second) {
      throw InputError(fmt::format(
          "--beside: two trainings are called '{}'; give one another name with --label", run.line));
    }
  }
}

}  // namespace systol
