#include "sim/fast/bf16_gemm.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "sim/base/bf16.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Columns are independent: a vector of them, for some rows, is summed at once. As many as leave
/// registers for the operands where vectors have 32 bytes.
constexpr std::size_t kColumns = 16;
constexpr std::size_t kRows = 6;
using Columns = float __attribute__((vector_size(kColumns * sizeof(float))));
using RowBlock = std::array<float, kRows>;  ///< a value of each row

constexpr std::size_t panels_of(std::size_t columns) { return (columns + kColumns - 1) / kColumns; }

void widen(const unsigned char* from, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = to_float(read_bf16(from + 2 * i));
  }
}

/// `columns` columns of b, at most kColumns, row after row; zeros in the place of the others.
void widen_panel(const unsigned char* __restrict from, std::size_t stride, std::size_t rows,
                 std::size_t columns, float* __restrict panel) {
  for (std::size_t k = 0; k < rows; ++k, from += 2 * stride, panel += kColumns) {
    if (columns == kColumns) {
      widen(from, kColumns, panel);
    } else {
      std::fill_n(panel, kColumns, 0.0F);
      widen(from, columns, panel);
    }
  }
}

/// Rows past the last one of a are zeros.
void widen_rows(const unsigned char* __restrict from, std::size_t stride, std::size_t rows,
                std::size_t depth, RowBlock* __restrict block) {
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t k = 0; k < depth; ++k) {
      block[k][row] = row < rows ? to_float(read_bf16(from + row * stride + 2 * k)) : 0.0F;
    }
  }
}

/// `sums` go on, or begin with the first tile.
SYSTOL_VECTORISED void multiply_block(const RowBlock* __restrict rows,
                                      const float* __restrict panel, std::size_t depth,
                                      std::size_t tile_depth, bool begin, float* __restrict sums) {
  for (std::size_t first = 0; first < depth; first += tile_depth) {
    const std::size_t end = std::min(depth, first + tile_depth);
    std::array<Columns, kRows> tile{};
    for (std::size_t k = first; k < end; ++k) {
      Columns weights;
      std::memcpy(&weights, panel + k * kColumns, sizeof weights);
      for (std::size_t row = 0; row < kRows; ++row) {
        tile[row] += rows[k][row] * weights;
      }
    }
    for (std::size_t row = 0; row < kRows; ++row) {
      Columns sum{};
      std::memcpy(&sum, sums + row * kColumns, sizeof sum);
      sum = begin ? tile[row] : sum + tile[row];
      std::memcpy(sums + row * kColumns, &sum, sizeof sum);
    }
    begin = false;
  }
}

struct Operands {
  const GemmLayout& shape;
  std::size_t tile_depth = 0;
  const unsigned char* a = nullptr;
  const float* panels = nullptr;
  std::int32_t* c = nullptr;
};

/// Rows [first, first + count) of c, at most kRows, in one panel.
void multiply_panel(const Operands& of, const RowBlock* rows, std::size_t first, std::size_t count,
                    std::size_t panel) {
  const GemmLayout& shape = of.shape;
  const std::size_t columns = std::min(kColumns, shape.n - panel * kColumns);
  std::int32_t* c = of.c + first * shape.c_stride + panel * kColumns;
  std::array<float, kRows * kColumns> sums{};
  for (std::size_t row = 0; shape.add && row < count; ++row) {
    std::memcpy(&sums[row * kColumns], c + row * shape.c_stride, columns * sizeof(float));
  }
  multiply_block(rows, of.panels + panel * shape.k * kColumns, shape.k, of.tile_depth, !shape.add,
                 sums.data());
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < columns; ++i) {
      c[row * shape.c_stride + i] =
          std::bit_cast<std::int32_t>(canonical(sums[row * kColumns + i]));
    }
  }
}

/// Row blocks [first_block, end_block) in panels [first_panel, end_panel).
void multiply_part(const Operands& of, std::size_t first_block, std::size_t end_block,
                   std::size_t first_panel, std::size_t end_panel) {
  thread_local std::vector<RowBlock> rows;
  rows.resize(std::max(rows.size(), of.shape.k));
  for (std::size_t block = first_block; block < end_block; ++block) {
    const std::size_t first = block * kRows;
    const std::size_t count = std::min(kRows, of.shape.m - first);
    widen_rows(of.a + first * of.shape.a_stride, of.shape.a_stride, count, of.shape.k, rows.data());
    for (std::size_t panel = first_panel; panel < end_panel; ++panel) {
      multiply_panel(of, rows.data(), first, count, panel);
    }
  }
}

/// To wake a thread and to wait for it costs about as much as this many products.
constexpr std::size_t kFewestForThreads = std::size_t{1} << 20;

}  // namespace

void bf16_gemm(const GemmLayout& shape, std::size_t tile_depth, const void* a, const void* b,
               std::int32_t* c, ThreadPool* pool) {
  thread_local std::vector<float> panels;
  const std::size_t panel_count = panels_of(shape.n);
  panels.resize(std::max(panels.size(), panel_count * shape.k * kColumns));
  for (std::size_t panel = 0; panel < panel_count; ++panel) {
    widen_panel(static_cast<const unsigned char*>(b) + 2 * panel * kColumns, shape.b_stride,
                shape.k, std::min(kColumns, shape.n - panel * kColumns),
                panels.data() + panel * shape.k * kColumns);
  }
  const Operands operands{shape, tile_depth, static_cast<const unsigned char*>(a), panels.data(),
                          c};
  const std::size_t blocks = (shape.m + kRows - 1) / kRows;
  const std::size_t most = pool == nullptr ? 1 : pool->threads();
  const std::size_t parts =
      std::clamp<std::size_t>(shape.m * shape.n * shape.k / kFewestForThreads, 1, most);
  if (parts == 1) {
    multiply_part(operands, 0, blocks, 0, panel_count);
    return;
  }
  const bool by_rows = blocks >= panel_count;
  const std::size_t whole = by_rows ? blocks : panel_count;
  pool->run(parts, [&](std::size_t part) {
    const std::size_t first = whole * part / parts;
    const std::size_t end = whole * (part + 1) / parts;
    multiply_part(operands, by_rows ? first : 0, by_rows ? end : blocks, by_rows ? 0 : first,
                  by_rows ? panel_count : end);
  });
}

}  // namespace systol
