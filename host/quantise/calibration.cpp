#include "host/quantise/calibration.h"

#include <algorithm>
#include <cstdint>

#include "host/graph/work.h"

namespace systol {
namespace {

constexpr std::uint64_t kMultiplications = std::uint64_t{1} << 35;
constexpr std::uint64_t kFewestRows = 4;

}  // namespace

std::size_t calibration_rows(const Graph& graph, std::size_t rows) {
  const std::uint64_t a_sample = std::max<std::uint64_t>(total_work(graph).macs, 1);
  return std::min<std::size_t>(rows, std::max(kMultiplications / a_sample, kFewestRows));
}

}  // namespace systol
