#include "host/account/pe_operation.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/account/factors.h"
#include "host/account/figure_text.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using enum Action;

/// Of an int8 multiplication: a partial product for each bit of the weight.
double part_of_multiplication(isa::PeType type) {
  return static_cast<double>(isa::describe(type).weight_bits) / 8.0;
}

/// Of an int32 addition: a choice of one of four bytes, of which the three multiplexers of a bit
/// are taken for a full adder.
double part_of_choice(isa::PeType type) {
  return isa::is_sparse(type) ? isa::describe(type).operand_bits / 32.0 : 0.0;
}

/// Of an int32 addition.
double part_of_addition(isa::PeType type) {
  constexpr double kAdditionBits = 32.0;
  const isa::PeDescription& pe = isa::describe(type);
  const double bits = isa::is_signs(type) ? pe.operand_bits : difference_bits(pe);
  return bits / kAdditionBits;
}

[[noreturn]] void lacks_figures(isa::PeType type, const EnergyTable& table) {
  throw InputError(
      fmt::format("{} has no figures for PEs of the type '{}', so that neither their energy nor "
                  "their area is known",
                  table.path.string(), isa::describe(type).name));
}

}  // namespace

void check_figures(isa::PeType type, const EnergyTable& table) {
  if (isa::is_float(type)) {
    lacks_figures(type, table);
  }
}

const EnergyFigure& sum_addition(isa::PeType type, const EnergyTable& table) {
  if (isa::is_float(type) && !table.fp32_add) {
    lacks_figures(type, table);
  }
  return isa::is_float(type) ? *table.fp32_add : table.int32_add;
}

const AreaFigure& sum_adder(isa::PeType type, const EnergyTable& table) {
  if (isa::is_float(type) && !table.area.fp32_add) {
    lacks_figures(type, table);
  }
  return isa::is_float(type) ? *table.area.fp32_add : table.area.int32_add;
}

double difference_bits(const isa::PeDescription& pe) {
  return 1.0 + static_cast<double>(std::max(pe.operand_bits, pe.weight_bits));
}

Picojoules operation_energy(isa::PeType type, const EnergyTable& table, const Activity& activity) {
  check_figures(type, table);
  const Picojoules sums =
      table.int32_add.value * (times(activity[MacsUseful]) + times(activity[MacsUnused]));
  return isa::is_product(type)
             ? table.int8_multiply.value *
                       (part_of_multiplication(type) *
                        (times(activity[MacsUseful]) - times(activity[MacsZero]))) +
                   table.int32_add.value * (part_of_choice(type) * times(activity[MacsUseful])) +
                   sums
             : table.int32_add.value * (part_of_addition(type) * times(activity[MacsUseful])) +
                   sums;
}

SquareMicrometres operation_area(isa::PeType type, const EnergyTable& table) {
  check_figures(type, table);
  const SquareMicrometres addition = table.area.int32_add.value;
  return isa::is_product(type)
             ? table.area.int8_multiply.value * part_of_multiplication(type) +
                   SquareMicrometres(addition.count() * (1.0 + part_of_choice(type)))
             : SquareMicrometres(addition.count() * (1.0 + part_of_addition(type)));
}

std::vector<std::string> operation_sources(isa::PeType type, const EnergyTable& table) {
  check_figures(type, table);
  const std::string add = text_of("int32 add", table.int32_add);
  const std::string multiply = text_of("int8 multiply", table.int8_multiply);
  if (isa::is_sparse(type)) {
    return {multiply, add,
            "a choice of one of four bytes, as 8/32 of an int32 add (assumed: no gates measured)"};
  }
  if (isa::is_packed(type)) {
    return {fmt::format("{}/8 of an {}", isa::describe(type).weight_bits, multiply), add};
  }
  if (isa::is_product(type)) {
    return {multiply, add};
  }
  if (isa::is_signs(type)) {
    return {fmt::format("a count of {} bits, as that part of an int32 add",
                        isa::describe(type).operand_bits),
            add};
  }
  return {fmt::format("a difference of {:.0f} bits, as that part of an int32 add",
                      difference_bits(isa::describe(type))),
          add};
}

}  // namespace systol
