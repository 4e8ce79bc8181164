// Which of the plans that could be made for a network it gets.
#pragma once

#include <cstdint>
#include <memory>

#include "host/compile/plan.h"

namespace systol {

/// As make_plan. Of a network of few commands that goes through the buffer in bands, and whose
/// shapes are the same in every sample, it is the fastest here, by their commands, of the plans for
/// machines of any bandwidth with this buffer or a smaller one that
/// - move no more than what is chosen with the next smaller buffer, so that a larger one never
///   moves more, and
/// - no less than what is chosen with less bandwidth, so that more of it is never slower: the plan
///   for less can be followed, and the same commands never take longer.
/// That is so between any two machines whose smaller ones are the same: of twice the buffer or
/// bandwidth, and of round sizes. Any other network gets the plan of its machine, which is chosen
/// by closed forms alone.
Plan choose_plan(const std::shared_ptr<const Graph>& graph,
                 const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
                 std::uint32_t rows, std::uint32_t batch);

}  // namespace systol
