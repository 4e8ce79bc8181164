// The first TPU's published tables, beside what six networks of its paper's sizes take here.
//
// The paper is Jouppi et al., "In-Datacenter Performance Analysis of a Tensor Processing Unit",
// ISCA 2017 (arXiv 1704.04760). Nothing is fitted to its figures: one array serves all six
// networks.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/work.h"
#include "host/report/fitted_table.h"
#include "host/session/progress.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Shares of the matrix unit's cycles, 0 to 1, in the terms of table 3. The first three are the
/// matrix unit's own; the fourth is everything else.
struct TpuShares {
  double array_active = 0;
  double weight_stall = 0;
  double weight_shift = 0;
  double non_matrix = 0;

  /// The first three with the fourth set aside: they sum to 1.
  TpuShares of_matrix() const;
  /// Stalls for inputs and for results count as non-matrix, as the paper's sum of 100 % has them.
  static TpuShares of(const Ledger& ledger);
};

/// The rows of table 3 that are no part of its sum: MACs of all that the array could do, and the
/// stalls that its text names apart.
struct TpuDetails {
  double useful = 0;
  double raw_stall = 0;
  double input_stall = 0;
};

/// A column of table 3.
struct TpuColumn {
  TpuShares shares;
  TpuDetails details;
};

/// A row of table 1, and its column of table 3 where that is known here.
struct TpuWorkload {
  std::string_view name;
  std::string_view file;  ///< in configs/validation/tpu-v1
  std::uint32_t batch = 0;
  std::uint64_t weights = 0;
  bool bound_by_memory = false;
  std::optional<TpuColumn> published;
};
std::span<const TpuWorkload> tpu_workloads();

enum class TpuDirection : std::uint8_t { Faster, Little, Slower };

/// A change of figure 11, and what the paper says of it.
struct TpuChange {
  std::string_view name;
  std::string_view change;
  TpuDirection published = TpuDirection::Faster;
  std::optional<double> speed;  ///< that the paper names, relative to the TPU
  std::string_view source;
  void (*apply)(ArrayConfig& array, MemoryConfig& weights) = nullptr;
};
std::span<const TpuChange> tpu_changes();

struct TpuResult {
  TpuWorkload workload;
  Work work;                    ///< of a sample
  Cycles cycles;                ///< of a batch
  TpuColumn column;             ///< of all cycles
  double scale_sim_useful = 0;  ///< useful MACs by SCALE-Sim's closed form, as TpuDetails::useful
  double samples_per_second = 0;
  std::vector<double> speeds;  ///< with each change, relative to the array as it is
};

/// Geometric mean over the workloads of the speed with a change.
double mean_speed(std::span<const TpuResult> results, std::size_t change);
/// Whether this speed is what the paper's words are: faster, the same within a tenth, or slower.
bool agrees(TpuDirection published, double speed);

/// Runs each network, timing only, on the array and with each change. `networks` are those of
/// tpu_workloads(), in its order. Throws InputError for an array that does not run them.
std::vector<TpuResult> run_tpu_workloads(const std::vector<Graph>& networks,
                                         const ArrayConfig& array, const Progress& progress = {});

/// Tables leave out columns for which lines of `width` have no room.
std::string tpu_text(std::span<const TpuResult> results, const ArrayConfig& array,
                     std::size_t width = kAnyWidth);
nlohmann::ordered_json tpu_json(std::span<const TpuResult> results, const ArrayConfig& array);

}  // namespace systol
