// Which class a network says each sample is of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "host/graph/graph.h"
#include "host/report/report.h"

namespace systol {

/// Throws InputError, with the network's name, for a first output that is not a list of scores or a
/// single one: an image.
void check_classes(const Graph& graph);

/// A table with a row a sample: its number from 0, the class that the first output's scores stand
/// for (classes_of) and its score, or the single one, in the network's units; the class's name
/// where there are `names`, one for each class; the label and whether it is the class where there
/// are `labels`, one for each sample.
std::string predictions_csv(const RunReport& report, std::span<const std::string> names,
                            std::span<const std::uint32_t> labels);

}  // namespace systol
