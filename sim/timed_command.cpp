#include "sim/timed_command.h"

#include "sim/timing.h"

namespace systol {
namespace {

TimedCommand request(isa::Space space, Bytes bytes) {
  TimedCommand timed;
  timed.kind = TimedCommand::Kind::Request;
  timed.space = space;
  timed.bytes = bytes;
  timed.busy = Cycles(1);
  return timed;
}

TimedCommand transfer(const isa::Transfer& moved) {
  return request(moved.space, Bytes(moved.bytes()));
}

TimedCommand matmul(const isa::Matmul& matmul) {
  TimedCommand timed;
  timed.kind = TimedCommand::Kind::Matmul;
  timed.reuse = matmul.reuse;
  timed.add = matmul.add;
  timed.accumulator = matmul.accumulator;
  return timed;
}

TimedCommand output_stationary(const isa::MatmulOutputStationary& matmul) {
  TimedCommand timed;
  timed.kind = TimedCommand::Kind::OutputStationary;
  timed.drain = matmul.drain;
  return timed;
}

TimedCommand load_tile(const isa::LoadTile& tile) {
  TimedCommand timed;
  timed.kind = TimedCommand::Kind::LoadTile;
  timed.busy = timing::load_tile_time(tile);
  return timed;
}

/// What a request and a product are.
TimedCommand of_operation(const isa::Operation& operation, const ArrayConfig& config) {
  if (const auto* product = std::get_if<isa::Matmul>(&operation)) {
    return matmul(*product);
  }
  if (const auto* product = std::get_if<isa::MatmulOutputStationary>(&operation)) {
    return output_stationary(*product);
  }
  if (const auto* weights = std::get_if<isa::LoadWeights>(&operation)) {
    return request(weights->space, timing::fetched_bytes(*weights, config));
  }
  if (const auto* load = std::get_if<isa::Load>(&operation)) {
    return transfer(*load);
  }
  if (const auto* store = std::get_if<isa::Store>(&operation)) {
    return transfer(*store);
  }
  if (const auto* tile = std::get_if<isa::LoadTile>(&operation)) {
    return load_tile(*tile);
  }
  return {};
}

}  // namespace

TimedCommand timed_command(const isa::Command& command, const ArrayConfig& config) {
  const isa::Operation& operation = command.operation;
  TimedCommand timed = of_operation(operation, config);
  timed.unit = isa::unit_of(operation);
  timed.wait = command.wait;
  timed.signal = command.signal;
  timed.node = command.origin.node;
  if (timed.unit == isa::Unit::Matrix) {
    timed.busy = timing::feed_time(operation);
  } else if (timed.unit == isa::Unit::Activate) {
    timed.busy = timing::activate_unit_time(operation, config.columns);
  } else if (timed.unit == isa::Unit::Vector) {
    timed.busy = timing::vector_unit_time(operation, config.columns);
  }
  return timed;
}

}  // namespace systol
