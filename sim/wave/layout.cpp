#include "sim/wave/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string_view>

#include "hw/isa/command.h"
#include "hw/unit/pins.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

constexpr std::string_view kMark = "[*] Systol's layout of ";
constexpr std::uint32_t kLanes = 8;  ///< of each port
constexpr std::uint32_t kPes = 4;    ///< rows and columns

/// GTKWave's display flags: right-justified, with a radix.
constexpr std::string_view kDecimal = "24";
constexpr std::string_view kBinary = "28";
constexpr std::string_view kSigned = "420";
constexpr std::string_view kText = "820";
constexpr std::string_view kLabel = "200";

struct Group {
  std::string_view label;
  std::string_view pins;  ///< their names' first word
};
constexpr std::array kGroups = {Group{"Weights in", "weight"},
                                Group{"Activations in", "feed"},
                                Group{"Sums out of the PEs", "drain"},
                                Group{"Channel parameters in", "channel"},
                                Group{"Table in", "table"},
                                Group{"Activation path", "activate"},
                                Group{"Residual in", "residual"},
                                Group{"Results out", "result"}};

class Layout {
 public:
  Layout(const std::filesystem::path& wave, const UnitShape& shape, const WaveScopes& scopes)
      : shape_(shape), scopes_(scopes) {
    text_ = fmt::format("{}{}: open it with  gtkwave {} {}\n", kMark, wave.filename().string(),
                        wave.filename().string(), layout_path(wave).filename().string());
  }

  std::string text(Hertz clock) && {
    // A cycle is some 50 pixels wide; GTKWave counts the zoom in powers of two picoseconds.
    const double zoom = -std::log2(1e12 / static_cast<double>(clock.count())) - 2;
    text_ += fmt::format("[timestart] 0\n*{:.6f}", zoom);
    for (int i = 0; i < 28; ++i) {
      text_ += " -1";
    }
    text_ += "\n[size] 1600 900\n[pos] -1 -1\n[treeopen] systol.\n[sst_width] 220\n";
    text_ += "[signals_width] 300\n";
    heading("Time");
    show(kDecimal, "systol.cycle[63:0]");
    show(kBinary, "systol.clk");
    add_commands();
    add_ports();
    add_pes();
    return std::move(text_);
  }

 private:
  void heading(std::string_view label) { text_ += fmt::format("@{}\n-{}\n", kLabel, label); }
  void show(std::string_view flag, std::string_view signal) {
    text_ += fmt::format("@{}\n{}\n", flag, signal);
  }

  void add_commands() {
    if (scopes_.commands) {
      heading("What each unit runs");
      for (const std::string_view unit : isa::kUnitNames) {
        show(kText, fmt::format("systol.commands.{}", unit));
      }
    }
    heading("What the cycle was");
    show(kText, "systol.ledger");
  }

  void add_ports() {
    for (const Group& group : kGroups) {
      const bool used = group.pins != "drain" || shape_.output_stationary;
      if (scopes_.ports && used) {
        heading(group.label);
        std::ranges::for_each(kInputPins, [&](const auto& pin) { add_pin(group, pin); });
        std::ranges::for_each(kOutputPins, [&](const auto& pin) { add_pin(group, pin); });
      }
    }
  }

  void add_pin(const Group& group, const PinDescription& pin) {
    if (!pin.name.starts_with(group.pins) || pin.name[group.pins.size()] != '_') {
      return;
    }
    const std::uint32_t bits = pin_bits(pin.bits, shape_.pe);
    const std::string range = bits == 1 ? "" : fmt::format("[{}:0]", bits - 1);
    const std::string_view flag = bits == 1 ? kBinary : bits == 8 ? kSigned : kDecimal;
    if (pin.span == PinSpan::One) {
      show(flag, fmt::format("systol.ports.{}{}", pin.name, range));
      return;
    }
    const std::uint32_t lanes = pin.span == PinSpan::Rows ? shape_.rows : shape_.columns;
    for (std::uint32_t lane = 0; lane < std::min(lanes, kLanes); ++lane) {
      show(flag, fmt::format("systol.ports.{}_{}{}", pin.name, lane, range));
    }
  }

  /// The first rows and columns of the first block that the wave shows.
  void add_pes() {
    if (scopes_.pes.empty()) {
      return;
    }
    const PeBlock& block = scopes_.pes.front();
    for (std::uint32_t row = block.first_row;
         row <= std::min(block.last_row, block.first_row + kPes - 1); ++row) {
      heading(fmt::format("PE row {}", row));
      for (std::uint32_t column = block.first_column;
           column <= std::min(block.last_column, block.first_column + kPes - 1); ++column) {
        add_pe(row, column);
      }
    }
  }

  void add_pe(std::uint32_t row, std::uint32_t column) {
    const auto add = [&](std::string_view name, unsigned bits) {
      show(kSigned, fmt::format("systol.pe.row_{0}.col_{1}.{2}_{0}_{1}[{3}:0]", row, column, name,
                                bits - 1));
    };
    const std::uint32_t operand = 8 * isa::lane_bytes(shape_.pe);
    add("weight", operand);
    if (!shape_.output_stationary) {
      add("shadow", operand);
    }
    add("activation", isa::is_sparse(shape_.pe) ? 8 * isa::kGroupValues : operand);
    add("partial_sum", 32);
    if (shape_.output_stationary) {
      add("drained_sum", 32);
    }
  }

  const UnitShape& shape_;
  const WaveScopes& scopes_;
  std::string text_;
};

/// Whether a file may be replaced: there is none, or it is one of ours.
bool is_ours(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return !error;
  }
  std::ifstream file(path);
  std::string line;
  return std::filesystem::is_regular_file(path, error) && std::getline(file, line) &&
         line.starts_with(kMark);
}

}  // namespace

std::string wave_layout(const std::filesystem::path& wave, const UnitShape& shape,
                        const WaveScopes& scopes, Hertz clock) {
  return Layout(wave, shape, scopes).text(clock);
}

std::filesystem::path layout_path(const std::filesystem::path& wave) {
  return std::filesystem::path(wave).replace_extension(".gtkw");
}

void write_layout(const std::filesystem::path& wave, const UnitShape& shape,
                  const WaveScopes& scopes, Hertz clock) {
  const std::filesystem::path path = layout_path(wave);
  if (is_ours(path)) {
    write_file(path, wave_layout(wave, shape, scopes, clock));
  }
}

}  // namespace systol
