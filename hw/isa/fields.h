// The one table of every operation's fields: what the text form and the binary form both walk.
#pragma once

#include <concepts>
#include <type_traits>

#include "hw/isa/command.h"

namespace systol::isa {

/// How the text form writes a number. A walk has a form of its own.
enum class Form { Number, Address };

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
}

template <Is<MatmulOutputStationary> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("depth", op.depth, Form::Number);
  visit("columns", op.columns, Form::Number);
  visit("accumulator", op.accumulator, Form::Number);
  visit("begin", op.begin, Form::Number);
  visit("drain", op.drain, Form::Number);
}

template <Is<LoadTile> Op, class Visitor>
void visit_fields(Op& op, Visitor&& visit) {
  visit("buffer", op.buffer, Form::Address);
  visit("piece_bytes", op.piece_bytes, Form::Number);
  visit("transposed", op.transposed, Form::Number);
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
