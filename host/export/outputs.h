// What a network computed, as a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "host/graph/graph.h"
#include "host/report/report.h"

namespace systol {

/// The formats of outputs.
enum class OutputFormat : std::uint8_t { Csv, Npy, Png };

/// By the file's name. Throws InputError for one that ends in neither .csv, .npy nor .png, for .npy
/// and .png where the network has several outputs, and for .png where its output is no image
/// (image_of).
OutputFormat output_format(const std::filesystem::path& path, const Graph& graph);

/// Writes the outputs in the network's units. CSV: a header, then a row a sample with the values of
/// all outputs, each in the shortest form that float32 reads back as the same number. The header is
/// `names`, or the outputs' names with the values' numbers. .npy: float32 [samples][shape]. .png:
/// the samples side by side, 0 black and 1 white.
void write_outputs(const RunReport& report, std::span<const std::string> names, OutputFormat format,
                   const std::filesystem::path& path);

}  // namespace systol
