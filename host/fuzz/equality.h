// Runs a program on several engines and compares all that they say.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/fuzz/equality_case.h"
#include "sim/device.h"

namespace systol {

/// `engine` is fast, systemc or rtl, or "hand-over" or "hand-over to rtl": a run that begins on the
/// fast engine and ends on systemc or rtl.
using EngineMaker =
    std::function<std::unique_ptr<Device>(const std::string& engine, const ArrayConfig& config)>;

/// The first difference between the engines' outputs, command times, ledgers and activity on this
/// program, as a sentence; nothing if there is none. No tolerance.
std::optional<std::string> first_difference(const isa::Program& program, const ArrayConfig& config,
                                            std::span<const std::string> engines,
                                            const EngineMaker& make_engine);

struct FuzzOptions {
  std::uint64_t cases = 300;
  std::uint64_t seed = 1;
  bool rtl = true;       ///< every third case includes the RTL engine
  bool walks = true;     ///< a program of random walks with each case
  bool networks = true;  ///< also networks of all operations (draw_network_case)
  std::function<void(std::uint64_t done)> progress;  ///< may be empty
};

/// A case on which two engines differ, made as small as shrinking could.
struct Disagreement {
  std::uint64_t number = 0;  ///< of the case drawn
  EqualityCase shrunk;
  std::string difference;
  isa::Program program;
};

/// Draws and runs cases until two engines differ, or all are done. Programs that a machine is too
/// small for are not drawn.
std::optional<Disagreement> fuzz(const FuzzOptions& options, const EngineMaker& make_engine);

}  // namespace systol
