// What a layer of the matrix unit computes at a time, and what else the compiler could do.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "host/compile/plan.h"

namespace systol {

struct LayerChoice {
  std::string text;  ///< "7 rows x 4 column tiles, output through memory"
  Cycles cost;       ///< by the cost model, of all of the plan's samples that go together
};

/// Of step `i`: what the compiler does first, then the best that it does not; one alone where there
/// is no other way, none for the vector unit and for a product of two activations whose matrices
/// fit. A layer whose
/// tensors are in the buffer whole could have its input, its output or both go through memory in
/// bands; one of a chain could have tiles of activations do so.
std::vector<LayerChoice> layer_choices(const Plan& plan, std::size_t i);

}  // namespace systol
