// What a processing element computes with: part of the vocabulary of commands, configs, the matrix
// unit's shape and the RTL's parameters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace systol::isa {

enum class PeType : std::uint8_t { Int8, Adder, Bf16 };

/// What an activation and a weight add to the sum. The numbers are those of tpu_pkg's constants.
enum class PeOperation : std::uint8_t {
  Multiply,            ///< their product
  AbsoluteDifference,  ///< -|activation - weight|
  FloatMultiply,       ///< their product, and all numbers are floating-point (docs/numerics.md)
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

/// Bytes of an activation or a weight, in a memory, in the buffer and on the pins.
constexpr std::uint32_t value_bytes(PeType type) { return (describe(type).operand_bits + 7) / 8; }

/// Bytes of a lane of the activation unit's results: floats may leave as fp32.
constexpr std::uint32_t result_bytes(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply ? 4 : 1;
}

/// Whether sums are fp32: activate_float takes them, and no other command of the activation unit.
constexpr bool is_float(PeType type) {
  return describe(type).operation == PeOperation::FloatMultiply;
}

}  // namespace systol::isa
