// Runs ten made-up images through a network on two arrays and prints what that takes.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "host/import/model.h"
#include "host/session/prepared.h"
#include "host/session/run.h"
#include "sim/config/array_file.h"

int main() {
  const std::string configs = SYSTOL_CONFIGS;
  try {
    systol::Graph network = systol::import_model(configs + "/models/mnist_mlp.onnx");
    systol::Samples samples = systol::synthetic_samples(10);
    const systol::Prepared model = systol::prepare(std::move(network), std::move(samples));
    bool right = true;
    for (const char* array : {"edge_16x16", "big_128x128"}) {
      const systol::ArrayConfig config =
          systol::load_array_config(configs + "/" + array + ".yaml", {});
      const systol::RunReport report = systol::run(model, config);
      std::printf("%s: %llu cycles, %.3g uJ, check %s\n", config.name.c_str(),
                  static_cast<unsigned long long>(report.cycles.count()),
                  report.energy.total.count() / 1e6, report.check.passed() ? "ok" : "FAILED");
      right = right && report.check.passed();
    }
    return right ? 0 : 1;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 2;
  }
}
