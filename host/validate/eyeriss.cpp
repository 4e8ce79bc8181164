#include "host/validate/eyeriss.h"

#include <algorithm>
#include <array>

#include "host/account/energy_table.h"
#include "host/import/synthetic.h"
#include "host/session/prepared.h"
#include "host/session/run.h"

namespace systol {
namespace {

constexpr std::string_view kJournal =
    "Chen, Krishna, Emer and Sze, JSSC 2017, tables V and VI (second-hand)";
/// Eyeriss read four at a time, which a layer's energy per MAC hardly depends on here.
constexpr std::size_t kImages = 1;

constexpr std::array<EyerissLayer, 5> kLayers = {{
    {"CONV1", 332, 16.5, 0.42, 0.0001},
    {"CONV2", 288, 39.2, 0.90, 0.387},
    {"CONV3", 266, 21.8, 0.60, 0.725},
    {"CONV4", 235, 16.0, 0.45, 0.793},
    {"CONV5", 236, 10.0, 0.30, 0.776},
}};

constexpr std::array<std::string_view, 5> kRowNames = {
    "", "CONV2 over CONV1, 38.7 % zeros", "CONV3 over CONV1, 72.5 % zeros",
    "CONV4 over CONV1, 79.3 % zeros", "CONV5 over CONV1, 77.6 % zeros"};

constexpr std::array<std::string_view, 5> kFiles = {
    "validation/eyeriss/conv1.yaml", "validation/eyeriss/conv2.yaml",
    "validation/eyeriss/conv3.yaml", "validation/eyeriss/conv4.yaml",
    "validation/eyeriss/conv5.yaml"};

/// Of the chip, without the triangles of registers before and after the array: values come to
/// Eyeriss' PEs over a network, and it has none.
Picojoules comparable(const EnergyReport& energy) {
  Picojoules chip = without_memories(energy);
  for (const EnergyComponent& component : energy.components) {
    chip -= component.name == "skew_registers" ? component.energy : Picojoules(0.0);
  }
  return chip;
}

/// Work is ours, and what costs by time is charged for the time that was published: rows that stay
/// take other cycles than weights that do.
double picojoules_per_mac(const Graph& layer, const EyerissLayer& published,
                          const ArrayConfig& array, const Progress& progress) {
  constexpr std::uint64_t kSeed = 1;
  Samples samples = synthetic_samples(kImages);
  samples.values = sparse_inputs(layer, kImages, published.zeros, kSeed);
  RunOptions options;
  options.check = false;
  options.scores = false;
  const RunReport report =
      run(prepare(layer, std::move(samples)), array, FastEngine{}, options, progress);
  const EnergyTable table = load_energy_table(array);
  const double work =
      comparable(account({report.activity, {}, report.sum_toggles}, array, table)).count();
  return work / static_cast<double>(report.activity[Action::MacsUseful]) +
         comparable(idle_second(array, table)).count() * published.seconds_per_mac();
}

/// How many of the list are below each of it.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<double> ranks;
  for (const double value : values) {
    ranks.push_back(static_cast<double>(
        std::count_if(values.begin(), values.end(), [&](double other) { return other < value; })));
  }
  return ranks;
}

}  // namespace

std::span<const EyerissLayer> eyeriss_layers() { return kLayers; }

std::span<const std::string_view> eyeriss_files() { return kFiles; }

std::vector<float> sparse_inputs(const Graph& graph, std::size_t samples, double zeros,
                                 std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<float> values(samples * graph.input_size());
  for (float& value : values) {
    const bool zero = random.uniform(0, 1) < zeros;
    const double drawn = random.uniform(0, 1);
    value = zero ? 0.0F : static_cast<float>(drawn);
  }
  return values;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  // Spearman's: 1 - 6 sum d^2 / (n (n^2 - 1)) with d the differences of ranks.
  const std::vector<double> rank_a = ranks(a);
  const std::vector<double> rank_b = ranks(b);
  double squares = 0;
  for (std::size_t i = 0; i < rank_a.size(); ++i) {
    squares += (rank_a[i] - rank_b[i]) * (rank_a[i] - rank_b[i]);
  }
  const auto n = static_cast<double>(rank_a.size());
  return 1 - 6 * squares / (n * (n * n - 1));
}

std::vector<EnergyComparison> compare_eyeriss(std::span<const Graph> layers,
                                              const ArrayConfig& array, const Progress& progress) {
  std::vector<double> published;
  std::vector<double> ours;
  std::vector<EnergyComparison> rows;
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    published.push_back(kLayers[i].picojoules_per_mac());
    ours.push_back(picojoules_per_mac(layers[i], kLayers[i], array, progress));
    if (i > 0) {
      rows.push_back(
          {"Eyeriss", kRowNames[i], "", published[i] / published[0], ours[i] / ours[0], kJournal});
    }
  }
  rows.push_back({"Eyeriss", "rank correlation of the five layers", "", 1,
                  rank_correlation(published, ours), kJournal});
  return rows;
}

EnergyComparison compare_eyeriss_in_place(std::span<const Graph> layers, ArrayConfig array,
                                          const Progress& progress) {
  array.dataflow = Dataflow::OutputStationary;
  const auto ours = [&](std::size_t layer) {
    return picojoules_per_mac(layers[layer], kLayers[layer], array, progress);
  };
  const std::size_t last = kLayers.size() - 1;
  return {"Eyeriss",
          "CONV5 over CONV1, sums in place",
          "",
          kLayers[last].picojoules_per_mac() / kLayers[0].picojoules_per_mac(),
          ours(last) / ours(0),
          kJournal};
}

}  // namespace systol
