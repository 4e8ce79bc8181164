#include "host/training_page/step_rows.h"

#include <algorithm>

namespace systol {
namespace {

/// The mean loss of `count` steps from `first` on.
double mean_loss(const std::vector<double>& losses, std::size_t first, std::size_t count) {
  double sum = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    sum += losses[i];
  }
  return sum / static_cast<double>(count);
}

}  // namespace

void add_step_rows(DataSet& data, const std::string& series, const std::vector<double>& losses) {
  const std::size_t width = (losses.size() + kMostStepPoints - 1) / kMostStepPoints;
  for (std::size_t first = 0; first < losses.size(); first += width) {
    const std::size_t count = std::min(width, losses.size() - first);
    data.rows.push_back({series, first + count, mean_loss(losses, first, count)});
  }
}

}  // namespace systol
