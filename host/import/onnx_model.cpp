#include "host/import/onnx_model.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "host/import/onnx_external_data.h"
#include "host/import/onnx_file.h"
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

/// Those that an exported file says itself.
GivenStates noted_states(const onnx::ModelProto& model) {
  GivenStates states;
  const std::string note = kStateNote;
  for (const onnx::StringStringEntryProto& entry : model.metadata_props()) {
    if (entry.key().starts_with(note)) {
      states.push_back({entry.key().substr(note.size()), entry.value()});
    }
  }
  return states;
}

}  // namespace

Graph import_onnx(const std::filesystem::path& path, const GivenShapes& shapes,
                  const GivenStates& states) {
  onnx_import::OnnxFile read = onnx_import::read_onnx_file(path);
  onnx::ModelProto& model = read.model;
  const std::string file = path.string();
  const std::int64_t opset = opset_of(model, file);
  onnx_import::find_external_data(*model.mutable_graph(), path, read.left);
  onnx_import::give_shapes(*model.mutable_graph(), shapes, file);
  std::vector<std::string> notes;
  onnx_import::write_as_pairs(*model.mutable_graph(), notes);
  const GivenStates all = states.empty() ? noted_states(model) : states;
  Graph graph = onnx_import::Lowering(model.graph(), opset, file, all, std::move(read.left)).run();
  graph.notes.insert(graph.notes.begin(), notes.begin(), notes.end());
  graph.name = printable(path.stem().string());
  return graph;
}

std::map<std::string, std::vector<float>> read_onnx_constants(const std::filesystem::path& path) {
  onnx_import::OnnxFile read = onnx_import::read_onnx_file(path);
  onnx_import::find_external_data(*read.model.mutable_graph(), path, read.left);
  std::map<std::string, std::vector<float>> constants;
  for (const onnx::TensorProto& tensor : read.model.graph().initializer()) {
    if (tensor.data_type() == onnx::TensorProto::FLOAT) {
      const auto left = read.left.find(tensor.name());
      constants[tensor.name()] =
          onnx_import::read_floats({tensor, left == read.left.end() ? nullptr : &left->second},
                                   fmt::format("{}: '{}'", path.string(), tensor.name()))
              .values;
    }
  }
  return constants;
}

}  // namespace systol
