#include "host/run/row_place.h"

#include <variant>

namespace systol {
namespace {

/// Where an operation writes row `row` of int8 values.
std::optional<std::uint64_t> address_of(const isa::Operation& operation, std::uint32_t row) {
  if (const auto* activate = std::get_if<isa::Activate>(&operation)) {
    return activate->buffer.at(row);
  }
  if (const auto* signs = std::get_if<isa::ActivateSigns>(&operation)) {
    return signs->buffer.at(row);
  }
  if (const auto* add = std::get_if<isa::ActivateAdd>(&operation)) {
    return add->buffer.at(row);
  }
  if (const auto* softmax = std::get_if<isa::Softmax>(&operation)) {
    return softmax->destination.at(row);
  }
  if (const auto* part = std::get_if<isa::SoftmaxPart>(&operation)) {
    return part->destination;
  }
  const auto* vector = std::get_if<isa::Vector>(&operation);
  return vector == nullptr || vector->wide_destination ? std::nullopt
                                                       : std::optional(vector->destination.at(row));
}

}  // namespace

RowPlace row_place(const Plan& plan, const isa::Command& command, std::uint32_t row) {
  const isa::Origin& origin = command.origin;
  const std::uint32_t outputs = plan.steps[origin.node].outputs;
  RowPlace place;
  place.transposed = std::holds_alternative<isa::ActivateTransposed>(command.operation);
  place.row = origin.row + (place.transposed ? 0 : row);
  place.column = origin.column + (place.transposed ? row : 0);
  place.first = std::size_t{place.row} * outputs + place.column;
  place.stride = place.transposed ? outputs : 1;
  return place;
}

WrittenRow::WrittenRow(const Plan& plan, const isa::Command& command, std::uint32_t row)
    : plan_(plan), command_(command), row_(row) {
  if (plan.chain) {
    in_chain_ = row_place(plan, command, row);
  } else {
    transposed_ = std::get_if<isa::ActivateTransposed>(&command.operation);
    address_ = address_of(command.operation, row);
  }
}

std::optional<std::uint64_t> WrittenRow::place(std::uint64_t i) const {
  if (plan_.chain) {
    return in_chain_.first + i * in_chain_.stride;
  }
  if (transposed_ != nullptr) {
    return plan_.value_at(command_.origin, transposed_->buffer.at(i) + row_);
  }
  if (std::holds_alternative<isa::ActivateSigns>(command_.operation)) {
    return place_of_sign(i);
  }
  return address_ ? plan_.value_at(command_.origin, *address_ + i) : std::nullopt;
}

/// Rows of signs begin with bytes of their own.
std::optional<std::uint64_t> WrittenRow::place_of_sign(std::uint64_t i) const {
  const std::optional<std::uint64_t> byte =
      plan_.value_at(command_.origin, *address_ + i / isa::kSignsInByte);
  if (!byte) {
    return std::nullopt;
  }
  const Step& step = plan_.steps[command_.origin.node];
  const SignPacking packing{plan_.config.columns};
  const std::uint64_t row_bytes = packing.bytes(step.outputs);
  return *byte / row_bytes * step.outputs + packing.first_of(*byte % row_bytes) +
         i % isa::kSignsInByte;
}

}  // namespace systol
