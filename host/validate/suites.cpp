#include "host/validate/suites.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <string_view>

#include "host/import/model.h"
#include "host/validate/eyeriss.h"
#include "host/validate/nvdla.h"
#include "host/validate/simba.h"
#include "sim/base/error.h"

namespace systol {
namespace {

Graph network(const SuiteReader& reader, const std::string& name) {
  return import_model_or_sizes(reader.file(name).string(), {}, {});
}

using Rows = std::vector<ScoreRow>;

struct Suite {
  std::string_view name;
  double share;  ///< of the whole time, about
  Rows (*run)(const Suites& suites, unsigned threads, const Progress& progress);
};
constexpr std::array<Suite, 8> kSuites = {{
    {"first TPU", 0.03,
     [](const Suites& suites, unsigned, const Progress& progress) {
       return score_rows(run_tpu_workloads(suites.tpu_networks, suites.tpu, progress));
     }},
    {"Gemmini", 0.76,
     [](const Suites& suites, unsigned threads, const Progress& progress) {
       return score_rows(
           run_gemmini_layers(suites.gemmini_layers, suites.gemmini, threads, progress));
     }},
    {"tinyTPU", 0.005,
     [](const Suites& suites, unsigned, const Progress& progress) {
       return score_rows(run_tiny_tpu(suites.tiny_tpu_network, suites.tiny_tpu, progress));
     }},
    {"first TPU's power", 0.005,
     [](const Suites& suites, unsigned, const Progress& progress) {
       return score_rows(compare_first_tpu(suites.cnn0, suites.tpu, progress));
     }},
    {"GAP9", 0.005,
     [](const Suites& suites, unsigned, const Progress& progress) {
       return score_rows(compare_gap9(suites.autoencoder, suites.resnet, suites.edge, progress));
     }},
    {"Eyeriss", 0.19,
     [](const Suites& suites, unsigned, const Progress& progress) {
       return score_rows(compare_eyeriss(suites.eyeriss_layers, suites.eyeriss, progress));
     }},
    {"NVDLA", 0.005,
     [](const Suites& suites, unsigned, const Progress&) {
       return score_rows(compare_nvdla(suites.nvdla));
     }},
    {"Simba", 0.005,
     [](const Suites& suites, unsigned, const Progress&) {
       return score_rows(std::array{compare_simba(suites.nvdla)});
     }},
}};

std::vector<const Suite*> chosen(std::span<const std::string> names) {
  std::vector<const Suite*> all;
  for (const Suite& suite : kSuites) {
    if (names.empty() || std::ranges::find(names, suite.name) != names.end()) {
      all.push_back(&suite);
    }
  }
  for (const std::string& name : names) {
    if (std::ranges::find(kSuites, name, &Suite::name) == kSuites.end()) {
      std::vector<std::string_view> there(kSuites.size());
      std::ranges::transform(kSuites, there.begin(), &Suite::name);
      throw InputError(
          fmt::format("machines: found '{}', allowed: {}", name, fmt::join(there, ", ")));
    }
  }
  return all;
}

/// Makes one step of many runs, each of which has steps of its own and ends.
class SuiteProgress {
 public:
  SuiteProgress(std::span<const Suite* const> suites, const Progress& progress)
      : suites_(suites), progress_(progress) {
    for (const Suite* suite : suites) {
      all_ += suite->share;
    }
  }

  /// For the runs of a suite, up to the next call.
  Progress of(std::size_t suite) {
    before_ += suite == 0 ? 0 : suites_[suite - 1]->share;
    suite_ = suite;
    inside_ = 0;
    if (!progress_) {
      return {};
    }
    return [this](const ProgressReport& report) { hear(report); };
  }

 private:
  void hear(const ProgressReport& report) {
    if (report.step.empty() || !report.position) {
      return;
    }
    const std::lock_guard lock(mutex_);
    if (report.step == "validating") {  // other runs' steps begin at 0 again and again
      inside_ = std::max(inside_, report.position->done);
    }
    const Suite& suite = *suites_[suite_];
    const double done = (before_ + inside_ * suite.share) / all_;
    progress_({"validating",
               ProgressPosition{suite_ + 1, suites_.size(), suite.name, {}, done, "machine"}});
  }

  std::span<const Suite* const> suites_;
  const Progress& progress_;
  std::mutex mutex_;
  std::size_t suite_ = 0;
  double all_ = 0;     ///< of the shares
  double before_ = 0;  ///< the suites that are done
  double inside_ = 0;  ///< of this one, 0 to 1
};

}  // namespace

Suites read_suites(const SuiteReader& reader) {
  Suites suites;
  suites.tpu = reader.array("tpu_v1.yaml");
  for (const TpuWorkload& workload : tpu_workloads()) {
    suites.tpu_networks.push_back(
        network(reader, "validation/tpu-v1/" + std::string(workload.file)));
  }
  suites.gemmini = reader.array("validation/gemmini/array.yaml");
  suites.gemmini_layers = load_gemmini_layers(reader.file("validation/gemmini/firesim_cycles.csv"));
  suites.tiny_tpu = reader.array("validation/tiny-tpu/array.yaml");
  suites.tiny_tpu_network = network(reader, "validation/tiny-tpu/mnist.yaml");
  suites.cnn0 = network(reader, "validation/tpu-v1/cnn0.yaml");
  suites.edge = reader.array("edge_8x8.yaml");
  suites.autoencoder = network(reader, "models/mnist_autoencoder.onnx");
  suites.resnet = network(reader, "models/mnist_resnet8.onnx");
  suites.eyeriss = reader.array("validation/eyeriss/array.yaml");
  for (const std::string_view file : eyeriss_files()) {
    suites.eyeriss_layers.push_back(network(reader, std::string(file)));
  }
  suites.nvdla = reader.array("validation/nvdla/array.yaml");
  return suites;
}

std::vector<ScoreRow> run_suites(const Suites& suites, std::span<const std::string> machines,
                                 unsigned threads, const Progress& progress) {
  const std::vector<const Suite*> all = chosen(machines);
  SuiteProgress whole(all, progress);
  Rows rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Progress within = whole.of(i);
    Rows more = all[i]->run(suites, threads, within);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  }
  if (progress) {
    progress({});
  }
  return rows;
}

}  // namespace systol
