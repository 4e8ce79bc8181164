// Networks written as sizes: "64", "784x10", "784x300x10".
#pragma once

#include <cstdint>
#include <string_view>

#include "host/graph/graph.h"

namespace systol {

/// A network of dense layers without activations: "N" is one layer from N to N, "KxN" one from K to
/// N, "AxBxC" a chain. Shapes only: `fill_constants` makes weights by `seed`.
Graph dense_from_sizes(std::string_view sizes, std::uint64_t seed = 1);

}  // namespace systol
