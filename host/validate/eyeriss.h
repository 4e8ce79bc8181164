// Eyeriss' fall of energy per MAC with zeros, beside ours. Nothing is fitted to it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "host/validate/energy.h"
#include "sim/config/array_config.h"

namespace systol {

/// A row of tables V and VI of Chen, Krishna, Emer and Sze, JSSC 2017: measured on silicon,
/// AlexNet, four images at a time.
struct EyerissLayer {
  std::string_view name;
  double milliwatts = 0;
  double milliseconds = 0;
  double gigamacs = 0;
  double zeros = 0;  ///< share of the input's values

  double seconds_per_mac() const { return milliseconds / gigamacs * 1e-12; }
  double picojoules_per_mac() const { return milliwatts * milliseconds / gigamacs / 1000; }
};
std::span<const EyerissLayer> eyeriss_layers();

/// The convolutions of the rows, below configs/.
std::span<const std::string_view> eyeriss_files();

/// So many samples for `graph`, of which that share is 0 and the rest uniform in 0 to 1: what the
/// values were has not been published. With more zeros, those of fewer are among them.
std::vector<float> sparse_inputs(const Graph& graph, std::size_t samples, double zeros,
                                 std::uint64_t seed);

/// Of two lists without ties, 1 if they have the same order, -1 if the opposite.
double rank_correlation(std::span<const double> a, std::span<const double> b);

/// `layers` are the convolutions in the order of eyeriss_layers(). The energy per MAC of the chip,
/// without its memories and without the skew, which Eyeriss has not, of each layer over the first
/// one's; and both orders' rank correlation. What costs by time is charged for Eyeriss' own time.
std::vector<EnergyComparison> compare_eyeriss(std::span<const Graph> layers,
                                              const ArrayConfig& array,
                                              const Progress& progress = {});

/// The fall from the first layer to the last one on the same array with sums in place.
EnergyComparison compare_eyeriss_in_place(std::span<const Graph> layers, ArrayConfig array,
                                          const Progress& progress);

}  // namespace systol
