#include "sim/fast/sparse_tile.h"

#include "hw/isa/pe_type.h"

namespace systol {

SparseTile::SparseTile(const std::uint8_t* packed, std::uint32_t rows, std::uint32_t columns)
    : first_(std::size_t{rows} / isa::kGroupRows * isa::kGroupValues * columns) {
  lanes_.reserve(std::size_t{2} * rows * columns);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t group = row / isa::kGroupRows * isa::kGroupValues;
    for (std::size_t column = 0; column < columns; ++column) {
      const auto weight = static_cast<std::int8_t>(packed[column]);
      const std::uint8_t index = isa::packed_index(packed, column, columns);
      lanes_.push_back(weight);
      lanes_.push_back(static_cast<std::int8_t>(index));
      place((group + index) * columns + column, weight);
    }
    packed += isa::weight_row_bytes(columns, isa::PeType::Sparse24);
  }
}

void SparseTile::place(std::size_t at, std::int8_t weight) {
  if (weight == 0) {
    return;
  }
  if (first_[at] == 0) {
    first_[at] = weight;
    return;
  }
  second_.resize(first_.size());
  second_[at] = weight;
}

std::vector<const std::vector<std::int8_t>*> SparseTile::dense() const {
  if (second_.empty()) {
    return {&first_};
  }
  return {&first_, &second_};
}

}  // namespace systol
