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
enum class OutputFormat : std::uint8_t { Csv, Npy };

/// By the file's name. Throws InputError for one that ends in neither .csv nor .npy, and for .npy
/// where the network has several outputs.
OutputFormat output_format(const std::filesystem::path& path, const Graph& graph);

/// Writes the outputs in the network's units. CSV: a header, then a row a sample with the values of
/// all outputs, each in the shortest form that float32 reads back as the same number. The header is
/// `names`, or the outputs' names with the values' numbers. .npy: float32 [samples][shape].
void write_outputs(const RunReport& report, std::span<const std::string> names, OutputFormat format,
                   const std::filesystem::path& path);

}  // namespace systol
