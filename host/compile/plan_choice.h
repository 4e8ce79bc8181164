// Which of the plans that could be made for a network is the fastest.
#pragma once

#include <cstdint>
#include <memory>

#include "host/compile/plan.h"

namespace systol {

/// As make_plan. Of a network of few commands that goes through the buffer in bands, and whose
/// shapes are the same in every sample, it is the fastest here of the plans for machines of any
/// bandwidth, by their commands. With more bandwidth the same plans are compared, and the same
/// commands never take longer: so more of it is never slower. Any other network gets the plan of
/// its machine, which is chosen by closed forms alone.
Plan choose_plan(const std::shared_ptr<const Graph>& graph,
                 const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch);

}  // namespace systol
