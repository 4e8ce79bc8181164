// Where tensors lie: offsets in one area, which those that never exist together share.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/liveness.h"

namespace systol {

/// An offset for each lifetime, for `rows` samples in `capacity` bytes, such that tensors that meet
/// do not overlap; nothing where none was found. Every second tensor is put as high as it can be,
/// the others as low: a chain of tensors then alternates between the ends, and one that is written
/// meets only those that are read.
std::optional<std::vector<std::uint64_t>> place(const std::vector<Lifetime>& lifetimes,
                                                std::uint64_t rows, std::uint64_t capacity);

/// The most samples for which `place` finds room, at most `limit`; 0 if there is none for one.
std::uint32_t rows_that_fit(const std::vector<Lifetime>& lifetimes, std::uint64_t capacity,
                            std::uint32_t limit);

}  // namespace systol
