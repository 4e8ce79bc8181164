// How the inputs of an ONNX graph lie and what their dimensions are. For the ONNX importer only:
// this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <optional>
#include <set>
#include <string>

#include "host/graph/shape.h"

namespace systol::onnx_import {

/// What the readers of an input take it for.
struct InputUse {
  std::size_t batch = 0;  ///< the axis of the batch: 1 for a sequence of a recurrent network
  bool image = false;     ///< [N, C, H, W] or [N, C, L], whose channels we have last
};

/// Follows the input to the first nodes that tell, through those that compute each value by itself.
InputUse use_of(const onnx::GraphProto& graph, const std::string& input, int rank);

/// What nodes do with an input of whole numbers, by themselves or after nodes that only move them.
struct WholeUse {
  bool chooses = false;      ///< rows of a table, as the second input of a Gather
  bool cast = false;         ///< to floating point
  bool dequantised = false;  ///< by DequantizeLinear
  /// The first node that does something else; of numbers that choose rows also one that moves them
  /// other than by another shape. Null where there is none.
  const onnx::NodeProto* other = nullptr;
  std::set<std::string> names;  ///< of the input's numbers, moved or not
};
WholeUse whole_use_of(const onnx::GraphProto& graph, const std::string& input);

/// The whole numbers of ONNX's type; nothing for floating point, and for what is not supported.
struct WholeRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};
std::optional<WholeRange> whole_range_of(std::int32_t type);

/// The input's dimensions, the batch as 1, and `fixed` the batch where the file has one. Throws
/// InputError for another dimension that is open.
Shape declared_shape(const onnx::ValueInfoProto& input, const InputUse& use,
                     std::optional<std::int64_t>& fixed, const std::string& place);

}  // namespace systol::onnx_import
