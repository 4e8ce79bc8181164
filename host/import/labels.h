// The classes that samples belong to.
#pragma once

#include <cstdint>
#include <vector>

#include "host/import/sample_file.h"

namespace systol {

/// Reads one label a sample: IDX, .npy or .npz of integers with one dimension, or text with a whole
/// number a line. Throws InputError.
std::vector<std::uint32_t> read_labels(const FilePlace& place);

/// Throws InputError, which begins with `name`, unless there is a label for each of the samples,
/// and at each a class that a network of so many outputs has.
void check_labels(const std::vector<std::uint32_t>& labels, std::size_t samples,
                  std::uint32_t outputs, const std::string& name);

}  // namespace systol
