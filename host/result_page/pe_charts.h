// What each type of PE costs, side by side.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/page/data_set.h"
#include "host/page/section.h"
#include "host/result_page/shown_rows.h"

namespace systol {

/// A row of `group` with each type of PE, as a data set called `data`; nothing where rows have only
/// one type, or too many rows to be read as bars.
std::optional<DataSet> pe_rows(const RowGroup& group, const std::string& data);

/// Bars of accuracy, cycles, energy and area, those of energy and area with the PEs' own part, and
/// accuracy against energy.
void add_pe_charts(const RowGroup& group, const std::string& data, PageSection& section);

}  // namespace systol
