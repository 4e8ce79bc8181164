// An operation with its parameters as text: "convolution[stride=2x2, groups=4]".
#pragma once

#include <string>

#include "host/graph/operation.h"
#include "host/graph/text_line.h"

namespace systol {

/// The name, and in brackets what the operation has of parameters; those with a key are left out
/// where they stand at their default.
///
///     matmul[transposed]      leaky_relu[0.01]       clip[0, 6]           normalise[spatial]
///     reshape[2, 4]           transpose[0, 2, 1]     repeat[2, 2, 1]      concat[axis=2]
///     convolution[stride=2x2, dilation=2x2, before=1x1, after=0x1, groups=4]
///     max_pool[2x2, stride=2x2]       average_pool[7x7, count_borders]
///     slice[0:14, 13:7:-2]            for each axis start:size, and :step unless it is 1
///     pad[before=1x1x0, after=1x1x0, between=1x1x0, value=-1]
std::string to_text(const Operation& operation);

/// Reads it back. Throws InputError.
Operation read_operation(TextLine& line);

}  // namespace systol
