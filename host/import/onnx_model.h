// Networks from ONNX files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// An input of the file that is a state, and the output that it is for the next sample.
struct OnnxState {
  std::string input;
  std::string output;
};

/// What a file does not say itself.
struct OnnxOptions {
  std::map<std::string, std::int64_t> extents;  ///< of dimensions that it leaves open, by name
  std::vector<OnnxState> states;
};

/// Reads a network for one sample: the batch may be symbolic or any number. docs/onnx.md lists the
/// operators and what becomes of them. A file with operators that are not supported, or that
/// contradicts itself or the options, is an InputError that names the file and the node.
Graph import_onnx(const std::filesystem::path& path, const OnnxOptions& options = {});

}  // namespace systol
