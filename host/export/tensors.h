// Everything that flowed in a run, as a folder of .npy files.
#pragma once

#include <filesystem>

#include "host/report/report.h"
#include "sim/memory/memory_image.h"

namespace systol {

inline constexpr int kTensorsSchemaVersion = 1;

/// Writes each of the report's tensors as int8 [samples][shape] and, in tensors.json, what they
/// are. The folder appears whole or not at all; throws as UnfinishedFolder does.
void write_tensors(const RunReport& report, const std::filesystem::path& folder);

/// Writes the bytes of each memory space, as uint8, in the same way: activations.npy, weights.npy.
void write_spaces(const MemoryImage& memory, const std::filesystem::path& folder);

}  // namespace systol
