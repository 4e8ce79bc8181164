// Real factors as integers: a multiplier and a shift.
#pragma once

#include "host/graph/operation.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// The nearest multiplier / 2^shift to a `real` of at least 0, with a multiplier in [2^30, 2^31),
/// or less where the shift is at its limit; the largest one where `real` is beyond it.
Rescale fixed_point(double real);

/// From one scale to another.
Rescale rescale_between(Quantisation from, Quantisation to);

/// What joins values of `a` and `b` to values of `output`; its constant is empty.
QuantBinary quantise_binary(BinaryFunction function, Quantisation a, Quantisation b,
                            Quantisation output);

}  // namespace systol
