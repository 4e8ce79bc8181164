// Where a network's samples come from on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/cli/input_options.h"
#include "host/graph/graph.h"
#include "host/import/sample_file.h"
#include "host/session/samples.h"

namespace systol {

/// The files that the options name, read once for all networks that they go into.
struct GivenInput {
  std::optional<SampleFile> samples;  ///< resized as asked
  std::vector<std::uint32_t> labels;
};

/// Throws InputError for files that cannot be read, and for options that need a file.
GivenInput read_input(const InputOptions& options);

/// The samples as the network takes them; or says that `synthetic_count` samples are to be made up
/// where there are none. Throws InputError for what the network does not take.
Samples load_samples(const Graph& graph, const InputOptions& options, GivenInput input,
                     std::uint32_t synthetic_count);

}  // namespace systol
