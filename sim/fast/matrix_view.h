// A matrix inside a larger one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace systol {

struct MatrixView {
  const std::int8_t* values;
  std::size_t stride;
  std::size_t rows;
  std::size_t columns;

  std::span<const std::int8_t> row(std::size_t index) const {
    return {values + index * stride, columns};
  }
  bool operator==(const MatrixView&) const = default;
};

}  // namespace systol
