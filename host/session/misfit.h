// What it costs that a network's tensors do not all fit the unified buffer.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/plan.h"
#include "host/report/report.h"
#include "host/session/prepared.h"

namespace systol {

/// What a run takes more than one whose tensors all fit. Nodes overlap, so that what one waits for
/// can be another's gain: it may be negative.
struct Misfit {
  std::int64_t cycles = 0;
  std::int64_t bytes = 0;  ///< between the chip and its memories
  bool operator==(const Misfit&) const = default;
};

struct MisfitReport {
  std::vector<Misfit> nodes;  ///< by the report's nodes; empty where all fits
  Misfit total;
  bool any() const { return !nodes.empty(); }
};

/// Whether not all tensors of a batch are in the buffer whole.
bool has_misfits(const Plan& plan);

/// `report`, of time and traffic only and `batch` samples at a time, against a run with the largest
/// unified buffer that a machine may have.
MisfitReport misfits_of(const Prepared& prepared, const RunReport& report, std::uint32_t batch,
                        const Progress& progress = {});

}  // namespace systol
