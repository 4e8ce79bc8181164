// An ONNX model, written node by node. For host/export only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "host/graph/shape.h"

namespace systol::onnx_export {

using Integers = std::vector<std::int64_t>;

struct Attribute {
  std::string name;
  std::variant<std::int64_t, float, Integers, std::string> value;
};

/// Operator set 17. Everything that is added returns the name of its value: the wanted one,
/// followed by a number where another is called so.
class Writer {
 public:
  explicit Writer(const std::string& network);

  std::string node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::string& name, const std::vector<Attribute>& attributes = {},
                   const std::string& domain = "");
  /// Values that were given under the same name before are not written again.
  std::string floats(const std::string& name, const Shape& shape, const std::vector<float>& values);
  std::string integers(const std::string& name, const Shape& shape, const Integers& values);
  std::string int8(const std::string& name, const Shape& shape,
                   const std::vector<std::int8_t>& values);
  std::string int32(const std::string& name, const Shape& shape,
                    const std::vector<std::int32_t>& values);

  /// float32 [batch][shape...]; without a `batch` it is open.
  std::string input(const std::string& name, const Shape& shape, std::int64_t batch);
  /// The same with a batch of 1 and what the input holds where a run is given nothing for it.
  std::string state(const std::string& name, const Shape& shape, const std::vector<float>& initial);
  /// The same as an input, of int64.
  std::string indices(const std::string& name, const Shape& shape, std::int64_t batch);
  /// Returns its name.
  std::string output(const std::string& name, const std::string& value, const Shape& shape,
                     std::int64_t batch);

  /// Something about the model that ONNX has no form for.
  void note(const std::string& key, const std::string& text);

  /// What a file holds at most.
  static constexpr std::size_t kMostBytes = (std::size_t{1} << 31) - 1;
  /// The file. Throws InputError, beginning with `place`, for more than that.
  std::string bytes(const std::string& place) const;

 private:
  std::string unique(const std::string& wanted);
  onnx::TensorProto& tensor(const std::string& name, const Shape& shape, std::int32_t type,
                            std::string raw);

  onnx::ModelProto model_;
  std::set<std::string> names_;
  std::map<std::string, int> floats_;  ///< the last initializer of a wanted name
  std::set<std::string> domains_;      ///< beside ONNX's own
};

}  // namespace systol::onnx_export
