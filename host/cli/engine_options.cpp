#include "host/cli/engine_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/cli/parse_options.h"
#include "sim/base/error.h"

namespace systol {
namespace {

ClockedUnit unit_of(std::string_view name) {
  return name == "systemc" ? ClockedUnit::SystemC : ClockedUnit::Rtl;
}

std::optional<WaveOptions> wave_of(const EngineOptions& options) {
  if (options.wave.empty()) {
    if (options.wave_from || options.wave_to || !options.wave_scopes.empty() ||
        !options.wave_layer.empty()) {
      throw InputError("--wave-from, --wave-to, --wave-layer and --wave-scope need --wave FILE");
    }
    return std::nullopt;
  }
  const Cycles from(options.wave_from.value_or(0));
  const Cycles to(options.wave_to.value_or(UINT64_MAX));
  if (from >= to) {
    throw InputError(
        fmt::format("--wave-from {} --wave-to {}: the window is empty", from.count(), to.count()));
  }
  return WaveOptions{options.wave, from, to, options.wave_scopes};
}

void check_window(const EngineOptions& options) {
  if (options.wave_layer.empty() && (!options.wave_tile.empty() || !options.wave_engine.empty())) {
    throw InputError("--wave-tile and --wave-engine need --wave-layer");
  }
  if (options.wave_layer.empty()) {
    return;
  }
  if (options.wave_from || options.wave_to) {
    throw InputError("--wave-layer says which cycles: not with --wave-from or --wave-to");
  }
  if (!options.fault.empty()) {
    throw InputError("--inject-fault with --wave-layer: the fault must be there in all cycles");
  }
  if (!options.engine.empty() && options.engine != "fast") {
    throw InputError(fmt::format(
        "--wave-layer needs --engine fast; {} has all cycles: see --wave-from and --wave-to",
        options.engine));
  }
  if (options.no_data) {
    throw InputError("--no-data with --wave-layer: the wave shows data");
  }
}

bool switching_of(const EngineOptions& options) {
  if (!options.switching.empty() && options.switching != "on" && options.switching != "off") {
    throw InputError(fmt::format("--switching {}: there are on, off", options.switching));
  }
  return options.switching != "off";
}

ClockedEngine clocked_engine(const EngineOptions& options, std::optional<WaveOptions> wave) {
  if (options.no_data) {
    throw InputError(fmt::format("--no-data needs --engine fast; {} moves data by nature",
                                 options.engine.empty() ? "rtl" : options.engine));
  }
  ClockedEngine engine{unit_of(options.engine), std::move(wave), std::nullopt,
                       switching_of(options)};
  if (!options.fault.empty()) {
    if (options.no_check) {
      throw InputError("--inject-fault with --no-check: nothing would look for the fault");
    }
    engine.fault = parse_fault(options.fault);
  }
  return engine;
}

}  // namespace

EngineSpec engine_of(const EngineOptions& options) {
  std::optional<WaveOptions> wave = wave_of(options);
  check_window(options);
  if (!switching_of(options) && !options.wave_layer.empty()) {
    throw InputError("--switching off with --wave-layer: its engines are compared in all counts");
  }
  if (!options.wave_layer.empty()) {
    return WindowedEngine{unit_of(options.wave_engine),
                          {options.wave_layer, parse_tile(options.wave_tile)},
                          std::move(*wave),
                          !options.no_check,
                          options.threads};
  }
  const bool clock = wave || !options.fault.empty();
  if (clock && options.engine == "fast") {
    throw InputError(
        "--engine fast has no clock: --wave needs --wave-layer, or --engine rtl or systemc; "
        "--inject-fault needs one of these");
  }
  if (clock || (!options.engine.empty() && options.engine != "fast")) {
    return clocked_engine(options, std::move(wave));
  }
  return FastEngine{!options.no_data, !options.no_check && !options.no_data, options.threads,
                    switching_of(options)};
}

EngineSpec named_engine(std::string_view name, bool search_hazards, unsigned threads) {
  if (std::ranges::find(kEngineNames, name) == kEngineNames.end()) {
    throw InputError(fmt::format("--engine {}: there are {}", name, fmt::join(kEngineNames, ", ")));
  }
  if (name == "fast") {
    return FastEngine{true, search_hazards, threads};
  }
  return ClockedEngine{unit_of(name), std::nullopt, std::nullopt};
}

}  // namespace systol
