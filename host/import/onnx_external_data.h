// Constants of an ONNX model that lie in files beside it. For the ONNX importer only: this header
// brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>

#include "host/import/file_part.h"

namespace systol::onnx_import {

/// Bytes of all such constants together.
inline constexpr std::uint64_t kMaxExternalBytes = std::uint64_t{1} << 31;

/// Adds where the initializers' external data lie to `parts`, as if `model` were one file. Throws
/// an InputError that names the model and the constant for a file that is not there, is too short,
/// or does not lie in the model's folder or below it.
void find_external_data(onnx::GraphProto& graph, const std::filesystem::path& model,
                        FileParts& parts);

}  // namespace systol::onnx_import
