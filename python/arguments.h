// What Python's callers may give for models, arrays and engines.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/session/engine_spec.h"
#include "host/session/workload.h"
#include "sim/config/array_config.h"

namespace systol::python {

/// A str or a path; one that is not in the working folder may be in the shared folder. Throws
/// TypeError, which begins with `name`, for another type.
std::filesystem::path file_argument(const pybind11::handle& given, const char* name);

/// None, {"array.rows": 32} or ["array.rows=32"] as overrides.
std::vector<std::string> override_argument(const pybind11::object& given);

/// An Array, or the file of one.
ArrayConfig array_argument(const pybind11::handle& given);

/// A Prepared or a Topology; or a Graph or the file of any of them, with `samples` made-up samples.
Workload workload_argument(const pybind11::handle& given, std::uint32_t samples);

/// "fast", "systemc" or "rtl". Throws InputError.
EngineSpec engine_argument(const std::string& name, bool data, unsigned threads);

/// Throws InputError, which begins with `name`, unless it is from 1 to `most`.
std::uint32_t count_argument(std::int64_t given, const char* name, std::int64_t most);
inline constexpr std::int64_t kMostSamples = 1'000'000;
inline constexpr std::int64_t kMostThreads = 1024;

/// Made-up samples of a graph.
Samples made_up(const Graph& graph, std::uint32_t count);

}  // namespace systol::python
