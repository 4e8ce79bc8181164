// How far the reading of a program is.
#pragma once

#include <cstddef>
#include <functional>

namespace systol::isa {

/// Is called now and then with the bytes that have been read so far; may be empty.
using Reading = std::function<void(std::size_t bytes)>;

/// Commands, or lines, from one call to the next.
inline constexpr std::size_t kReadingStep = 1024;

}  // namespace systol::isa
