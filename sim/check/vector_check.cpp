#include "sim/check/vector_check.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "sim/check/size_check.h"

namespace systol {
namespace {

/// One operand, with its name's first letter.
struct Operand {
  char name;
  const isa::Walk& walk;
  const isa::Walk& window;
  std::int32_t zero_point;
  std::int32_t multiplier;
  bool wide;

  /// The largest magnitude of a value less the zero point.
  std::int64_t largest() const {
    const std::int32_t high = wide ? INT16_MAX : INT8_MAX;
    return std::max(high - zero_point, zero_point + high + 1);
  }
};

Operand a_of(const isa::Vector& op) {
  return {'a', op.a, op.a_window, op.a_zero_point, op.a_multiplier, op.wide_a};
}
Operand b_of(const isa::Vector& op) {
  return {'b', op.b, op.b_window, op.b_zero_point, op.b_multiplier, op.wide_b};
}

std::string check_window(const Operand& operand) {
  return operand.window.base == 0 ? ""
                                  : fmt::format("{}_window begins at 0x{:x}; a window begins at 0",
                                                operand.name, operand.window.base);
}

std::string check_multiplier(const std::string& name, std::int32_t multiplier, bool wide) {
  const std::int32_t limit = wide ? kWideMultiplierLimit : kNarrowMultiplierLimit;
  return std::abs(std::int64_t{multiplier}) < limit
             ? ""
             : fmt::format("{}_multiplier is {}; for {} values its magnitude is below {}", name,
                           multiplier, wide ? "int16" : "int8", limit);
}

std::string check_numbers(const isa::Vector& op, const Operand& operand) {
  const std::string multiplier =
      isa::multiplications(op.operation) == 2
          ? check_multiplier(std::string(1, operand.name), operand.multiplier, operand.wide)
          : "";
  if (!multiplier.empty()) {
    return multiplier;
  }
  if (!operand.wide && std::abs(operand.zero_point) > kNarrowZeroPointLimit) {
    return fmt::format("{}_zero_point is {}; for int8 values it is -{} to {}", operand.name,
                       operand.zero_point, kNarrowZeroPointLimit, kNarrowZeroPointLimit);
  }
  return "";
}

std::string check_operand(const isa::Vector& op, const Operand& operand) {
  const std::string name(1, operand.name);
  return first_of({check_pieces(operand.walk), check_pieces(operand.window),
                   check_same_count("destination", op.destination, name.c_str(), operand.walk),
                   check_window(operand), check_numbers(op, operand)});
}

std::string check_product(const isa::Vector& op) {
  const bool overflows = a_of(op).largest() * b_of(op).largest() > INT32_MAX;
  return op.operation == isa::LaneOperation::Multiply && overflows
             ? fmt::format(
                   "with zero points of {} and {} a product of int16 values may not fit 32 "
                   "bits; they must be nearer to 0",
                   op.a_zero_point, op.b_zero_point)
             : "";
}

std::string check_operands(const isa::Vector& op) {
  if (!isa::reads_a(op.operation)) {
    return "";
  }
  const std::string a = check_operand(op, a_of(op));
  if (!isa::reads_b(op.operation) || !a.empty()) {
    return a;
  }
  return first_of({check_operand(op, b_of(op)),
                   check_same_count("a_window", op.a_window, "b_window", op.b_window),
                   check_product(op)});
}

std::string check_shift(std::uint8_t shift) {
  constexpr std::uint8_t kMostShift = 62;
  return shift >= 1 && shift <= kMostShift
             ? ""
             : fmt::format("shift is {}; it is 1 to {}", shift, kMostShift);
}

std::string check_scale(const isa::Vector& op) {
  if (op.channels) {
    return "";
  }
  if (op.multiplier > INT32_MAX) {
    return fmt::format("multiplier is {}; it has 31 bits", op.multiplier);
  }
  return check_shift(op.shift);
}

std::string check_range(const isa::Vector& op) {
  if (op.minimum > op.maximum) {
    return fmt::format("minimum {} is above maximum {}", op.minimum, op.maximum);
  }
  if (op.wide_destination) {
    return op.table ? "its table has int8 values, and wide_destination is 1" : "";
  }
  return op.minimum >= INT8_MIN && op.maximum <= INT8_MAX
             ? ""
             : fmt::format("minimum {} and maximum {} must be -128 to 127 for int8 values",
                           op.minimum, op.maximum);
}

/// The walk has a loop to spare for a row's values.
std::string check_two_loops(const char* name, const isa::Walk& walk) {
  return isa::used_loops(walk).size() < isa::Walk::kLoops
             ? ""
             : fmt::format("{} has three loops; a normalise's walk has at most two", name);
}

}  // namespace

std::string check_vector(const isa::Vector& op) {
  return first_of(
      {check_pieces(op.destination), check_size("columns", op.columns, kNoLimit, "the limit"),
       check_operands(op),
       check_size("the window's number of places", op.window(), kMostPlaces, "the limit"),
       check_scale(op), check_range(op)});
}

std::string check_normalise(const isa::Normalise& op) {
  const std::string epsilon =
      op.epsilon < kEpsilonLimit
          ? ""
          : fmt::format("epsilon is {}; it is below {}", op.epsilon, kEpsilonLimit);
  return first_of({check_pieces(op.source), check_pieces(op.destination),
                   check_same_count("source", op.source, "destination", op.destination),
                   check_two_loops("source", op.source),
                   check_two_loops("destination", op.destination),
                   check_size("columns", op.columns, isa::kMostNormalised, "the limit"), epsilon});
}

std::string check_addition(const isa::Addition& addition) {
  return first_of({check_multiplier("sums", addition.multiplier, false),
                   check_multiplier("residual", addition.residual_multiplier, false),
                   check_shift(addition.shift)});
}

}  // namespace systol
