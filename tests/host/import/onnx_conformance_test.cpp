// ONNX's own cases of single operators and small models, from Debian's libonnx-testdata: import and
// the float reference against the outputs that ONNX expects. A case is run in up to three ways: its
// values as one sample without a batch, the first alone depending on the sample or all of them, and
// its first axis as the batch.
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "host/graph/verify.h"
#include "host/import/onnx_inputs.h"
#include "host/import/onnx_lowering.h"
#include "host/import/onnx_tensor.h"
#include "host/reference/float_network.h"
#include "sim/base/error.h"

namespace systol::onnx_import {
namespace {

const std::filesystem::path kData = "/usr/share/libonnx-testdata/data";

template <class Proto>
Proto read_proto(const std::filesystem::path& path) {
  Proto proto;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(proto.ParseFromIstream(&file)) << path;
  return proto;
}

/// A case's model and its values, by their names in it.
struct Case {
  onnx::GraphProto graph;
  std::int64_t opset = 0;
  std::map<std::string, onnx::TensorProto> inputs;
  std::map<std::string, onnx::TensorProto> outputs;
};

Case read_case(const std::filesystem::path& folder) {
  const auto model = read_proto<onnx::ModelProto>(folder / "model.onnx");
  Case result{model.graph(), 7, {}, {}};
  for (const auto& opset : model.opset_import()) {
    result.opset = opset.domain().empty() ? opset.version() : result.opset;
  }
  const auto values = [&](const auto& infos, const std::string& kind, auto& into) {
    for (int i = 0; i < infos.size(); ++i) {
      const auto path = folder / "test_data_set_0" / (kind + std::to_string(i) + ".pb");
      if (std::filesystem::exists(path)) {
        into[infos[i].name()] = read_proto<onnx::TensorProto>(path);
      }
    }
  };
  values(model.graph().input(), "input_", result.inputs);
  values(model.graph().output(), "output_", result.outputs);
  return result;
}

bool is_float(const onnx::TensorProto& tensor) {
  return tensor.data_type() == onnx::TensorProto::FLOAT ||
         tensor.data_type() == onnx::TensorProto::DOUBLE;
}

enum class Way { FirstAsSample, AllAsSample, Batch };

/// The case as a model whose graph inputs are those that depend on the sample.
class Run {
 public:
  Run(const Case& of, Way way) : case_(of), way_(way), graph_(of.graph) {
    sequence_ = graph_.input_size() > 0 && use_of(graph_, graph_.input(0).name(), 3).batch == 1;
    graph_.clear_input();
    for (const auto& input : of.graph.input()) {
      const auto found = of.inputs.find(input.name());
      if (found == of.inputs.end()) {
        continue;
      }
      const bool first = graph_.input_size() == 0;
      if (is_float(found->second) && (first || way == Way::AllAsSample)) {
        add_activation(input, found->second);
      } else {
        auto* initializer = graph_.add_initializer();
        *initializer = found->second;
        initializer->set_name(input.name());
      }
    }
    if (of.graph.node(0).op_type() == "LayerNormalization") {
      graph_.mutable_output()->DeleteSubrange(1, graph_.output_size() - 1);
    }
    for (auto& output : *graph_.mutable_output()) {
      output.clear_type();
    }
  }

  std::size_t activations() const { return samples_.size(); }

  /// Throws InputError where the model is not supported; otherwise what differs, if anything.
  std::string differences() {
    const Graph graph = Lowering(graph_, case_.opset, "case").run();
    verify(graph);
    std::string found;
    std::vector<float> rows;
    for (std::size_t row = 0; row < rows_; ++row) {
      for (std::size_t i = 0; i < samples_.size(); ++i) {
        std::vector<float> sample = part(samples_[i], way_ == Way::Batch ? batch_axis() : -1, row);
        if (i < graph.input_layouts.size() &&
            graph.input_layouts[i] == InputLayout::ChannelsFirst) {
          sample = channels_last_of(sample, graph.shape(graph.inputs[i]));
        }
        rows.insert(rows.end(), sample.begin(), sample.end());
      }
    }
    const FloatResult result = run_float(graph, rows, rows_);
    for (int i = 0; i < graph_.output_size() && found.empty(); ++i) {
      found = difference(result.outputs[static_cast<std::size_t>(i)], i);
    }
    return found;
  }

 private:
  /// As one sample: an input with an axis more, which a Squeeze takes off again.
  void add_activation(const onnx::ValueInfoProto& input, const onnx::TensorProto& tensor) {
    samples_.push_back(read_floats(tensor, "case"));
    const Shape& shape = samples_.back().shape;
    auto* added = graph_.add_input();
    const std::string inner = input.name() + "_inner";
    added->set_name(way_ == Way::Batch ? input.name() : inner);
    auto* type = added->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    if (way_ != Way::Batch) {
      type->mutable_shape()->add_dim()->set_dim_value(1);
    } else if (shape.size() > static_cast<std::size_t>(batch_axis())) {
      rows_ = static_cast<std::size_t>(shape[static_cast<std::size_t>(batch_axis())]);
    }
    for (const std::int64_t extent : shape) {
      type->mutable_shape()->add_dim()->set_dim_value(extent);
    }
    if (way_ != Way::Batch) {
      add_squeeze(inner, input.name());
    }
  }

  void add_squeeze(const std::string& from, const std::string& to) {
    onnx::NodeProto squeeze;
    squeeze.set_op_type("Squeeze");
    squeeze.add_input(from);
    squeeze.add_output(to);
    auto* axes = squeeze.add_attribute();
    axes->set_name("axes");
    axes->add_ints(0);
    const onnx::GraphProto old = graph_;
    graph_.clear_node();
    *graph_.add_node() = squeeze;
    for (const auto& node : old.node()) {
      *graph_.add_node() = node;
    }
  }

  std::int64_t batch_axis() const { return sequence_ ? 1 : 0; }
  std::int64_t output_axis(std::size_t rank) const {
    return !sequence_ || rank == 2 ? 0 : rank == 4 ? 2 : 1;
  }

  /// The values with this index along the axis; all of them where the axis is -1.
  static std::vector<float> part(const FloatTensor& whole, std::int64_t axis, std::size_t index) {
    if (axis < 0) {
      return whole.values;
    }
    std::size_t inner = 1;
    for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < whole.shape.size(); ++i) {
      inner *= static_cast<std::size_t>(whole.shape[i]);
    }
    const auto extent = static_cast<std::size_t>(whole.shape[static_cast<std::size_t>(axis)]);
    std::vector<float> result;
    for (std::size_t i = 0; i < whole.values.size(); ++i) {
      if (i / inner % extent == index) {
        result.push_back(whole.values[i]);
      }
    }
    return result;
  }

  /// [C][pixels] as [pixels][C].
  static std::vector<float> channels_last_of(const std::vector<float>& sample, const Shape& shape) {
    const auto channels = static_cast<std::size_t>(shape.back());
    const std::size_t pixels = sample.size() / channels;
    std::vector<float> result;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      result.push_back(sample[i % channels * pixels + i / channels]);
    }
    return result;
  }

  std::string difference(const std::vector<float>& found, int output) const {
    const std::string& name = graph_.output(output).name();
    const auto wanted_proto = case_.outputs.find(name);
    if (wanted_proto == case_.outputs.end() || !is_float(wanted_proto->second)) {
      throw InputError("the expected output is not in floating point");
    }
    const FloatTensor all = read_floats(wanted_proto->second, "case");
    const std::size_t width = found.size() / rows_;
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto wanted = part(all, way_ == Way::Batch ? output_axis(all.shape.size()) : -1, row);
      if (wanted.size() != width && way_ == Way::Batch) {
        throw InputError("the first axis of its output is not that of its input");
      }
      if (wanted.size() != width) {
        return name + ": " + std::to_string(width) + " values, expected " +
               std::to_string(wanted.size());
      }
      for (std::size_t i = 0; i < width; ++i) {
        const float value = found[row * width + i];
        if (!(std::abs(value - wanted[i]) <= 1e-5F + 1e-4F * std::abs(wanted[i]))) {
          return name + "[" + std::to_string(row * width + i) + "]: " + std::to_string(value) +
                 ", expected " + std::to_string(wanted[i]);
        }
      }
    }
    return "";
  }

  const Case& case_;
  Way way_;
  onnx::GraphProto graph_;
  bool sequence_ = false;
  std::size_t rows_ = 1;
  std::vector<FloatTensor> samples_;
};

/// What came of a case: its differences, or why it is refused in every way.
struct Outcome {
  bool passed = false;
  std::string difference;
  std::string refusal;
};

Outcome run_case(const std::filesystem::path& folder) {
  const Case of = read_case(folder);
  Outcome outcome;
  for (const Way way : {Way::AllAsSample, Way::FirstAsSample, Way::Batch}) {
    try {
      Run run(of, way);
      const std::string difference = run.differences();
      outcome.passed = outcome.passed || difference.empty();
      if (!difference.empty()) {
        outcome.difference = std::to_string(static_cast<int>(way)) + ": " + difference;
      }
    } catch (const InputError& error) {
      outcome.refusal = error.what();
    }
  }
  return outcome;
}

TEST(OnnxConformance, OperatorsComputeWhatOnnxExpects) {
  if (!std::filesystem::exists(kData)) {
    GTEST_SKIP() << "libonnx-testdata is not installed";
  }
  std::set<std::string> passed;
  std::map<std::string, std::string> refused;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kData)) {
    if (!std::filesystem::exists(entry.path() / "test_data_set_0" / "output_0.pb")) {
      continue;
    }
    const std::string name = std::filesystem::relative(entry.path(), kData).string();
    const Outcome outcome = run_case(entry.path());
    EXPECT_EQ(outcome.difference, "") << name;
    if (outcome.passed && outcome.difference.empty()) {
      passed.insert(name);
    } else if (!outcome.passed) {
      refused[name] = outcome.refusal;
    }
  }
  EXPECT_EQ(passed.size(), 450U);  // as docs/onnx.md says
  std::cout << passed.size() << " cases pass:\n";
  for (const std::string& name : passed) {
    std::cout << "  " << name << "\n";
  }
  std::cout << refused.size() << " cases are refused:\n";
  for (const auto& [name, reason] : refused) {
    std::cout << "  " << name << ": " << reason.substr(0, reason.find("; supported are")) << "\n";
  }
}

}  // namespace
}  // namespace systol::onnx_import
