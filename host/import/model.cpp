#include "host/import/model.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "host/import/onnx_model.h"
#include "host/import/workload.h"
#include "sim/base/error.h"

namespace systol {

Graph import_model(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".onnx") {
    return import_onnx(path);
  }
  if (extension == ".yaml" || extension == ".yml") {
    return load_workload(path);
  }
  throw InputError(path.string() +
                   ": not a model; supported are ONNX (.onnx) and workloads (.yaml, .yml)");
}

}  // namespace systol
