// What a processing element computes with: part of the vocabulary of commands, configs, the matrix
// unit's shape and the RTL's parameters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace systol::isa {

enum class PeType : std::uint8_t { Int8, Adder, Bf16, Int8w4, Ternary, Binary, Sparse24, Xnor };

/// What an activation and a weight add to the sum. The numbers are those of tpu_pkg's constants.
enum class PeOperation : std::uint8_t {
  Multiply,            ///< their product
  AbsoluteDifference,  ///< -|activation - weight|
  FloatMultiply,       ///< their product, and all numbers are floating-point (docs/numerics.md)
  Negate,              ///< the activation, negated where the weight is -1 and not 1
  SelectMultiply,      ///< the weight times the one of a group of activations that its index names
  XnorPopcount,        ///< the sum of the products of their bits, which are signs: 0 is 1, 1 is -1
};

struct PeDescription {
  std::string_view name;  ///< as configs and reports write it
  std::uint32_t operand_bits = 0;
  std::uint32_t weight_bits = 0;
  std::uint32_t sum_bits = 0;
  PeOperation operation = PeOperation::Multiply;
  std::uint32_t index_bits = 0;  ///< beside each weight: which activation of its group it meets
};

/// One for each PeType, in its order.
inline constexpr std::array kPeDescriptions = {
    PeDescription{"int8", 8, 8, 32, PeOperation::Multiply},
    PeDescription{"adder", 8, 8, 32, PeOperation::AbsoluteDifference},
    PeDescription{"bf16", 16, 16, 32, PeOperation::FloatMultiply},
    PeDescription{"int8w4", 8, 4, 32, PeOperation::Multiply},
    PeDescription{"ternary", 8, 2, 32, PeOperation::Multiply},
    PeDescription{"binary", 8, 1, 32, PeOperation::Negate},
    PeDescription{"sparse24", 8, 8, 32, PeOperation::SelectMultiply, 2},
    PeDescription{"xnor", 8, 8, 32, PeOperation::XnorPopcount},
};
inline constexpr std::size_t kPeTypes = kPeDescriptions.size();

inline constexpr std::array<std::string_view, kPeTypes> kPeTypeNames = [] {
  std::array<std::string_view, kPeTypes> names;
  for (std::size_t i = 0; i < kPeTypes; ++i) {
    names[i] = kPeDescriptions[i].name;
  }
  return names;
}();

constexpr const PeDescription& describe(PeType type) {
  return kPeDescriptions[static_cast<std::size_t>(type)];
}

/// Whether an operand is one number, and a sum one of products.
constexpr bool is_product(PeType type) {
  return describe(type).operation != PeOperation::AbsoluteDifference &&
         describe(type).operation != PeOperation::XnorPopcount;
}

/// Whether an operand is signs, one for each bit.
constexpr bool is_signs(PeType type) {
  return describe(type).operation == PeOperation::XnorPopcount;
}

/// Signs in a byte, which are places of the depth: bit i is that of place i, 0 for 1 and 1 for -1.
inline constexpr std::uint32_t kSignsInByte = 8;

/// Bytes of so many signs; the bits that are left of the last byte are 0.
constexpr std::uint32_t sign_bytes(std::uint32_t signs) {
  return signs / kSignsInByte + (signs % kSignsInByte > 0 ? 1 : 0);
}

/// Of numbers, of which 0 is not negative.
constexpr void pack_signs(const std::int8_t* values, std::uint32_t count, std::uint8_t* bytes) {
  for (std::uint32_t byte = 0; byte < sign_bytes(count); ++byte) {
    bytes[byte] = 0;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const unsigned bit = unsigned{values[i] < 0} << i % kSignsInByte;
    bytes[i / kSignsInByte] = static_cast<std::uint8_t>(bytes[i / kSignsInByte] | bit);
  }
}

/// Bytes of an activation, in a memory and in the buffer.
constexpr std::uint32_t value_bytes(PeType type) { return (describe(type).operand_bits + 7) / 8; }

/// Two of four: of four activations in a row, a group, which two PE rows are fed together, each
/// weight meets the one that its index names (docs/adr/0020-two-of-four.md).
inline constexpr std::uint32_t kGroupValues = 4;
inline constexpr std::uint32_t kGroupRows = 2;

constexpr bool is_sparse(PeType type) { return describe(type).index_bits > 0; }

/// Activations that a PE row is fed a cycle, on its lane of the pins.
constexpr std::uint32_t lane_values(PeType type) {
  return is_sparse(type) ? kGroupValues / kGroupRows : 1;
}

/// Bytes of a lane of either operand on the pins; an index is above its weight.
constexpr std::uint32_t lane_bytes(PeType type) { return lane_values(type) * value_bytes(type); }

/// Places of activations, the logical depth, that `depth` values in so many segments take: where
/// there are groups, each segment begins with one of its own. 0 segments count as 1.
constexpr std::uint64_t fed_values(std::uint64_t depth, std::uint64_t segments, PeType type) {
  if (!is_sparse(type)) {
    return depth;
  }
  const std::uint64_t count = segments == 0 ? 1 : segments;
  return count * ((depth / count + kGroupValues - 1) / kGroupValues * kGroupValues);
}

/// PE rows that they are fed to, the fed depth.
constexpr std::uint64_t fed_depth(std::uint64_t depth, std::uint64_t segments, PeType type) {
  return fed_values(depth, segments, type) / lane_values(type);
}

/// Bits of a weight with its index: in a memory, in the FIFO and in a PE's register.
constexpr std::uint32_t stored_weight_bits(PeType type) {
  return describe(type).weight_bits + describe(type).index_bits;
}

/// Whether weights lie otherwise in a memory and in the weight FIFO than on the pins: several share
/// a byte, or the indices of a row lie behind its weights.
constexpr bool is_packed(PeType type) { return describe(type).weight_bits < 8 || is_sparse(type); }

/// Bytes of a row of weights in a memory and in the weight FIFO: it begins with a byte of its own.
constexpr std::uint64_t weight_row_bytes(std::uint64_t columns, PeType type) {
  return (columns * stored_weight_bits(type) + 7) / 8;
}

constexpr std::uint64_t tile_bytes(std::uint64_t rows, std::uint64_t columns, PeType type) {
  return rows * weight_row_bytes(columns, type);
}

/// The bits of a packed weight, which are the lowest of its field: two's complement, or of a binary
/// weight 0 for 1 and 1 for -1.
constexpr std::uint8_t weight_field(std::int8_t weight, PeType type) {
  const std::uint32_t bits = describe(type).weight_bits;
  return bits == 1
             ? std::uint8_t{weight < 0}
             : static_cast<std::uint8_t>(static_cast<std::uint8_t>(weight) & ((1U << bits) - 1U));
}

/// The weight in column `column` of a packed row; the first is in the lowest bits of its byte.
constexpr std::int8_t packed_weight(const std::uint8_t* row, std::size_t column, PeType type) {
  const std::uint32_t bits = describe(type).weight_bits;
  const std::size_t first = column * bits;
  const std::uint32_t field = (std::uint32_t{row[first / 8]} >> first % 8) & ((1U << bits) - 1U);
  if (bits == 1) {
    return field == 0 ? std::int8_t{1} : std::int8_t{-1};
  }
  const std::uint32_t sign = 1U << (bits - 1);
  return static_cast<std::int8_t>(static_cast<int>(field ^ sign) - static_cast<int>(sign));
}

/// The index of column `column` in a row of `columns` sparse weights: two bits each, behind the
/// weights, the first in the lowest bits.
constexpr std::uint8_t packed_index(const std::uint8_t* row, std::size_t column,
                                    std::size_t columns) {
  return static_cast<std::uint8_t>(row[columns + column / 4] >> column % 4 * 2 & 3U);
}

/// Bytes of a lane of the activation unit's results: floats may leave as fp32.
constexpr std::uint32_t result_bytes(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply ? 4 : 1;
}

/// Whether sums are fp32: activate_float takes them, and no other command of the activation unit.
constexpr bool is_float(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply;
}

/// Whether the bits that change in operands are counted, from which a measured PE's energy follows:
/// those of bytes that meet one weight each, and of bf16 where tiles stay.
constexpr bool counts_switching(PeType type, bool sums_in_place) {
  return !is_sparse(type) && !(is_float(type) && sums_in_place);
}

}  // namespace systol::isa
