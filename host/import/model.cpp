#include "host/import/model.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <system_error>

#include "host/import/onnx_model.h"
#include "host/import/sizes.h"
#include "host/import/workload.h"
#include "sim/base/error.h"

namespace systol {
namespace {

void refuse(const GivenShapes& shapes, const GivenStates& states, const std::string& model) {
  if (!states.empty()) {
    throw InputError(model + ": states are given, but only ONNX models leave open what is one");
  }
  if (!shapes.empty()) {
    throw InputError(model + ": shapes are given, but only ONNX models leave sizes open");
  }
}

}  // namespace

Graph import_model(const std::filesystem::path& path, const GivenShapes& shapes,
                   const GivenStates& states) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".onnx") {
    return import_onnx(path, shapes, states);
  }
  refuse(shapes, states, path.string());
  if (extension == ".yaml" || extension == ".yml") {
    return load_workload(path);
  }
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw InputError(path.string() +
                     ": no such file; a model is a file (.onnx, .yaml, .yml) or layer sizes, as "
                     "784x128x10");
  }
  throw InputError(path.string() +
                   ": not a model; supported are ONNX (.onnx) and workloads (.yaml, .yml)");
}

Graph import_model_or_sizes(const std::string& text, const GivenShapes& shapes,
                            const GivenStates& states) {
  const bool sizes = !text.empty() && text.find_first_not_of("0123456789x") == std::string::npos;
  if (!sizes) {
    return import_model(text, shapes, states);
  }
  refuse(shapes, states, text);
  return dense_from_sizes(text);
}

}  // namespace systol
