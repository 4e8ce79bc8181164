// `vector` as a whole: what its lanes make of the unified buffer.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hw/isa/command.h"
#include "sim/fast/lane_arithmetic.h"

namespace systol {

/// One command after another, in blocks of as many values as stay in the nearest cache: parts of a
/// long piece, or several short ones.
class VectorLanes {
 public:
  /// Reads and writes `buffer`, the unified buffer; the command's fields have been checked.
  void run(const isa::Vector& op, std::int8_t* buffer);

 private:
  static constexpr std::size_t kBlock = 512;
  template <class Value>
  using Block = std::array<Value, kBlock>;

  /// What is read or written, and where.
  struct Stream {
    isa::Walk walk;
    std::vector<std::uint64_t> window;  ///< the places' offsets
    bool wide = false;
    std::int32_t zero_point = 0;
    std::int32_t multiplier = 1;
    std::vector<std::uint64_t> pieces;  ///< addresses of the block's pieces
  };

  void set_up(const isa::Vector& op);
  void merge_pieces();
  void run_columns(std::uint64_t first, std::size_t columns);
  void set_channels(std::uint64_t first, std::size_t columns, std::size_t pieces);
  void run_block(std::uint64_t first, std::size_t columns);
  void read_place(std::size_t place, std::uint64_t first, std::size_t columns);
  void read(const Stream& stream, std::size_t place, std::uint64_t first, std::size_t columns,
            Block<std::int32_t>& values);
  const std::int8_t* gather(const Stream& stream, std::size_t place, std::uint64_t first,
                            std::size_t columns);
  void join(std::size_t place, std::size_t count);
  void requantise(std::size_t count);
  void write(std::uint64_t first, std::size_t columns);

  const isa::Vector* op_ = nullptr;
  std::int8_t* buffer_ = nullptr;
  std::uint64_t columns_ = 0;  ///< of a piece, or of several that lie back to back
  std::size_t places_ = 1;
  bool sums_ = false;  ///< several places are added, in `wide_sums_`
  Stream a_;
  Stream b_;
  Stream destination_;
  ChannelParameters channels_{kBlock};  ///< of the block's values

  alignas(64) Block<std::int16_t> gathered_;  ///< int8 values fill a half of it
  alignas(64) Block<std::int32_t> values_;
  alignas(64) Block<std::int32_t> values_b_;
  alignas(64) Block<std::int32_t> joined_;
  alignas(64) Block<std::int64_t> wide_sums_;
  alignas(64) Block<std::int16_t> results_;
};

}  // namespace systol
