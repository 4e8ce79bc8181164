// A neural network as the importers deliver it: tensors, and nodes that compute them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/graph/made_once.h"
#include "host/graph/operation.h"
#include "host/graph/shape.h"

namespace systol {

/// A tensor's number in its graph.
enum class TensorId : std::uint32_t {};
inline std::size_t index_of(TensorId id) { return static_cast<std::size_t>(id); }

/// A tensor of float32 values. What flows has the shape of one sample, without the batch; a
/// constant has its own.
struct Tensor {
  std::string name;
  Shape shape;
  bool operator==(const Tensor&) const = default;
};

/// Makes the values of a constant, row-major, one for each element. Throws InputError for those
/// that cannot be read, or are no finite numbers.
using ValueSource = std::function<std::vector<float>()>;

/// Makes those from number `first` on.
using ValueParts = std::function<void(std::size_t first, std::span<float> values)>;

/// `values` become `changed(values)`: at once, or, where there is a source, when they are made.
template <class Changed>
void change_values(std::vector<float>& values, ValueSource& source, Changed changed) {
  if (source) {
    source = [before = std::move(source), changed] { return changed(before()); };
  } else {
    values = changed(std::move(values));
  }
}

/// A tensor that is the same for all samples. Without values it is a shape: enough for time and
/// traffic.
struct Constant {
  TensorId tensor{};
  std::vector<float> values;  ///< row-major; empty, or one for each element
  ValueSource source{};       ///< of values that are not there yet, but in the model's file
  ValueParts parts{};         ///< beside a source, where a part can be made without the others
};

/// A value that outlives a sample. The samples of a run are its steps, one after another: `next` of
/// one sample is `value` of the one after it. With `axis` the value grows: `next` is appended to it
/// along that axis, so that each sample has a shape of its own (growth.h); those in the graph are
/// the first sample's.
struct State {
  TensorId value{};
  TensorId next{};
  std::vector<float> initial{};       ///< of the first sample, row-major; empty for zeros
  std::optional<std::size_t> axis{};  ///< along which it grows
};

/// An input whose files hold indices: each of its rows, of the last axis, is the row of this table
/// that an index names. The host looks them up.
struct Lookup {
  TensorId input{};
  std::vector<float> table;   ///< [rows][last extent of the input]; empty where it is made up
  std::uint64_t made_up = 0;  ///< rows of a table that is made up, each when it is asked for
  std::shared_ptr<const MadeOnce> waiting = {};  ///< a table that is still in the model's file

  /// The table, read where it is still in the file; empty where it is made up.
  const std::vector<float>& values() const {
    return table.empty() && waiting ? waiting->get() : table;
  }
  /// The number of its values; 0 where it is made up.
  std::size_t size() const { return table.empty() && waiting ? waiting->size() : table.size(); }
};

/// An input [tokens][size] that files do not hold: the sines or cosines of rotary angles (Su et
/// al., 2021) of the tokens' own positions, which the host puts there. Samples are steps of so many
/// tokens; the first sample's first token is at `position`. The angle of value i is the position
/// over base^(2 (i mod size/2) / size). Of sines, the first half is negative.
struct RotaryInput {
  TensorId input{};
  double base = 10'000;
  std::int64_t position = 0;
  bool sine = false;
};

/// An input whose files hold whole numbers: value = scale * (number - zero).
struct WholeInput {
  TensorId input{};
  std::int64_t low = 0;  ///< the numbers of its type, both ends included
  std::int64_t high = 255;
  float scale = 1.0F;
  std::int32_t zero = 0;
};

struct Node {
  std::string name;
  Operation operation;
  std::vector<TensorId> inputs;
  TensorId output{};
};

/// The values a network's inputs lie in, both ends included.
struct ValueRange {
  float low = 0.0F;
  float high = 1.0F;
  bool operator==(const ValueRange&) const = default;
};

/// How files of samples hold an input's values, where that is not how its tensor does.
enum class InputLayout : std::uint8_t {
  AsTensor,
  ChannelsFirst,  ///< [C][H][W] in files, [H][W][C] in the tensor; [C][L] and [L][C] with two axes
};

/// What a model's file says of a tensor in int8: value = scale * (integer - zero_point).
struct FixedQuantisation {
  float scale = 1.0F;
  std::int32_t zero_point = 0;  ///< of int8; a file's uint8 is moved by 128
  bool operator==(const FixedQuantisation&) const = default;
};

/// A network. Nodes stand in an order in which they can run. The add_ functions keep that, and
/// infer shapes; `verify` (verify.h) checks it from nothing.
struct Graph {
  std::string name;
  std::string file;  ///< where it was read; empty for what was made up
  std::vector<Tensor> tensors;
  std::vector<Constant> constants;  ///< in the order of their tensors
  std::vector<Node> nodes;
  std::vector<State> states;
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;
  std::vector<Lookup> lookups;
  std::vector<WholeInput> whole_inputs;
  std::vector<RotaryInput> rotary_inputs;
  std::vector<InputLayout> input_layouts;  ///< of each input; empty where all are as their tensors
  std::map<TensorId, FixedQuantisation> fixed_quantisations;  ///< where the model's file has them
  /// Of constants that are weights in the model's file: the step of each channel, their last axis.
  std::map<TensorId, std::vector<float>> weight_scales;
  std::vector<std::string> notes;         ///< what an importer left out, a sentence each
  std::optional<ValueRange> input_range;  ///< where the model's file names one
  std::uint64_t seed = 1;                 ///< of whatever is synthetic: weights, inputs

  TensorId add_input(std::string tensor_name, Shape shape);
  TensorId add_constant(std::string tensor_name, Shape shape, std::vector<float> values = {},
                        ValueSource source = {});
  /// Adds the node and its output tensor, called as the node is. Throws InputError, naming the
  /// node, for inputs that the operation does not take.
  TensorId add_node(std::string node_name, Operation operation, std::vector<TensorId> node_inputs);

  const Tensor& tensor(TensorId id) const { return tensors[index_of(id)]; }
  const Shape& shape(TensorId id) const { return tensor(id).shape; }
  /// Nothing for a tensor that is none.
  const Constant* constant(TensorId id) const;
  Constant* constant(TensorId id);
  /// How many nodes read the tensor, and one more for each time that it is an output of the graph
  /// or a state's next value.
  std::size_t uses(TensorId id) const;
  /// The node that computes the tensor; null for inputs, states and constants.
  const Node* producer(TensorId id) const;
  /// `wanted`, followed by a number where a tensor is called so already.
  std::string unique_name(const std::string& wanted) const;
  /// Whether every constant has its values.
  bool has_values() const;
  /// Gives the constants whose values the model's file holds these; others may be left without.
  /// Throws InputError for values that cannot be read, or are no finite numbers.
  void load_values();

  /// What errors begin with.
  const std::string& place() const { return file.empty() ? name : file; }
  /// Values in a sample: those of all inputs, one input after another.
  std::uint32_t input_size() const;
  /// Values in a sample of the first output.
  std::uint32_t output_size() const;
};

/// Inputs of a matmul: more could overflow the int32 accumulators, which must hold
/// inputs * 128 * 127.
inline constexpr std::uint32_t kMaxDepth = 132'000;

/// Inputs and outputs of a MatMul.
struct MatMulShape {
  std::uint32_t inputs = 0;   ///< K
  std::uint32_t outputs = 0;  ///< N
};
MatMulShape matmul_shape(const Graph& graph, const Node& node);

}  // namespace systol
