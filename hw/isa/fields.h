// The one table of every operation's fields: what the text form and the binary form both walk.
#pragma once

#include <concepts>
#include <type_traits>

#include "hw/isa/command.h"

namespace systol::isa {

/// How the text form writes a number, and whether it may leave a field out at its default. A walk
/// has a form of its own.
enum class Form { Number, Address, Optional, OptionalAddress };
constexpr bool is_optional(Form form) { return form >= Form::Optional; }
constexpr bool is_address(Form form) {
  return form == Form::Address || form == Form::OptionalAddress;
}

template <class Op, class Bare>
concept Is = std::derived_from<std::remove_const_t<Op>, Bare>;

// visit_fields(op, visit) calls visit(key, field, form) for each field, in the order of both
// forms. Keys never change their meaning; a new field needs a new version of the binary form, a new
// operation a new opcode only.

template <Is<Transfer> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("space", op.space, Form::Number);
  visit("memory", op.memory, Form::Address);
  visit("buffer", op.buffer, Form::Address);
  visit("piece_bytes", op.piece_bytes, Form::Number);
}

template <Is<LoadWeights> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("space", op.space, Form::Number);
  visit("memory", op.memory, Form::Address);
  visit("rows", op.rows, Form::Number);
  visit("columns", op.columns, Form::Number);
}

template <Is<Matmul> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("depth", op.depth, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("accumulator", op.accumulator, Form::Number);
  visit("add", op.add, Form::Number);
  visit("reuse", op.reuse, Form::Number);
  visit("segments", op.segments, Form::Optional);
  visit("zero_point", op.zero_point, Form::Optional);
}

template <Is<MatmulOutputStationary> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("depth", op.depth, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("accumulator", op.accumulator, Form::Number);
  visit("begin", op.begin, Form::Number);
  visit("drain", op.drain, Form::Number);
  visit("segments", op.segments, Form::Optional);
  visit("zero_point", op.zero_point, Form::Optional);
}

template <Is<LoadTile> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("depth", op.depth, Form::Number);
  visit("transposed", op.transposed, Form::Number);
  visit("segments", op.segments, Form::Optional);
}

template <Is<SetChannels> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("columns", op.columns, Form::Number);
}

template <Is<SetTable> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
}

template <Is<Requantisation> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("zero_point", op.zero_point, Form::Number);
  visit("minimum", op.minimum, Form::Number);
  visit("maximum", op.maximum, Form::Number);
  visit("table", op.table, Form::Number);
}

template <Is<Activate> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("accumulator", op.accumulator, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("buffer", op.buffer, Form::Address);
  visit_fields(op.requantisation, visit);
}

template <Is<ActivateSigns> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("accumulator", op.accumulator, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("buffer", op.buffer, Form::Address);
  visit_fields(op.requantisation, visit);
}

template <Is<ActivateFloat> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("accumulator", op.accumulator, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("buffer", op.buffer, Form::Address);
  visit("bias", op.bias, Form::Optional);
  visit("relu", op.relu, Form::Optional);
  visit("wide", op.wide, Form::Optional);
}

template <Is<Addition> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("sums_zero_point", op.zero_point, Form::Number);
  visit("sums_minimum", op.minimum, Form::Number);
  visit("sums_maximum", op.maximum, Form::Number);
  visit("sums_multiplier", op.multiplier, Form::Number);
  visit("residual_zero_point", op.residual_zero_point, Form::Number);
  visit("residual_multiplier", op.residual_multiplier, Form::Number);
  visit("shift", op.shift, Form::Number);
}

template <Is<ActivateAdd> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("accumulator", op.accumulator, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("buffer", op.buffer, Form::Address);
  visit("residual", op.residual, Form::Address);
  visit_fields(op.addition, visit);
  visit_fields(op.requantisation, visit);
}

template <Is<ActivateTransposed> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("accumulator", op.accumulator, Form::Number);
  visit("rows", op.rows, Form::Number);
  visit("channels", op.channels, Form::Address);
  visit("buffer", op.buffer, Form::Address);
  visit_fields(op.requantisation, visit);
}

template <Is<Softmax> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("source", op.source, Form::Address);
  visit("destination", op.destination, Form::Address);
  visit("table", op.table, Form::Address);
  visit("columns", op.columns, Form::Number);
}

template <Is<SoftmaxPart> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("pass", op.pass, Form::Number);
  visit("source", op.source, Form::Address);
  visit("destination", op.destination, Form::OptionalAddress);
  visit("table", op.table, Form::OptionalAddress);
  visit("columns", op.columns, Form::Number);
  visit("first", op.first, Form::Optional);
  visit("last", op.last, Form::Optional);
}

template <Is<Vector> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("operation", op.operation, Form::Number);
  visit("join", op.join, Form::Optional);
  visit("columns", op.columns, Form::Number);
  visit("a", op.a, Form::OptionalAddress);
  visit("a_window", op.a_window, Form::OptionalAddress);
  visit("b", op.b, Form::OptionalAddress);
  visit("b_window", op.b_window, Form::OptionalAddress);
  visit("destination", op.destination, Form::Address);
  visit("a_zero_point", op.a_zero_point, Form::Optional);
  visit("b_zero_point", op.b_zero_point, Form::Optional);
  visit("a_multiplier", op.a_multiplier, Form::Optional);
  visit("b_multiplier", op.b_multiplier, Form::Optional);
  visit("wide_a", op.wide_a, Form::Optional);
  visit("wide_b", op.wide_b, Form::Optional);
  visit("wide_destination", op.wide_destination, Form::Optional);
  visit("channels", op.channels, Form::Optional);
  visit("planes", op.planes, Form::OptionalAddress);
  visit("multiplier", op.multiplier, Form::Optional);
  visit("shift", op.shift, Form::Optional);
  visit("zero_point", op.zero_point, Form::Optional);
  visit("minimum", op.minimum, Form::Optional);
  visit("maximum", op.maximum, Form::Optional);
  visit("table", op.table, Form::Optional);
  visit("entries", op.entries, Form::OptionalAddress);
}

template <Is<Normalise> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("source", op.source, Form::Address);
  visit("destination", op.destination, Form::Address);
  visit("columns", op.columns, Form::Number);
  visit("source_stride", op.source_stride, Form::Optional);
  visit("destination_stride", op.destination_stride, Form::Optional);
  visit("epsilon", op.epsilon, Form::Optional);
}

/// An operation with this opcode and all fields at their defaults.
inline Operation make_operation(std::size_t opcode) {
  Operation operation;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((I == opcode ? static_cast<void>(operation.emplace<I>()) : static_cast<void>(0)), ...);
  }
  (std::make_index_sequence<static_cast<std::size_t>(kOpcodes)>{});
  return operation;
}

}  // namespace systol::isa
