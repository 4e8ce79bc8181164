// What a library of the matrix unit and the vector unit is made of, and the names that follow from
// it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/unit/matrix_unit.h"

namespace systol::unit_recipe {

// Packages before what uses them.
inline constexpr std::array kRtlFiles = {"tpu_pkg.sv",
                                         "tpu_delay.sv",
                                         "tpu_skew.sv",
                                         "tpu_skew_simulation.sv",
                                         "tpu_bf16_multiply_add.sv",
                                         "tpu_pe_sum.sv",
                                         "tpu_pe.sv",
                                         "tpu_pe_output_stationary.sv",
                                         "tpu_array.sv",
                                         "tpu_array_simulation.sv",
                                         "tpu_array_output_stationary.sv",
                                         "tpu_array_output_stationary_simulation.sv",
                                         "tpu_accumulators.sv",
                                         "tpu_lane_parameters.sv",
                                         "tpu_activation.sv",
                                         "tpu_activation_lane.sv",
                                         "tpu_activation_simulation.sv",
                                         "tpu_activation_float.sv",
                                         "tpu_matrix_unit.sv",
                                         "tpu_vector_lane.sv",
                                         "tpu_vector_simulation.sv",
                                         "tpu_vector_unit.sv"};
inline constexpr const char* kWaivers = "hw/lint/verilator.vlt";
inline constexpr std::array kCppFiles = {
    "sim/rtl/unit_shim.cpp", "sim/rtl/vector_shim.h",  "sim/rtl/shim_model.h",
    "sim/rtl/unit_abi.h",    "sim/rtl/unit_capture.h", "sim/unit/matrix_unit.h",
    "hw/unit/pins.h",        "hw/unit/vector_pins.h",  "hw/isa/pe_type.h"};

// A failed assertion is reported, registers without reset start as the seed says, and an
// optimisation known to give wrong results in old releases stays off. Loops stay loops, whatever
// their length: those that are generated may have 64 x 16 turns, none of the others is small
// enough.
inline constexpr std::array kVerilatorFlags = {"--cc",
                                               "--assert",
                                               "-O3",
                                               "--x-assign",
                                               "unique",
                                               "--x-initial",
                                               "unique",
                                               "--unroll-count",
                                               "64",
                                               "--unroll-stmts",
                                               "1",
                                               "-fno-const-bit-op-tree",
                                               "-GSimulationView=1'b1"};
// Nothing but the one entry is visible, so that libraries of several shapes share a process. Loops
// of a few turns are vectorised rather than taken apart.
inline constexpr std::array kCompilerFlags = {"-std=c++20",
                                              "--param=max-completely-peel-times=4",
                                              "-fPIC",
                                              "-fvisibility=hidden",
                                              "-fno-gnu-unique",
                                              "-w",
                                              "-DVL_PRINTF=systol_capture_printf",
                                              "-include",
                                              "sim/rtl/unit_capture.h"};
// Of the runtime only what the model needs.
inline constexpr std::array kRuntimeFiles = {"verilated.cpp", "verilated_threads.cpp"};

// A run spends no time in the runtime, and in a few PEs less than it takes to optimise them.
inline constexpr const char* kQuickly = "-O1";
inline constexpr const char* kThoroughly = "-O3";
inline constexpr std::uint64_t kFewPes = 64;

/// FNV-1a: the names only have to differ where the inputs do. Nobody attacks them, for others may
/// not write to the cache.
class Hash {
 public:
  Hash& add(std::string_view text) {
    for (const char byte : text) {
      mix(static_cast<unsigned char>(byte));
    }
    mix(0xff);  // so that "a", "bc" and "ab", "c" differ
    return *this;
  }
  /// 16 hexadecimal digits.
  std::string text() const;

 private:
  void mix(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// Throws EnvironmentError for a source that cannot be read.
std::string read_source(const std::filesystem::path& path);

/// Of all that a library is made of, below the folder `sources`.
std::string sources_hash(const std::filesystem::path& sources);

/// Empty without Verilator.
const std::string& verilator_version();
std::string tools_hash();

/// "16x16", for people.
std::string shape_text(const UnitShape& shape);

/// The parts of a library's file name. Any version of Verilator will do: the one that built it is
/// not among them, and need not be asked for.
struct Name {
  UnitShape shape;
  std::string sources;
  std::string content;  ///< content_hash() of the file
};
/// The name of shape and sources, without content and extension.
std::string key_of(const UnitShape& shape, const std::string& sources);
std::string name_of(const UnitShape& shape, const std::string& sources, const std::string& content);
/// Nothing for another file.
std::optional<Name> parse_name(std::string_view text);

}  // namespace systol::unit_recipe
