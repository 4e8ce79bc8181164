#include "host/quantise/clamp.h"

#include <algorithm>
#include <cmath>

#include "host/graph/clamping.h"
#include "host/quantise/tables.h"

namespace systol {
namespace {

constexpr ValueRange kEverything{-INFINITY, INFINITY};
/// Of the sums of a matmul that a sign reads: so narrow that each but 0 lies beyond it.
constexpr float kNoSum = 1e-20F;
/// Of other values that a sign reads: where two summands keep the ratio of their scales.
constexpr float kSignShare = 1.0F / 64;

/// Where the function moves by more than a step of int8.
ValueRange moving(const Map& map) {
  switch (map.function) {
    case Function::Sigmoid:
      return {-8.0F, 8.0F};
    case Function::Tanh:
      return {-4.0F, 4.0F};
    case Function::Clip:
      return {map.a, map.b};
    case Function::HardSigmoid:
      return map.a > 0.0F ? ValueRange{-map.b / map.a, (1.0F - map.b) / map.a} : kEverything;
    case Function::HardSwish:
      return {-3.0F, INFINITY};
    default:
      return kEverything;
  }
}

}  // namespace

bool is_clamp(const Node& node, const Connections& connections) {
  const auto* map = std::get_if<Map>(&node.operation);
  if (map == nullptr || connections.uses(node.inputs.front()) != 1) {
    return false;
  }
  const Node* producer = connections.producer(node.inputs.front());
  return is_clamp(*map) && producer != nullptr && has_clamp(producer->operation);
}

Clamp clamp_of(const Map& map, Quantisation output) {
  if (map.function == Function::Relu) {
    return {output.zero_point, 127};
  }
  return {to_int8(static_cast<double>(map.a), output), to_int8(static_cast<double>(map.b), output)};
}

ValueRange useful_range(const Map& map, ValueRange sums, bool exact) {
  if (map.function == Function::Sign) {  // both signs, where calibration saw one alone, too
    const float end = exact ? kNoSum : std::max(-sums.low, sums.high) * kSignShare;
    return {-end, end};
  }
  const ValueRange range = moving(map);
  const ValueRange cut{std::max(sums.low, range.low), std::min(sums.high, range.high)};
  return cut.low <= cut.high ? cut : sums;
}

}  // namespace systol
