// Running a prepared model on an array of bf16.
#pragma once

#include "host/session/run.h"

namespace systol {

/// As run() does, on PEs of floating-point numbers: the products of matmuls and convolutions run on
/// the array one after another, each from memory to memory; every other node is computed on the
/// host in float32, and is in no cycle and no energy. The check compares every sum with a
/// computation in integers. Throws InputError for a network with nodes that training does not
/// compute, for what is recorded of a whole program (waves, tensors), and for batches whose
/// tensors are too large.
RunReport run_floats(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine,
                     const RunOptions& options, const Progress& progress);

}  // namespace systol
