// The message that an ONNX file holds, without the bulk of its constants. For the ONNX importer
// only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>

#include "host/import/file_part.h"

namespace systol::onnx_import {

struct OnnxFile {
  onnx::ModelProto model;
  FileParts left;  ///< raw data of initializers that were left in the file, by their names
};

/// Raw data of an initializer of more bytes are left in the file.
inline constexpr int kMostRead = 4096;

/// Reads a model. Throws an InputError that starts with the path for a file that is none.
OnnxFile read_onnx_file(const std::filesystem::path& path);

}  // namespace systol::onnx_import
