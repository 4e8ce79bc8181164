// Sizes of what a model's file leaves open.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "host/graph/shape.h"

namespace systol {

struct GivenShapes {
  std::map<std::string, Shape> inputs;  ///< by the input's name: all its extents, the batch's too
  std::map<std::string, std::int64_t> dimensions;  ///< by the open dimension's name

  bool empty() const { return inputs.empty() && dimensions.empty(); }
};

}  // namespace systol
