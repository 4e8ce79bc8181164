// Measures the energy of a PE in its gates and writes it as a table: scripts/characterise runs
// this.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/output_file.h"
#include "sim/config/array_file.h"
#include "sim/gates/energy_fit.h"
#include "sim/gates/pe_table.h"
#include "sim/gates/synthetic_operands.h"
#include "sim/rtl/unit_library.h"
#include "sim/rtl/verilated_unit.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"

namespace systol::gates {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr double kClockSlew = 0.1;  // ns
constexpr std::uint64_t kFewestWaves = 100;

struct Options {
  std::string liberty;
  std::string held;
  std::string gated;
  std::string config;
  std::string pe = "int8";
  std::vector<std::string> programs;
  std::string output;
  std::string command;
  std::uint64_t cycles = 2000;
  bool in_place = false;
  bool rtl = false;
};

Options parse(CLI::App& app, int argc, char** argv) {
  Options options;
  app.add_option("--liberty", options.liberty, "the cell library")->required();
  app.add_option("--held", options.held, "netlist of the PE whose registers hold by multiplexers")
      ->required();
  app.add_option("--gated", options.gated, "netlist of the PE with gated clocks")->required();
  app.add_option("-c,--config", options.config, "the array that the programs are for")->required();
  app.add_option("--pe", options.pe, "the type of its PEs")
      ->check(CLI::IsMember(
          std::vector<std::string>(isa::kPeTypeNames.begin(), isa::kPeTypeNames.end())));
  app.add_option("--programs", options.programs, "programs of real layers, which test the fit");
  app.add_option("-o,--output", options.output, "the table")->required();
  app.add_option("--command", options.command, "how to make it again, for the table");
  app.add_option("--cycles", options.cycles, "cycles of each synthetic set");
  app.add_flag("--in-place", options.in_place, "the PE of the array whose sums stay");
  app.add_flag("--rtl", options.rtl, "compare the gates with verilated RTL, not with its model");
  app.parse(argc, argv);
  return options;
}

/// Of one style of registers.
class Bench {
 public:
  Bench(const Options& options, const ArrayConfig& config, Netlist netlist)
      : options_(options), config_(config), netlist_(std::move(netlist)) {}

  Measured measure() {
    Measured measured;
    for (const SyntheticOperands& operands : synthetic_operands(config_.pe)) {
      measured.fitted.push_back(synthetic(operands, 1));
    }
    for (const std::string& program : options_.programs) {
      for (DataSet& layer : layers(program)) {
        measured.tested.push_back(std::move(layer));
      }
    }
    measured.terms = fit_terms(measured.fitted);
    measured.area = netlist_.area;
    measured.leakage = netlist_.leakage;
    measured.registers = netlist_.flip_flops.size();
    measured.register_clock = netlist_.flip_flops.front().clock_energy;
    return measured;
  }

 private:
  std::unique_ptr<MatrixUnit> unit(GateLevelRecord& record) {
    const UnitShape shape = unit_shape(config_);
    return make_gate_level_unit(
        options_.rtl ? make_verilated_unit(build_unit_library(shape), shape)
                     : make_model_unit(shape),
        shape, netlist_,
        {{1, 1}, {shape.rows / 2, shape.columns / 2}, {shape.rows - 1, shape.columns - 2}}, record);
  }

  static void check(const GateLevelRecord& record, const std::string& name) {
    if (record.difference) {
      throw HardwareError(fmt::format("{}: {}", name, *record.difference));
    }
  }

  DataSet synthetic(const SyntheticOperands& operands, std::uint64_t seed) {
    GateLevelRecord record;
    drive(*unit(record), unit_shape(config_), operands, options_.cycles, seed);
    check(record, operands.name);
    DataSet set{operands.name, {}};
    for (const PeActivity& activity : record.by_entry) {
      set.activity += activity;
    }
    return set;
  }

  /// Each node of the program that feeds the array, with the cycles that are its own.
  std::vector<DataSet> layers(const std::string& path) {
    class Nodes : public Observer {
     public:
      void matrix_cycles(std::uint32_t node, CycleClass /*kind*/, Cycles from, Cycles to) override {
        of_cycle.resize(to.count());
        std::fill(of_cycle.begin() + static_cast<std::ptrdiff_t>(from.count()), of_cycle.end(),
                  node);
      }
      std::vector<std::uint32_t> of_cycle;
    };
    const isa::Program program =
        isa::from_text(read_whole_file(path, "a program", kMostBytes), path);
    GateLevelRecord record;
    Nodes nodes;
    const auto device = make_systemc_device(
        "gates", config_, MatrixUnitFactory([&](const UnitShape&) { return unit(record); }), {});
    MemoryImage memory(program);
    CommandList commands(program.commands);
    device->run(commands, program.nodes, memory, &nodes);
    check(record, path);
    std::vector<DataSet> sets;
    for (const std::string& name : program.nodes) {
      sets.push_back({path.substr(path.rfind('/') + 1) + " " + name, {}});
    }
    for (std::size_t t = 0; t < std::min(nodes.of_cycle.size(), record.by_entry.size()); ++t) {
      sets[nodes.of_cycle[t]].activity += record.by_entry[t];
    }
    std::erase_if(sets, [](const DataSet& set) { return set.activity.waves < kFewestWaves; });
    return sets;
  }

  const Options& options_;
  const ArrayConfig& config_;
  Netlist netlist_;
};

void run(const Options& options) {
  const Library library = read_liberty(options.liberty);
  std::vector<std::string> overrides = {"array.pe=" + options.pe};
  if (options.in_place) {
    overrides.emplace_back("array.dataflow=output_stationary");
  }
  const ArrayConfig config = load_array_config(options.config, overrides);
  const auto measure = [&](const std::string& netlist) {
    return Bench(options, config, read_netlist(netlist, "tpu_pe", library, kClockSlew)).measure();
  };
  const Measured held = measure(options.held);
  const Measured gated = measure(options.gated);
  for (const Measured* measured : {&held, &gated}) {
    fmt::print("{}", to_text(*measured));
  }
  write_file(options.output,
             to_yaml(options.pe, options.in_place, held, gated, library.volts, options.command));
}

}  // namespace
}  // namespace systol::gates

int main(int argc, char** argv) {
  CLI::App app("Measures the energy of a PE of hw/rtl in its gates");
  try {
    systol::gates::run(systol::gates::parse(app, argc, argv));
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const systol::InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  } catch (const systol::HardwareError& error) {
    fmt::print(stderr, "the gates differ from the RTL: {}\n", error.what());
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
