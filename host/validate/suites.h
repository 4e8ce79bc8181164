// All suites of what others have measured, one after another.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "host/session/progress.h"
#include "host/validate/scoreboard.h"

namespace systol {

/// How files are found and read; both take a name in the folder `configs`.
struct SuiteReader {
  std::function<ArrayConfig(const std::string& name)> array;
  std::function<std::filesystem::path(const std::string& name)> file;
};

/// What the suites run, and what was measured of it.
struct Suites {
  ArrayConfig tpu;
  std::vector<Graph> tpu_networks;
  ArrayConfig gemmini;
  std::vector<GemminiLayer> gemmini_layers;
  ArrayConfig tiny_tpu;
  Graph tiny_tpu_network;
  Graph cnn0;
  ArrayConfig edge;
  Graph autoencoder;
  Graph resnet;
  ArrayConfig eyeriss;
  std::vector<Graph> eyeriss_layers;
  ArrayConfig nvdla;
};

/// Throws what the reader throws, and InputError for files that are wrong.
Suites read_suites(const SuiteReader& reader);

/// The scoreboard's rows, of these machines or, without a name, of all. `progress` hears which one
/// runs, one thread at a time. Throws InputError for a machine that there is not.
std::vector<ScoreRow> run_suites(const Suites& suites, std::span<const std::string> machines,
                                 unsigned threads, const Progress& progress = {});

}  // namespace systol
