#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "host/page/stacked_bars.h"
#include "host/report/numbers.h"
#include "host/run_page/layer_rows.h"
#include "host/run_page/sections.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// Of the components with the most energy; the rest is one part.
constexpr std::array<const char*, 7> kComponentColours = {
    "#0b5cad", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7b61a8"};
constexpr const char* kOther = "other";
constexpr const char* kOtherColour = "#a9b3bd";

double picojoules(const EnergyReport& energy, std::size_t component) {
  return component < energy.components.size() ? energy.components[component].energy.count() : 0;
}

/// Components by their energy, the largest first.
std::vector<std::size_t> by_energy(const EnergyReport& energy) {
  std::vector<std::size_t> order(energy.components.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return energy.components[a].energy > energy.components[b].energy;
  });
  return order;
}

Json square_millimetres(const RunReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.hardware, name, &Component::name);
  constexpr double kPerSquareMillimetre = 1e6;
  return found == report.hardware.end() || found->area.count() == 0
             ? Json(nullptr)
             : Json(found->area.count() / kPerSquareMillimetre);
}

DataSet figure_rows(const RunReport& report) {
  DataSet data{"figures", {"component", "figure"}, {}};
  for (const EnergySource& source : report.energy_sources) {
    for (const std::string& figure : source.figures) {
      data.rows.push_back(Json::array({source.name, figure}));
    }
  }
  return data;
}

DataSet component_rows(const RunReport& report) {
  DataSet data{"components", {"component", "energy", "share", "power", "area"}, {}};
  const double all = report.energy.total.count();
  for (const std::size_t i : by_energy(report.energy)) {
    const EnergyComponent& component = report.energy.components[i];
    const double share = all == 0 ? 0 : component.energy.count() / all;
    data.rows.push_back({component.name, component.energy.count(), share, share * report.power_w(),
                         square_millimetres(report, component.name)});
  }
  return data;
}

/// Energy of each bar's layers: of the components that `order` begins with, and of all others.
DataSet layer_energy_rows(const RunReport& report, const std::vector<std::size_t>& order) {
  DataSet data{"energy", {"layer"}, {}};
  const std::size_t named = std::min(order.size(), kComponentColours.size());
  for (std::size_t i = 0; i < named; ++i) {
    data.columns.push_back(report.energy.components[order[i]].name);
  }
  data.columns.emplace_back(kOther);
  for (const LayerBar& bar : layer_bars(report)) {
    std::vector<double> joules(named + 1);
    for (std::size_t layer = bar.first; layer < bar.last; ++layer) {
      for (std::size_t i = 0; i < order.size(); ++i) {
        joules[std::min(i, named)] += picojoules(report.nodes[layer].energy, order[i]) / 1e12;
      }
    }
    Json row = {bar.label};
    for (const double part : joules) {
      row.push_back(part);
    }
    data.rows.push_back(std::move(row));
  }
  return data;
}

PageChart layer_chart(const RunReport& report, const std::vector<std::size_t>& order) {
  StackedBars bars{"energy", layer_bars(report).size(), "layer", {}, "component", "energy in J",
                   "~s"};
  for (std::size_t i = 0; i < std::min(order.size(), kComponentColours.size()); ++i) {
    bars.parts.push_back({report.energy.components[order[i]].name, kComponentColours[i]});
  }
  bars.parts.push_back({kOther, kOtherColour});
  return {report.nodes.size() > kMostBars ? "Energy of several layers in a row, by component"
                                          : "Energy of each layer, by component",
          "Stacked bars: the energy of each layer by component. The table of layers has each "
          "layer's energy.",
          stacked_bars(bars)};
}

}  // namespace

void add_energy(Page& page, const RunReport& report) {
  PageSection& section = page.section("energy", "Energy and power");
  section.paragraph(fmt::format("{} in {}: {} on average. Energy of pe: {}.",
                                energy(report.energy.total), duration(report.seconds()),
                                power(report.power_w()), report.operand_basis));
  page.data(component_rows(report));
  section.table({"By component",
                 "components",
                 {{"component", "component"},
                  {"energy", "energy", CellKind::Energy},
                  {"share", "share", CellKind::Share},
                  {"power", "average power", CellKind::Power},
                  {"area", "area in mm2", CellKind::Number}}});
  const std::vector<std::size_t> order = by_energy(report.energy);
  page.data(layer_energy_rows(report, order));
  section.chart(layer_chart(report, order));
  page.data(figure_rows(report));
  section.table({"Where the figures come from",
                 "figures",
                 {{"component", "component"}, {"figure", "figure, how sure it is, and its source"}},
                 true,
                 true});
}

}  // namespace systol
