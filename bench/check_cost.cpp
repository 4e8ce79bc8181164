// What the check costs against what it checks: CPU time of the reference and of the fast engine for
// ResNet-50's multiplications on a 128x128 array, on one thread. Data are made up.
//   check_cost
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "host/compile/program.h"
#include "host/reference/integer_matmul.h"
#include "host/run/output_check.h"
#include "host/scale_sim/topology.h"
#include "sim/config/array_file.h"
#include "sim/fast/fast_device.h"
#include "sim/fast/gemm.h"

namespace systol {
namespace {

std::shared_ptr<const QuantGraph> network_of(const TopologyLayer& layer, std::mt19937& random) {
  QuantMatMul matmul;
  matmul.weights.resize(std::size_t{layer.k} * layer.n);
  std::ranges::generate(matmul.weights, [&] { return static_cast<std::int8_t>(random()); });
  matmul.bias.assign(layer.n, 0);
  matmul.multiplier.assign(layer.n, 1 << 30);
  matmul.shift.assign(layer.n, 44);
  QuantGraph quantised;
  quantised.graph = std::make_shared<const Graph>(graph_of(layer, 1));
  quantised.tensors.resize(quantised.graph->tensors.size());
  quantised.nodes.emplace_back(std::move(matmul));
  return std::make_shared<const QuantGraph>(std::move(quantised));
}

/// The least CPU seconds of three runs: the first also pays for new memory and for code that is
/// made.
template <typename Work>
double cpu_seconds(const Work& work) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t begin = std::clock();
    work();
    least = std::min(least, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return least;
}

struct Costs {
  double multiply = 0;            ///< oneDNN or the plain loops, on whole matrices
  double reference_multiply = 0;  ///< the reference's product
  double run = 0;                 ///< a run with data, without any check
  double reference = 0;           ///< the reference's outputs
  double compared_run = 0;        ///< a run with the reference and all comparisons
};

void add_products(const TopologyLayer& layer, const std::vector<std::int8_t>& weights,
                  const std::vector<std::int8_t>& input, Costs& costs) {
  const std::size_t m = layer.m;
  const std::size_t n = layer.n;
  const std::size_t k = layer.k;
  std::vector<std::int32_t> sums(m * n);
  const GemmPath path = exact_gemm_path();
  costs.multiply += cpu_seconds([&] {
    gemm(path, {m, n, k, k, n, n, false}, input.data(), weights.data(), sums.data());
  });
  costs.reference_multiply += cpu_seconds([&] {
    integer_matmul({m, n, k, k, n, n}, input.data(), weights.data(), sums.data(), 1);
  });
}

void add_layer(const TopologyLayer& layer, const ArrayConfig& config, Costs& costs) {
  std::mt19937 random(1);
  const auto graph = network_of(layer, random);
  std::vector<std::int8_t> input(std::size_t{layer.m} * layer.k);
  std::ranges::generate(input, [&] { return static_cast<std::int8_t>(random()); });
  add_products(layer, std::get<QuantMatMul>(graph->nodes.front()).weights, input, costs);
  const NetworkProgram program(graph, config, layer.m, layer.m);
  const auto device = make_fast_device(config, {.data = true, .check_program = false});
  const auto run = [&](OutputCheck* check) {
    MemoryImage memory = program.memory(input);
    device->run(*program.commands(), program.nodes(), memory, check);
    if (check != nullptr && !check->finish(memory).passed()) {
      fmt::print("{}: WRONG OUTPUT\n", layer.name);
    }
  };
  costs.run += cpu_seconds([&] { run(nullptr); });
  costs.compared_run += cpu_seconds([&] {
    const IntegerResult expected = run_integer(*graph, input, layer.m);
    OutputCheck check(program, expected);
    run(&check);
  });
  costs.reference += cpu_seconds([&] { run_integer(*graph, input, layer.m); });
}

int measure() {
  const ArrayConfig config = load_array_config(SYSTOL_SOURCE_DIR "/configs/big_128x128.yaml");
  Costs costs;
  for (const TopologyLayer& layer :
       load_topology(SYSTOL_SOURCE_DIR "/configs/workloads/scale-sim/resnet50.csv").layers) {
    add_layer(layer, config, costs);
  }
  const auto line = [](const char* what, double seconds, double of) {
    fmt::print("{:<48} {:>8.1f} {:>8.2f}\n", what, seconds * 1e3, seconds / of);
  };
  fmt::print("{:<48} {:>8} {:>8}\n", "ResNet-50, batch 1, 128x128", "CPU ms", "ratio");
  line("the engine's products alone", costs.multiply, costs.multiply);
  line("the reference's products alone", costs.reference_multiply, costs.multiply);
  line("a run without check", costs.run, costs.run);
  line("the reference's outputs", costs.reference, costs.run);
  line("reference and comparison: what a check adds", costs.compared_run - costs.run, costs.run);
  return 0;
}

}  // namespace
}  // namespace systol

int main() { return systol::measure(); }
