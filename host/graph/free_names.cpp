#include "host/graph/free_names.h"

#include <fmt/format.h>

namespace systol {

std::string FreeNames::name(const std::string& wanted) {
  for (; seen_ < graph_.tensors.size(); ++seen_) {
    taken_.insert(graph_.tensors[seen_].name);
  }
  std::string free_name = wanted;
  int& number = numbers_.try_emplace(wanted, 1).first->second;
  while (taken_.contains(free_name)) {
    free_name = fmt::format("{}_{}", wanted, ++number);
  }
  return free_name;
}

}  // namespace systol
