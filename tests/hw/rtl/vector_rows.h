// What vector_softmax.cpp and vector_normalise.cpp share: a verilated row engine, and pieces of
// rows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "Vrows.h"
#include "verilated.h"

namespace systol::test {

[[noreturn]] inline void fail(int row, const char* what) {
  std::fprintf(stderr, "row %d: %s\n", row, what);
  std::exit(1);
}

/// The engine after its reset.
class RowEngine {
 public:
  RowEngine() {
    context_.threads(1);
    context_.fatalOnError(false);
    top_ = std::make_unique<Vrows>(&context_);
    top_->rst_ni = 1;
    top_->eval();
    top_->rst_ni = 0;
    edge();
    top_->rst_ni = 1;
  }

  Vrows& pins() { return *top_; }
  bool asserted() const { return context_.errorCount() > 0; }

  void edge() {
    top_->clk_i = 1;
    top_->eval();
    top_->clk_i = 0;
    top_->eval();
    top_->piece_valid_i = 0;
  }

  /// Piece `piece` of the row, in the coming cycle; what belongs to the pass is set by the caller.
  /// Lanes past the row's end hold anything.
  void present(const std::vector<std::int8_t>& row, std::size_t piece, std::mt19937_64& random) {
    std::uint8_t mask[sizeof top_->piece_mask_i] = {};
    std::int8_t data[LANES];
    for (std::size_t i = 0; i < LANES; ++i) {
      const std::size_t at = piece * LANES + i;
      data[i] = at < row.size() ? row[at] : static_cast<std::int8_t>(random());
      mask[i / 8] |= static_cast<std::uint8_t>((at < row.size() ? 1 : 0) << (i % 8));
    }
    top_->piece_valid_i = 1;
    top_->piece_first_i = piece == 0;
    top_->piece_last_i = (piece + 1) * LANES >= row.size();
    std::memcpy(&top_->piece_mask_i, mask, sizeof mask);
    std::memcpy(&top_->piece_data_i, data, sizeof data);
  }

  /// Whether the results are `expected` from the piece's first value on.
  template <class Value>
  bool shows(std::span<const Value> expected, std::size_t piece) const {
    Value shown[LANES];
    std::memcpy(shown, &top_->result_data_o, sizeof shown);
    const std::size_t from = piece * LANES;
    const std::size_t count = std::min<std::size_t>(LANES, expected.size() - from);
    return std::equal(shown, shown + count, expected.begin() + from);
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Vrows> top_;
};

/// Values that spread widely, hardly or not at all.
inline std::vector<std::int8_t> random_row(std::mt19937_64& random) {
  std::vector<std::int8_t> row(1 + random() % (random() % 20 == 0 ? 60 : 9));
  const auto base = static_cast<std::int8_t>(random());
  const std::uint64_t spread = std::uint64_t{1} << random() % 9;
  for (std::int8_t& value : row) {
    value = static_cast<std::int8_t>(base + random() % spread);
  }
  return row;
}

inline std::size_t pieces_of(const std::vector<std::int8_t>& row) {
  return (row.size() + LANES - 1) / LANES;
}

}  // namespace systol::test
