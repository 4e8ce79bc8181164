#include "host/import/sizes.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <vector>

#include "host/graph/dense.h"
#include "host/import/limits.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// A whole number from 1 to kMaxUnits, or 0 for anything else.
std::uint32_t unit_count(std::string_view text) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && value <= kMaxUnits ? value : 0;
}

std::vector<std::uint32_t> parse(std::string_view sizes) {
  std::vector<std::uint32_t> units;
  std::string_view rest = sizes;
  while (true) {
    const std::size_t cross = rest.find('x');
    units.push_back(unit_count(rest.substr(0, cross)));
    if (units.back() == 0) {
      throw InputError(
          fmt::format("'{}': not a size; a size is N, KxN or AxBxC..., of whole "
                      "numbers from 1 to {}",
                      sizes, kMaxUnits));
    }
    if (cross == std::string_view::npos) {
      return units;
    }
    rest.remove_prefix(cross + 1);
  }
}

}  // namespace

Graph dense_from_sizes(std::string_view sizes, std::uint64_t seed) {
  std::vector<std::uint32_t> units = parse(sizes);
  if (units.size() == 1) {
    units.push_back(units.front());
  }
  Graph graph;
  graph.name = std::string(sizes);
  graph.seed = seed;
  TensorId current = graph.add_input("input", {units.front()});
  for (std::size_t i = 1; i < units.size(); ++i) {
    current = add_dense(graph, fmt::format("dense_{}", i), current, units[i]);
  }
  graph.outputs = {current};
  check_limits(graph, fmt::format("'{}'", sizes));
  return graph;
}

}  // namespace systol
