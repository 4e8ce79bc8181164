#include "python/wave.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <array>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "python/run_files.h"
#include "sim/base/error.h"

namespace systol::python {

namespace py = pybind11;

namespace {

/// Of another type, or a number that is negative or too large.
template <class Value>
Value cast_argument(const py::object& given, const char* name, const char* allowed) {
  try {
    return given.cast<Value>();
  } catch (const py::cast_error&) {
    throw py::type_error(fmt::format("{}: found {}, allowed: {}", name,
                                     py::cast<std::string>(py::repr(given)), allowed));
  }
}

std::pair<Cycles, Cycles> window_of(const py::object& given) {
  if (given.is_none()) {
    return {Cycles(0), Cycles(UINT64_MAX)};
  }
  const auto [from, to] = cast_argument<std::pair<std::uint64_t, std::uint64_t>>(
      given, "wave_window", "two cycles from 0 on, the first and the one after the last");
  if (from >= to) {
    throw InputError(
        fmt::format("wave_window: found ({}, {}), allowed: a first cycle and a later one that is "
                    "not shown any more",
                    from, to));
  }
  return {Cycles(from), Cycles(to)};
}

std::optional<TileRequest> tile_of(const py::object& given) {
  if (given.is_none()) {
    return std::nullopt;
  }
  constexpr const char* kAllowed = "a number from 0 on, or a place (row, column, depth)";
  if (py::isinstance<py::int_>(given)) {
    return cast_argument<std::uint64_t>(given, "wave_tile", kAllowed);
  }
  const auto place = cast_argument<std::array<std::uint32_t, 3>>(given, "wave_tile", kAllowed);
  return TilePlace{place[0], place[1], place[2]};
}

std::string layer_of(const py::object& given) {
  constexpr const char* kAllowed = "a layer's name, or its number from 0 on";
  return py::isinstance<py::int_>(given)
             ? fmt::format("{}", cast_argument<std::uint64_t>(given, "wave_layer", kAllowed))
             : cast_argument<std::string>(given, "wave_layer", kAllowed);
}

ClockedUnit unit_of(const std::string& engine) {
  if (engine != "rtl" && engine != "systemc") {
    throw InputError(fmt::format("wave_engine: found '{}', allowed: rtl, systemc", engine));
  }
  return engine == "rtl" ? ClockedUnit::Rtl : ClockedUnit::SystemC;
}

void need(bool given, const char* name, const char* what) {
  if (given) {
    throw InputError(fmt::format("{}: found a value, allowed: {}", name, what));
  }
}

EngineSpec with_layer(const WaveWords& words, const EngineSpec& spec, WaveOptions wave, bool check,
                      unsigned threads) {
  need(!words.window.is_none(), "wave_window", "without wave_layer, which says which cycles");
  const auto* fast = std::get_if<FastEngine>(&spec);
  if (fast == nullptr || !fast->values) {
    throw InputError("wave_layer: found a layer, allowed: with the engine fast and with data");
  }
  return WindowedEngine{unit_of(words.engine),
                        {layer_of(words.layer), tile_of(words.tile)},
                        std::move(wave),
                        check,
                        threads};
}

}  // namespace

EngineSpec with_wave(const WaveWords& words, EngineSpec spec, bool check, unsigned threads) {
  WaveOptions wave;
  wave.path = output_argument(words.file, "wave");
  if (wave.path.empty()) {
    constexpr const char* kWhy = "with wave, the file to write";
    need(!words.window.is_none(), "wave_window", kWhy);
    need(!words.layer.is_none(), "wave_layer", kWhy);
    need(!words.tile.is_none(), "wave_tile", kWhy);
    need(!words.scopes.is_none(), "wave_scopes", kWhy);
    return spec;
  }
  check_wave_path(wave.path);
  std::tie(wave.from, wave.to) = window_of(words.window);
  if (!words.scopes.is_none()) {
    wave.scopes = cast_argument<std::vector<std::string>>(words.scopes, "wave_scopes",
                                                          "a list such as ['ports', 'pe:0-3,0-3']");
  }
  if (!words.layer.is_none()) {
    return with_layer(words, spec, std::move(wave), check, threads);
  }
  need(!words.tile.is_none(), "wave_tile", "with wave_layer");
  auto* clocked = std::get_if<ClockedEngine>(&spec);
  if (clocked == nullptr) {
    throw InputError(
        "wave: found a file, allowed: with the engines systemc and rtl, or with wave_layer");
  }
  clocked->wave = std::move(wave);
  return spec;
}

}  // namespace systol::python
