// Steps that move values: concat, slice, transpose, pad and repeat.
#pragma once

#include "host/compile/network_step.h"

namespace systol {

void lower_move(NetworkStep& step, const Concat& concat);
void lower_move(NetworkStep& step, const Slice& slice);
void lower_move(NetworkStep& step, const Transpose& transpose);
void lower_move(NetworkStep& step, const Pad& pad);
void lower_move(NetworkStep& step, const Repeat& repeat);

}  // namespace systol
