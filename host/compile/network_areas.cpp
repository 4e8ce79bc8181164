#include "host/compile/network_areas.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/compile/placement.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kWideBytes = 16'384;  ///< of int16 rows, where one row is not more

class Areas {
 public:
  explicit Areas(Plan& plan) : plan_(plan) {}

  void add_all() {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      plan_.step_areas.push_back(areas_of(i));
    }
  }

 private:
  StepAreas areas_of(std::size_t i) {
    const Step& step = plan_.steps[i];
    const Node& node = plan_.graph->nodes[step.node];
    StepAreas areas;
    if (const std::uint64_t bytes = parameters_of(*plan_.graph, step).bytes; bytes > 0) {
      // Loaded during the step before.
      areas.parameters = add({{}, 0, i == 0 ? i : i - 1, i, bytes});
    }
    if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
      const Layout wanted =
          bordered_layout(plan_.graph->shape(node.inputs[0]), convolution->window);
      if (wanted.bordered() && !plan_.place_of(step.input()).layout.bordered()) {
        areas.bordered = add({{}, wanted.bytes(), i, i, 0});
      }
    }
    if (std::holds_alternative<Normalise>(node.operation)) {
      const std::uint64_t values = elements(plan_.graph->shape(node.output)) / row_count(step);
      areas.wide = add({{}, 0, i, i, 2 * wide_rows(*plan_.graph, step) * values});
    }
    return areas;
  }
  std::uint64_t row_count(const Step& step) const {
    const auto& normalise = std::get<Normalise>(plan_.graph->nodes[step.node].operation);
    return normalise.spatial ? step.outputs : step.rows;
  }
  std::size_t add(const Lifetime& lifetime) {
    plan_.areas.push_back({lifetime, 0});
    return plan_.areas.size() - 1;
  }

  Plan& plan_;
};

std::vector<Lifetime> all_items(const Plan& plan) {
  std::vector<Lifetime> items = plan.tensors;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].sample_bytes = plan.places[i].layout.bytes();
  }
  for (const Area& area : plan.areas) {
    items.push_back(area.lifetime);
  }
  return items;
}

/// The step in which the most bytes of one sample exist.
std::size_t fullest_step(const Plan& plan, const std::vector<Lifetime>& items) {
  std::vector<std::uint64_t> bytes(plan.steps.size());
  for (const Lifetime& item : items) {
    for (std::size_t i = item.first; i <= std::min(item.last, bytes.size() - 1); ++i) {
      bytes[i] += item.bytes(1);
    }
  }
  return static_cast<std::size_t>(std::ranges::max_element(bytes) - bytes.begin());
}

[[noreturn]] void fail(const Plan& plan, const std::vector<Lifetime>& items,
                       std::uint64_t capacity) {
  const std::size_t step = fullest_step(plan, items);
  std::uint64_t needed = 0;
  for (const Lifetime& item : items) {
    needed += item.first <= step && step <= item.last ? item.bytes(1) : 0;
  }
  throw InputError(fmt::format(
      "{}: node '{}': the tensors of one sample that exist while it runs take {} bytes, and {} of "
      "the unified buffer are free; raise unified_buffer.capacity",
      plan.graph->place(), plan.steps[step].name, needed, capacity));
}

}  // namespace

std::uint64_t wide_rows(const Graph& graph, const Step& step) {
  const bool spatial = std::get<Normalise>(graph.nodes[step.node].operation).spatial;
  const std::uint64_t rows = spatial ? step.outputs : step.rows;
  const std::uint64_t values = spatial ? step.rows : step.outputs;
  return std::clamp<std::uint64_t>(kWideBytes / (2 * values), 1, rows);
}

void place_network(Plan& plan) {
  Areas(plan).add_all();
  const std::uint64_t reserved = reserved_bytes(plan.config);
  const std::uint64_t capacity = std::max(plan.config.unified_buffer.count(), reserved) - reserved;
  const std::vector<Lifetime> items = all_items(plan);
  plan.resident_rows = rows_that_fit(items, capacity, plan.batch);
  if (!plan.resident()) {
    fail(plan, items, capacity);
  }
  const std::vector<std::uint64_t> offsets = *place(items, plan.resident_rows, capacity);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i < plan.places.size()) {
      plan.places[i].buffer = offsets[i];
    } else {
      plan.areas[i - plan.places.size()].buffer = offsets[i];
    }
  }
}

}  // namespace systol
