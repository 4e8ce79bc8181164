#include "host/cli/model_options.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "host/import/model.h"
#include "host/import/onnx_model.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

struct Pair {
  std::string name;
  std::string value;
};

Pair pair_of(const std::string& text, const char* option, const char* form) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw InputError(fmt::format("{} {}: expected {}", option, in_quotes(text), form));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

OnnxOptions options_of(const ModelOptions& typed) {
  OnnxOptions options;
  for (const std::string& text : typed.states) {
    Pair pair = pair_of(text, "--state", "INPUT=OUTPUT");
    options.states.push_back({std::move(pair.name), std::move(pair.value)});
  }
  for (const std::string& text : typed.dimensions) {
    const Pair pair = pair_of(text, "--dimension", "NAME=EXTENT");
    std::int64_t extent = 0;
    const char* end = pair.value.data() + pair.value.size();
    const auto read = std::from_chars(pair.value.data(), end, extent);
    if (read.ec != std::errc() || read.ptr != end || extent < 1) {
      throw InputError(fmt::format("--dimension {}: expected a number from 1 on after '='",
                                   in_quotes(text)));
    }
    options.extents[pair.name] = extent;
  }
  return options;
}

}  // namespace

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("--state", options.states,
                     "of an ONNX file: an input that is a state, and the output that it is for the "
                     "next sample; samples then run one after another. Repeatable.\n"
                     "  --state h0=hn --state c0=cn");
  command.add_option("--dimension", options.dimensions,
                     "of an ONNX file: the extent of a dimension that it leaves open. Repeatable.\n"
                     "  --dimension sequence=16");
}

Graph import_with_options(const std::string& model, const ModelOptions& options) {
  if (options.states.empty() && options.dimensions.empty()) {
    return import_model_or_sizes(model);
  }
  const OnnxOptions read = options_of(options);
  if (std::filesystem::path(model).extension() != ".onnx") {
    throw InputError(fmt::format("{}: --state and --dimension are for ONNX files alone", model));
  }
  return import_onnx(model, read);
}

}  // namespace systol
