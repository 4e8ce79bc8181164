// What quantisation costs: how far a network's integers are from its floating-point values.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "host/graph/quant_graph.h"
#include "host/reference/integer_network.h"

namespace systol {

/// Collects the squares of each tensor's values and of their errors.
class QuantisationNoise {
 public:
  /// Both outlive it.
  QuantisationNoise(const QuantGraph& graph, const IntegerResult& integers);

  /// The next samples of a tensor in floating point, [samples][values]; those of a tensor that no
  /// node computes are passed over.
  void add(TensorId id, std::span<const float> values);

  /// By TensorId: the signal-to-quantisation-noise ratio, 10 log10(sum of squared values / sum of
  /// squared errors). None where there are no errors, or no values but zeros.
  std::vector<std::optional<double>> decibels() const;

 private:
  struct Sums {
    std::size_t seen = 0;
    double signal = 0;
    double noise = 0;
  };

  const QuantGraph& graph_;
  const IntegerResult& integers_;
  std::vector<Sums> sums_;  ///< by TensorId
};

}  // namespace systol
