// How the weights of a network are spread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Of one parameter; its values lie between `low` and `high`, in as many bins of equal width as
/// there are counts.
struct WeightHistogram {
  std::string name;
  double low = 0;
  double high = 0;
  std::vector<std::uint64_t> counts;
  double mean = 0;
  double deviation = 0;
  double excess_kurtosis =
      0;  ///< 0 of a normal distribution, 3 of Laplace's, -1.2 of a uniform one
};

/// Of the weights that are learned, biases aside, in their order. A parameter whose values are all
/// the same has one bin.
std::vector<WeightHistogram> weight_histograms(const Graph& network);

}  // namespace systol
