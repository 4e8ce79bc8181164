// Inputs that files give as whole numbers, such as the pixels of a quantised model or a mask.
#pragma once

#include "host/graph/graph.h"
#include "host/import/sample_file.h"

namespace systol {

/// Puts the real values of the graph's inputs of whole numbers in place of their numbers; samples
/// are in the order of the inputs' tensors. Pixels that were averaged are rounded first. Nothing
/// changes for other inputs. Throws InputError, naming the file and the sample, for what is not
/// whole and for numbers that the input's type does not have.
void take_whole_numbers(SampleFile& file, const Graph& graph);

}  // namespace systol
