#include "host/graph/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace systol {

std::uint64_t elements(const Shape& shape) {
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) {
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace systol
