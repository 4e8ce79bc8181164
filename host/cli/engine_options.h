// From the words of the command line to an engine.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/session/engine_spec.h"

namespace systol {

inline constexpr std::array<std::string_view, 3> kEngineNames = {"fast", "rtl", "systemc"};

/// What `systol run` says about its engine, as it was typed; what is empty was not given.
struct EngineOptions {
  std::string engine;
  std::string wave;
  std::optional<std::uint64_t> wave_from;
  std::optional<std::uint64_t> wave_to;
  std::vector<std::string> wave_scopes;
  std::string wave_layer;
  std::string wave_tile;
  std::string wave_engine;
  std::string fault;
  bool no_check = false;
  bool no_data = false;
  std::string switching;
  unsigned threads = 1;
};

/// The engine that is meant: without a name the fast one, or rtl where something asks for a clock
/// all along. Throws InputError, naming the options, for those that do not go together.
EngineSpec engine_of(const EngineOptions& options);

/// Of kEngineNames, and nothing else asked for.
EngineSpec named_engine(std::string_view name, bool search_hazards, unsigned threads = 1);

}  // namespace systol
