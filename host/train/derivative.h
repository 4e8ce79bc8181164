// The derivative of a function of one value, written in nodes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

class Derivative {
 public:
  /// Of a function's input x and output y, both in the graph; nodes are called `name`.
  Derivative(Graph& graph, std::string name, TensorId x, TensorId y)
      : graph_(graph), name_(std::move(name)), x_(x), y_(y) {}

  /// Adds nodes for dy/dx in the shape of x; nothing for functions that have none.
  std::optional<TensorId> of(const Map& map);

 private:
  TensorId add(const Map& map, TensorId x);
  TensorId linear(TensorId x, float a, float b) { return add({Function::Linear, a, b}, x); }
  TensorId times(TensorId a, TensorId b);
  TensorId plus(TensorId a, TensorId b);
  TensorId step(TensorId x) { return add(Map{Function::Step}, x); }
  /// 1 where low < x < high, else 0.
  TensorId within(float low, float high);
  TensorId gelu();

  Graph& graph_;
  std::string name_;
  TensorId x_;
  TensorId y_;
};

}  // namespace systol
