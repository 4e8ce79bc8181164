#include "host/sweep/budgets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "host/sweep/plan_parts.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr std::size_t kMostRuns = 1000;
constexpr std::size_t kMostLayers = 10'000;
constexpr std::array<UnitScale, 5> kEnergyUnits = {UnitScale{"pJ", 1, 1},
                                                   {"nJ", 1'000, 1},
                                                   {"uJ", 1'000'000, 1},
                                                   {"mJ", 1'000'000'000, 1},
                                                   {"J", 1'000'000'000'000, 1}};

Budget read_cycles(const YamlNode& node, const std::string& layer) {
  constexpr std::int64_t kMostCycles = (std::int64_t{1} << 53U) - 1;
  const auto cycles = static_cast<double>(node.integer(0, kMostCycles));
  return {node.place(), layer, false, cycles, "cycles", 1, 0};
}

/// How many digits stand behind the point: they say how closely the energy is compared.
int decimals_of(const YamlNode& node, std::string_view number) {
  constexpr std::size_t kMostDecimals = 9;
  const std::size_t point = number.find('.');
  const std::size_t decimals =
      point == std::string_view::npos ? 0 : number.size() - std::min(number.size(), point + 1);
  if (decimals > kMostDecimals) {
    node.fail(fmt::format("found {} digits behind the point, allowed: at most {}", decimals,
                          kMostDecimals));
  }
  return static_cast<int>(decimals);
}

Budget read_energy(const YamlNode& node, const std::string& layer) {
  const double picojoules = node.scaled(kEnergyUnits);
  const std::string text = node.text();
  const std::size_t letter = text.find_first_of("pnumJ");
  const std::string_view unit = std::string_view(text).substr(letter);
  const auto scale = std::ranges::find(kEnergyUnits, unit, &UnitScale::name);
  std::string_view number = std::string_view(text).substr(0, letter);
  number = number.substr(0, number.find_last_not_of(' ') + 1);
  const auto size = static_cast<double>(scale->numerator);
  return {node.place(),
          layer,
          true,
          picojoules / size,
          std::string(unit),
          size,
          decimals_of(node, number)};
}

/// The budgets among the keys of a run or a layer.
void read_numbers(const YamlMap& map, const std::string& layer, std::vector<Budget>& budgets) {
  const auto cycles = map.optional("cycles");
  const auto energy = map.optional("energy");
  if (cycles) {
    budgets.push_back(read_cycles(*cycles, layer));
  }
  if (energy) {
    budgets.push_back(read_energy(*energy, layer));
  }
}

BudgetedRun read_run(const YamlNode& node) {
  const YamlMap map = node.map({"model", "array", "set", "dataflow", "batch", "data", "exact",
                                "cycles", "energy", "layers"});
  BudgetedRun run;
  run.place = node.place();
  run.model = read_model(map.required("model"));
  run.array = map.required("array").file();
  if (const auto set = map.optional("set")) {
    run.overrides = read_overrides(*set);
  }
  if (const auto dataflow = map.optional("dataflow")) {
    run.overrides.push_back("array.dataflow=" + dataflow->text());
  }
  if (const auto batch = map.optional("batch")) {
    run.batch = read_batch(*batch);
  }
  if (const auto data = map.optional("data")) {
    run.data = data->boolean();
  }
  if (const auto exact = map.optional("exact")) {
    run.exact = exact->boolean();
  }
  read_numbers(map, "", run.budgets);
  if (const auto layers = map.optional("layers")) {
    for (const YamlNode& layer : layers->entries(1, kMostLayers)) {
      const std::size_t before = run.budgets.size();
      read_numbers(layer.map({"cycles", "energy"}), layer.key(), run.budgets);
      if (run.budgets.size() == before) {
        layer.fail("found no budget, allowed: cycles, energy, or both");
      }
    }
  }
  if (run.budgets.empty()) {
    node.fail("found no budget, allowed: cycles, energy and layers");
  }
  return run;
}

}  // namespace

std::vector<BudgetedRun> load_budgets(const std::filesystem::path& path) {
  std::vector<BudgetedRun> runs;
  const YamlMap top = load_yaml(path).map({"budgets"});
  std::ranges::transform(top.required("budgets").list(1, kMostRuns), std::back_inserter(runs),
                         read_run);
  return runs;
}

}  // namespace systol
