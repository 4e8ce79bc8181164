#include "host/validate/energy.h"

#include <fmt/format.h>

#include "host/report/text_table.h"
#include "host/session/prepared.h"
#include "host/session/run.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTpuPaper =
    "Jouppi et al., ISCA 2017 (arXiv 1704.04760), section 6: server power that a die adds";
constexpr std::string_view kGap9Results = "MLPerf Tiny v1.0, results of GAP9 (Apache-2.0)";
constexpr std::uint32_t kCnn0Batch = 8;
constexpr double kTenth = 0.1;

constexpr OperatingPoint kGap9Slow{Millivolts(650), Hertz(240'000'000)};
constexpr OperatingPoint kGap9Fast{Millivolts(800), Hertz(370'000'000)};

/// Timing only: no weights have been published.
RunReport run_once(const Graph& graph, const ArrayConfig& array, std::uint32_t batch,
                   const Progress& progress) {
  RunOptions options;
  options.batch = batch;
  return run(prepare(graph, synthetic_samples(batch)), array, FastEngine{.values = false}, options,
             progress);
}

double gap9_ratio(const Graph& graph, ArrayConfig array, const Progress& progress) {
  const auto energy_at = [&](const OperatingPoint& point) {
    array.voltage = point.voltage;
    array.clock = point.clock;
    return without_memories(run_once(graph, array, 1, progress).energy).count();
  };
  return energy_at(kGap9Fast) / energy_at(kGap9Slow);
}

}  // namespace

Picojoules without_memories(const EnergyReport& energy) {
  Picojoules chip;
  for (const EnergyComponent& component : energy.components) {
    if (!component.name.starts_with("memory_") && component.name != "regulators") {
      chip += component.energy;
    }
  }
  return chip;
}

std::vector<EnergyComparison> compare_first_tpu(const Graph& cnn0, const ArrayConfig& array,
                                                const Progress& progress) {
  const double idle = idle_power(array, load_energy_table(array)).count();
  const double busy = run_once(cnn0, array, kCnn0Batch, progress).power_w();
  return {
      {"first TPU", "nothing to do", "W", 28, idle, kTpuPaper},
      {"first TPU", "CNN0 for 10 % of the time", "W", 35, kTenth * busy + (1 - kTenth) * idle,
       kTpuPaper},
      {"first TPU", "CNN0", "W", 40, busy, kTpuPaper},
  };
}

std::vector<EnergyComparison> compare_gap9(const Graph& autoencoder, const Graph& resnet,
                                           const ArrayConfig& array, const Progress& progress) {
  return {
      {"GAP9", "autoencoder, 0.8 V over 0.65 V", "", 7.30 / 5.25,
       gap9_ratio(autoencoder, array, progress), kGap9Results},
      {"GAP9", "ResNet-8, 0.8 V over 0.65 V", "", 40.4 / 27.7, gap9_ratio(resnet, array, progress),
       kGap9Results},
  };
}

std::string energy_text(std::span<const EnergyComparison> rows) {
  TextTable table({"chip", "figure", "published", "Systol", "ratio"});
  for (const EnergyComparison& row : rows) {
    const auto number = [&row](double value) {
      return fmt::format("{:.3g}{}{}", value, row.unit.empty() ? "" : " ", row.unit);
    };
    table.add({std::string(row.chip), std::string(row.what), number(row.published),
               number(row.ours), fmt::format("{:.2f}", row.ours / row.published)});
  }
  return table.text() +
         "\nNothing is fitted. The first TPU's energy table and what is assumed are named in\n"
         "configs/tpu_v1.yaml. Why rows do not close, and which published figures have no\n"
         "row yet: docs/validation.md.\n";
}

Json energy_json(std::span<const EnergyComparison> rows) {
  Json json;
  json["schema"] = {{"name", "systol.validate.energy"}, {"version", 1}};
  json["rows"] = Json::array();
  for (const EnergyComparison& row : rows) {
    json["rows"].push_back({{"chip", row.chip},
                            {"figure", row.what},
                            {"unit", row.unit},
                            {"published", row.published},
                            {"systol", row.ours},
                            {"ratio", row.ours / row.published},
                            {"source", row.source}});
  }
  return json;
}

}  // namespace systol
