// Samples of a file, or of an array in memory, as what runs and what calibrates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/network_input.h"
#include "host/import/sample_file.h"
#include "host/session/samples.h"

namespace systol {

/// How many samples of a file have to be read where the first `limit` run: those, and the ones that
/// calibrate.
std::size_t samples_to_read(std::optional<std::uint32_t> limit);

/// The first `limit` samples run, or all that were read. The first 256 calibrate, whatever the
/// limit is. `labels` are empty, or one for each sample and maybe more. Throws InputError for what
/// the network does not take.
Samples file_samples(const Graph& graph, SampleFile file, std::vector<std::uint32_t> labels,
                     std::optional<std::uint32_t> limit, const InputScaling& scaling = {});

}  // namespace systol
