#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "host/account/energy.h"
#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "host/train/training_report.h"
#include "sim/base/text.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

class CostTable {
 public:
  CostTable(const TrainingCost& cost, const ArrayWork& all)
      : cost_(cost), all_(all), table_(header()) {}

  void add(std::string layer, std::string part, std::string size, const ArrayWork& step,
           const ArrayWork& total) {
    std::vector<std::string> row{std::move(layer),
                                 std::move(part),
                                 std::move(size),
                                 grouped(step.cycles().count()),
                                 percent(cost_.utilisation(step)),
                                 grouped(total.cycles().count()),
                                 percent(share(total)),
                                 duration(cost_.time(total))};
    if (cost_.table) {
      row.insert(row.begin() + 5, energy(*cost_.energy(step)));
      row.push_back(energy(*cost_.energy(total)));
    }
    table_.add(std::move(row));
  }
  std::string text() const { return table_.text(); }

 private:
  std::vector<std::string> header() const {
    std::vector<std::string> names{"layer",       "matmul",     "size",  "cycles a step",
                                   "utilisation", "all cycles", "share", "time"};
    if (cost_.table) {
      names.insert(names.begin() + 5, "energy a step");
      names.emplace_back("all energy");
    }
    return names;
  }
  double share(const ArrayWork& work) const {
    const auto all = static_cast<double>(all_.cycles().count());
    return all > 0 ? static_cast<double>(work.cycles().count()) / all : 0.0;
  }

  const TrainingCost& cost_;
  const ArrayWork& all_;
  TextTable table_;
};

/// Of all runs.
StepCounts all_counts(const TrainingReport& report) {
  StepCounts counts(report.cost->steps.size());
  for (const TrainingRun& run : report.runs) {
    std::ranges::transform(counts, report.cost->counts(run.history), counts.begin(), std::plus<>());
  }
  return counts;
}

std::string head_of(const TrainingCost& cost) {
  const ArrayConfig& array = cost.array;
  std::string text =
      fmt::format("A step of {} samples on {}: {} x {} PEs, {}\n", cost.steps.front().samples,
                  array.name, array.rows, array.columns, to_text(array.clock));
  text += cost.table ? fmt::format("{}; bits that change: {}\n", cost.table->name,
                                   operand_basis(array, *cost.table, std::nullopt))
                     : "Energy is not known: the energy table has no measured bf16 PE\n";
  return text;
}

/// What is no product.
std::string vector_text(const TrainingCost& cost, const StepCounts& counts) {
  TextTable table({"", "operations a step", "bytes a step", "cycles a step", "energy a step",
                   "all cycles", "time", "all energy"});
  const auto energy_of = [&](const VectorWork& work) {
    const std::optional<Picojoules> used = cost.energy(work);
    return used ? energy(*used) : "not known";
  };
  const auto add = [&](std::string_view name, const VectorWork& step, const VectorWork& all) {
    table.add({std::string(name), grouped(step.operations),
               grouped(step.read_bytes + step.written_bytes), grouped(step.cycles.count()),
               energy_of(step), grouped(all.cycles.count()), duration(cost.time(all)),
               energy_of(all)});
  };
  const VectorParts& step = cost.steps.front().vector;
  const VectorParts all = cost.vector(counts);
  for (std::size_t part = 0; part < step.size(); ++part) {
    if (step[part].cycles.count() > 0) {
      add(kVectorPartNames[part], step[part], all[part]);
    }
  }
  add("all", total(step), total(all));
  return fmt::format(
      "\nWhat is no product, as passes of a vector unit of {} fp32 lanes from memory to memory: a "
      "closed form, not simulated\n{}",
      cost.array.columns, table.text());
}

/// "Products and passes: 1 234 cycles a step, ..."
std::string together_text(const TrainingCost& cost, const StepCounts& counts) {
  const ArrayWork products = cost.total(counts);
  const VectorWork passes = total(cost.vector(counts));
  const Cycles step = cost.steps.front().total().cycles() + total(cost.steps.front().vector).cycles;
  const std::optional<Picojoules> used = cost.energy(products);
  return fmt::format("Products and passes, one after another: {} cycles a step, {} in all, {}{}\n",
                     grouped(step.count()), grouped((products.cycles() + passes.cycles).count()),
                     duration(cost.time(products) + cost.time(passes)),
                     used ? fmt::format(", {}", energy(*used + *cost.energy(passes))) : "");
}

}  // namespace

std::string cost_text(const TrainingReport& report) {
  const TrainingCost& cost = *report.cost;
  const StepCounts counts = all_counts(report);
  const ArrayWork all = cost.total(counts);
  CostTable table(cost, all);
  std::array<ArrayWork, kStepPartNames.size()> step_of_part{};
  std::array<ArrayWork, kStepPartNames.size()> all_of_part{};
  for (const LayerCost& layer : cost.layers(counts)) {
    const auto part = static_cast<std::size_t>(layer.part);
    step_of_part[part] += layer.step;
    all_of_part[part] += layer.all;
    table.add(printable(layer.layer), std::string(kStepPartNames[part]), size_text(layer.matmuls),
              layer.step, layer.all);
  }
  for (std::size_t part = 0; part < kStepPartNames.size(); ++part) {
    table.add("all", std::string(kStepPartNames[part]), "", step_of_part[part], all_of_part[part]);
  }
  table.add("all", "", "", cost.steps.front().total(), all);
  return head_of(cost) + table.text() + vector_text(cost, counts) + together_text(cost, counts);
}

}  // namespace systol
