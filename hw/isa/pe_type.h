// What a processing element computes with: part of the vocabulary of commands, configs, the matrix
// unit's shape and the RTL's parameters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace systol::isa {

enum class PeType : std::uint8_t { Int8, Adder, Bf16, Int8w4, Ternary, Binary };

/// What an activation and a weight add to the sum. The numbers are those of tpu_pkg's constants.
enum class PeOperation : std::uint8_t {
  Multiply,            ///< their product
  AbsoluteDifference,  ///< -|activation - weight|
  FloatMultiply,       ///< their product, and all numbers are floating-point (docs/numerics.md)
  Negate,              ///< the activation, negated where the weight is -1 and not 1
};

struct PeDescription {
  std::string_view name;  ///< as configs and reports write it
  std::uint32_t operand_bits = 0;
  std::uint32_t weight_bits = 0;
  std::uint32_t sum_bits = 0;
  PeOperation operation = PeOperation::Multiply;
};

/// One for each PeType, in its order.
inline constexpr std::array kPeDescriptions = {
    PeDescription{"int8", 8, 8, 32, PeOperation::Multiply},
    PeDescription{"adder", 8, 8, 32, PeOperation::AbsoluteDifference},
    PeDescription{"bf16", 16, 16, 32, PeOperation::FloatMultiply},
    PeDescription{"int8w4", 8, 4, 32, PeOperation::Multiply},
    PeDescription{"ternary", 8, 2, 32, PeOperation::Multiply},
    PeDescription{"binary", 8, 1, 32, PeOperation::Negate},
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

/// Bytes of an activation, in a memory and in the buffer, and of either operand on the pins.
constexpr std::uint32_t value_bytes(PeType type) { return (describe(type).operand_bits + 7) / 8; }

/// Whether several weights share a byte in a memory and in the weight FIFO.
constexpr bool is_packed(PeType type) { return describe(type).weight_bits < 8; }

/// Bytes of a row of weights in a memory and in the weight FIFO: it begins with a byte of its own.
constexpr std::uint64_t weight_row_bytes(std::uint64_t columns, PeType type) {
  return (columns * describe(type).weight_bits + 7) / 8;
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

/// Bytes of a lane of the activation unit's results: floats may leave as fp32.
constexpr std::uint32_t result_bytes(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply ? 4 : 1;
}

/// Whether sums are fp32: activate_float takes them, and no other command of the activation unit.
constexpr bool is_float(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply;
}

}  // namespace systol::isa
