// A matrix of bytes, turned.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/fast/matrix_view.h"

namespace systol {

/// `to` becomes [from.columns][from.rows].
void transpose(const MatrixView& from, std::int8_t* to);

}  // namespace systol
