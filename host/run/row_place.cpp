#include "host/run/row_place.h"

#include <variant>

namespace systol {

RowPlace row_place(const Plan& plan, const isa::Command& command, std::uint32_t row) {
  const isa::Origin& origin = command.origin;
  const std::uint32_t outputs = plan.steps[origin.node].outputs;
  RowPlace place;
  place.transposed = std::holds_alternative<isa::ActivateTransposed>(command.operation);
  place.row = origin.row + (place.transposed ? 0 : row);
  place.column = origin.column + (place.transposed ? row : 0);
  place.first = std::size_t{place.row} * outputs + place.column;
  place.stride = place.transposed ? outputs : 1;
  return place;
}

}  // namespace systol
