// Inputs that files give as indices, such as a language model's tokens.
#pragma once

#include "host/graph/graph.h"
#include "host/import/sample_file.h"

namespace systol {

/// Puts the rows of the graph's lookups in place of the indices of each sample, and rotary angles
/// where the graph has inputs of such, of which a file holds nothing. Indices are whole
/// numbers from 0 to the table's last row, or from -1 down to its first. Nothing changes for a
/// graph with neither. Throws InputError, naming the file and the sample, for other numbers, and
/// for samples of another size: the indices or values of one input after those of another.
void look_up(SampleFile& file, const Graph& graph);

}  // namespace systol
