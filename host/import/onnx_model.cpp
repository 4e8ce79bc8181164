#include "host/import/onnx_model.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <fstream>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include "host/import/onnx_external_data.h"
#include "host/import/onnx_lowering.h"
#include "host/import/onnx_open_shapes.h"
#include "host/import/onnx_pairs.h"
#include "host/import/onnx_tensor.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// The oldest operator set in which every supported operator means what it means today.
constexpr std::int64_t kOldestOpset = 7;

void check_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    throw InputError(path.string() + ": no such file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError(path.string() + ": not a file");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (size == 0) {
    throw InputError(path.string() + ": the file is empty");
  }
  if (size > static_cast<std::uintmax_t>(std::numeric_limits<std::int32_t>::max())) {
    throw InputError(
        fmt::format("{}: {} bytes; an ONNX file has at most 2 GiB", path.string(), size));
  }
}

onnx::ModelProto read_model(const std::filesystem::path& path) {
  check_file(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw InputError(path.string() + ": cannot be read");
  }
  const google::protobuf::LogSilencer silencer;  // what it has to say is said below
  onnx::ModelProto model;
  const bool parsed = model.ParseFromIstream(&file);
  if (file.bad()) {
    throw InputError(path.string() + ": cannot be read");
  }
  if (!parsed) {
    throw InputError(path.string() + ": not an ONNX model, or cut short");
  }
  if (!model.has_graph()) {
    throw InputError(path.string() + ": not an ONNX model (it holds no graph)");
  }
  return model;
}

std::int64_t opset_of(const onnx::ModelProto& model, const std::string& file) {
  for (const onnx::OperatorSetIdProto& opset : model.opset_import()) {
    if (!opset.domain().empty() && opset.domain() != "ai.onnx") {
      continue;
    }
    if (opset.version() < kOldestOpset) {
      throw InputError(fmt::format("{}: it uses operator set {}; supported are {} and later", file,
                                   opset.version(), kOldestOpset));
    }
    return opset.version();
  }
  throw InputError(file + ": it does not say which ONNX operator set it uses");
}

}  // namespace

Graph import_onnx(const std::filesystem::path& path, const GivenShapes& shapes,
                  const GivenStates& states) {
  onnx::ModelProto model = read_model(path);
  const std::string file = path.string();
  const std::int64_t opset = opset_of(model, file);
  onnx_import::load_external_data(*model.mutable_graph(), path);
  onnx_import::give_shapes(*model.mutable_graph(), shapes, file);
  std::vector<std::string> notes;
  onnx_import::write_as_pairs(*model.mutable_graph(), notes);
  Graph graph = onnx_import::Lowering(model.graph(), opset, file, states).run();
  graph.notes.insert(graph.notes.begin(), notes.begin(), notes.end());
  graph.name = printable(path.stem().string());
  return graph;
}

std::map<std::string, std::vector<float>> read_onnx_constants(const std::filesystem::path& path) {
  onnx::ModelProto model = read_model(path);
  onnx_import::load_external_data(*model.mutable_graph(), path);
  std::map<std::string, std::vector<float>> constants;
  for (const onnx::TensorProto& tensor : model.graph().initializer()) {
    if (tensor.data_type() == onnx::TensorProto::FLOAT) {
      constants[tensor.name()] =
          onnx_import::read_floats(tensor, fmt::format("{}: '{}'", path.string(), tensor.name()))
              .values;
    }
  }
  return constants;
}

}  // namespace systol
