#include "host/compile/row_blocks.h"

#include <algorithm>

namespace systol {
namespace {

/// The next part at (sample, y, x) of at most `most` rows; no rows where only a piece of an image
/// row would fit and `whole` rows are wanted.
RowPart next_part(std::uint64_t sample, std::uint64_t y, std::uint64_t x, std::uint64_t height,
                  std::uint64_t width, std::uint64_t most, bool whole) {
  if (x == 0 && most >= width) {
    return {sample, y, 0, std::min(height - y, most / width), width};
  }
  if (whole && x == 0) {
    return {sample, y, 0, 0, 0};
  }
  return {sample, y, x, 1, std::min(width - x, most)};
}

}  // namespace

std::vector<RowBlock> row_blocks(std::uint64_t samples, std::uint64_t height, std::uint64_t width,
                                 std::uint64_t most, bool one_part) {
  std::vector<RowBlock> blocks;
  std::uint64_t row = 0;
  const std::uint64_t image = height * width;
  RowBlock block;
  const auto finish = [&] {
    blocks.push_back(std::move(block));
    block = {row, {}};
  };
  while (row < samples * image) {
    const std::uint64_t left = most - block.rows();
    const std::uint64_t place = row % image;
    const RowPart part = next_part(row / image, place / width, place % width, height, width, left,
                                   !block.parts.empty());
    if (part.rows() == 0) {
      finish();
      continue;
    }
    block.parts.push_back(part);
    row += part.rows();
    if (one_part || block.rows() == most) {
      finish();
    }
  }
  if (!block.parts.empty()) {
    blocks.push_back(std::move(block));
  }
  return blocks;
}

RowBlock cut(const RowBlock& block, std::uint64_t most) {
  RowBlock result{block.first, {}};
  for (const RowPart& part : block.parts) {
    const bool image = part.height > 1;
    const std::uint64_t whole = image ? part.height : part.width;
    const std::uint64_t step = std::max<std::uint64_t>(1, image ? most / part.width : most);
    for (std::uint64_t first = 0; first < whole; first += step) {
      const std::uint64_t count = std::min(step, whole - first);
      result.parts.push_back(image ? RowPart{part.sample, part.y + first, part.x, count, part.width}
                                   : RowPart{part.sample, part.y, part.x + first, 1, count});
    }
  }
  return result;
}

}  // namespace systol
