// Programs that use every operation and every field, extremes included, without making sense.
#pragma once

#include <array>
#include <limits>
#include <random>
#include <type_traits>

#include "hw/isa/fields.h"

namespace systol::isa {

class RandomProgram {
 public:
  explicit RandomProgram(std::uint32_t seed) : random_(seed) {}

  Program make(std::size_t commands) {
    Program program;
    program.nodes = {"fc1", "", "a \"quoted\" # \\ name", std::string("\0\x7f\xff\n", 4)};
    fill(program.space_bytes[0]);
    fill(program.space_bytes[1]);
    program.image = {segment(0), segment(1), segment(32), segment(33), segment(100)};
    for (std::size_t i = 0; i < program.image.size(); ++i) {
      // In a range of its own: segments must not overlap.
      program.image[i].address = i << 60U | program.image[i].address >> 5U;
    }
    for (std::size_t i = 0; i < commands; ++i) {
      program.commands.push_back(command(i % kOpcodes));
    }
    return program;
  }

 private:
  template <class Value>
  void fill(Value& value) {
    using Limits = std::numeric_limits<Value>;
    switch (random_() % 4) {
      case 0:
        value = Limits::min();
        return;
      case 1:
        value = Limits::max();
        return;
      default:
        value = static_cast<Value>(std::uint64_t{random_()} << 32 | random_());
    }
  }
  /// Loops that do nothing come first, as in all walks.
  void fill(Walk& walk) {
    fill(walk.base);
    for (std::size_t i = random_() % (Walk::kLoops + 1); i-- > 0;) {
      Walk::Loop& loop = walk.loops[Walk::kLoops - 1 - i];
      fill(loop.count);
      fill(loop.stride);
    }
  }
  void fill(bool& value) { value = random_() % 2 == 0; }
  template <class Named>
  requires std::is_enum_v<Named>
  void fill(Named& value) { value = static_cast<Named>(random_() % names_of(Named()).size()); }

  Segment segment(std::size_t size) {
    Segment result;
    fill(result.space);
    fill(result.address);
    for (std::size_t i = 0; i < size; ++i) {
      result.bytes.push_back(static_cast<std::uint8_t>(random_()));
    }
    return result;
  }

  Command command(std::size_t opcode) {
    Command result;
    result.operation = make_operation(opcode);
    result.wait = UnitSet::from_bits(static_cast<std::uint8_t>(random_() % (1U << kUnits)));
    result.signal = UnitSet::from_bits(static_cast<std::uint8_t>(random_() % (1U << kUnits)));
    fill(result.origin.node);
    fill(result.origin.row);
    fill(result.origin.column);
    fill(result.origin.depth);
    const auto fill_field = [this](auto, auto& field, Form) { this->fill(field); };
    std::visit([&](auto& op) { visit_fields(op, fill_field); }, result.operation);
    return result;
  }

  std::mt19937 random_;
};

}  // namespace systol::isa
