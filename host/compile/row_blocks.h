// The rows of a step's output, cut into blocks that fit the accumulators.
#pragma once

#include <cstdint>
#include <vector>

namespace systol {

/// Places of an output image, row-major: `height` x `width` from (y, x) on.
struct RowPart {
  std::uint64_t sample = 0;
  std::uint64_t y = 0;
  std::uint64_t x = 0;
  std::uint64_t height = 1;
  std::uint64_t width = 1;
  std::uint64_t rows() const { return height * width; }
  bool operator==(const RowPart&) const = default;
};

/// Parts that follow each other, and the number of the first row among all samples' rows.
struct RowBlock {
  std::uint64_t first = 0;
  std::vector<RowPart> parts;
  std::uint64_t rows() const {
    std::uint64_t sum = 0;
    for (const RowPart& part : parts) {
      sum += part.rows();
    }
    return sum;
  }
  bool operator==(const RowBlock&) const = default;
};

/// All rows of `samples` images of height x width, in order, in blocks of at most `most` rows; a
/// part is whole image rows, or a piece of one. With `one_part` a block has one part only.
std::vector<RowBlock> row_blocks(std::uint64_t samples, std::uint64_t height, std::uint64_t width,
                                 std::uint64_t most, bool one_part);

/// The same rows in parts of at most `most`; where a part has image rows, of whole ones, at least
/// one.
RowBlock cut(const RowBlock& block, std::uint64_t most);

}  // namespace systol
