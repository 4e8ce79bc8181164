// Random `vector` commands that every unit can do.
#pragma once

#include <random>

#include "hw/isa/vector_command.h"

namespace systol::test {

/// In a buffer of 8 KiB: sources below 4 KiB, the destination above, a table in the last 256 bytes
/// before 4 KiB and planes anywhere below.
class RandomVector {
 public:
  static constexpr std::uint64_t kBuffer = 8192;
  explicit RandomVector(std::uint32_t seed) : random_(seed) {}

  isa::Vector make(std::uint32_t most_columns) {
    isa::Vector op;
    op.operation = static_cast<isa::LaneOperation>(below(isa::kLaneOperationNames.size()));
    op.join = static_cast<isa::WindowJoin>(below(2));
    op.columns = 1 + below(most_columns);
    op.wide_a = below(3) == 0;
    op.wide_b = below(3) == 0;
    op.wide_destination = below(3) == 0;
    const std::uint64_t outer = 1 + below(3);
    const std::uint64_t inner = 1 + below(4);
    const std::uint64_t places = 1 + below(3);
    op.a = source(outer, inner, op.columns, op.wide_a);
    op.b = source(outer, inner, op.columns, op.wide_b);
    op.a_window = isa::Walk(0, {{places, below(50)}, {2, below(9)}});
    op.b_window = isa::Walk(0, 2 * places, below(20));
    if (below(2) == 0) {
      op.a_window = op.b_window = isa::Walk();
    }
    const std::uint64_t bytes = isa::Vector::bytes(op.wide_destination, op.columns);
    const std::uint64_t row = bytes * inner + below(2) * below(7);
    op.destination = isa::Walk(kBuffer / 2, {{outer, row}, {inner, bytes}});
    numbers(op);
    op.table = !op.wide_destination && below(3) == 0;
    op.entries = kBuffer / 2 - 256;
    op.channels = below(3) == 0;
    op.planes = below(1000);
    return op;
  }
  std::vector<std::uint8_t> buffer() {
    std::vector<std::uint8_t> bytes(kBuffer);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random_());
    }
    return bytes;
  }
  std::uint32_t below(std::uint64_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

 private:
  /// Back to back, or with gaps, or all the same piece.
  isa::Walk source(std::uint64_t outer, std::uint64_t inner, std::uint64_t columns, bool wide) {
    const std::uint64_t bytes = isa::Vector::bytes(wide, columns);
    const std::uint64_t stride = below(4) == 0 ? 0 : bytes + below(2) * below(5);
    return {below(200), {{outer, inner * stride}, {inner, stride}}};
  }
  void numbers(isa::Vector& op) {
    const auto multiplier = [this](bool wide) {
      const std::int32_t limit = wide ? 1 << 13 : 1 << 21;
      return static_cast<std::int32_t>(below(2 * static_cast<std::uint64_t>(limit) - 1)) - limit +
             1;
    };
    // The product of int16 values fits 32 bits only near a zero point of 0.
    const auto zero_point = [this](bool wide) {
      return static_cast<std::int16_t>(wide ? static_cast<int>(below(3)) - 1
                                            : static_cast<int>(below(513)) - 256);
    };
    op.a_zero_point = zero_point(op.wide_a);
    op.b_zero_point = zero_point(op.wide_b);
    op.a_multiplier = multiplier(op.wide_a);
    op.b_multiplier = multiplier(op.wide_b);
    op.multiplier = below(std::uint64_t{1} << 31U);
    op.shift = static_cast<std::uint8_t>(1 + below(62));
    op.zero_point = static_cast<std::int16_t>(static_cast<int>(below(401)) - 200);
    const unsigned most = op.wide_destination ? 32'768 : 128;
    op.minimum = static_cast<std::int16_t>(-static_cast<int>(below(most + 1)));
    op.maximum = static_cast<std::int16_t>(below(most));
  }

  std::mt19937 random_;
};

}  // namespace systol::test
