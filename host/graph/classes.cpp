#include "host/graph/classes.h"

#include <algorithm>

namespace systol {
namespace {

std::size_t class_of(std::span<const float> row) {
  if (row.size() == 1) {
    return row.front() > 0.5F ? 1 : 0;
  }
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

}  // namespace

std::uint32_t class_count(std::uint32_t scores) { return std::max(scores, 2U); }

std::vector<std::size_t> classes_of(std::span<const float> scores, std::size_t columns) {
  std::vector<std::size_t> classes;
  for (std::size_t at = 0; at + columns <= scores.size(); at += columns) {
    classes.push_back(class_of(scores.subspan(at, columns)));
  }
  return classes;
}

}  // namespace systol
