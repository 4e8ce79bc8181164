// Nested loops over two operands and a destination, as the walks of `vector` commands.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "hw/isa/walk.h"

namespace systol {

/// One loop, and how many bytes each turn goes on in the first operand, the second, and the
/// destination.
struct BoxAxis {
  std::uint64_t extent = 1;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t destination = 0;
};

/// All values of a box: the outermost axis first. Addresses are those of the first value.
struct Box {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t destination = 0;
  std::vector<BoxAxis> axes;
  /// Bytes of a value in each of them.
  std::int64_t a_bytes = 1;
  std::int64_t b_bytes = 1;
  std::int64_t destination_bytes = 1;
  /// The columns' own parameters do not let the innermost axis be joined with others.
  bool keep_columns = false;
};

/// A part of a box that one command can do.
struct BoxPart {
  std::uint32_t columns = 0;
  isa::Walk a;
  isa::Walk b;
  isa::Walk destination;
};

/// Calls `action` for each of the parts, in order: as few as walks of three loops allow.
void for_each_part(const Box& box, const std::function<void(const BoxPart&)>& action);

}  // namespace systol
