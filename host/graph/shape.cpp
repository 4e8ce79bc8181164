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

std::string place_text(const Shape& shape, std::size_t index) {
  Shape place(shape.size());
  for (std::size_t i = shape.size(); i-- > 0;) {
    const auto extent = static_cast<std::size_t>(shape[i]);
    place[i] = static_cast<std::int64_t>(index % extent);
    index /= extent;
  }
  return to_string(place);
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace systol
