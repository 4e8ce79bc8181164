// Who looks at a network's products on an array of bf16.
#pragma once

#include <functional>

#include "hw/isa/command.h"

namespace systol {

/// Is given the program of a product, whose one node is the layer, with the operands in its memory.
using ProductObserver = std::function<void(const isa::Program&)>;

}  // namespace systol
