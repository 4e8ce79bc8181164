// A cell library in the Liberty format: what its cells compute, how long they take and what they
// use. Only what the gate simulator needs is kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace systol::gates {

/// A figure by the load (pF) of an output and the slew (ns) of an input, or by the slew alone.
/// Between its points, and beyond them, it is a straight line in each direction.
class Table {
 public:
  Table() = default;
  Table(std::vector<double> loads, std::vector<double> slews, std::vector<double> values)
      : loads_(std::move(loads)), slews_(std::move(slews)), values_(std::move(values)) {}

  /// 0 where the library has no table.
  double at(double load, double slew) const;

 private:
  std::vector<double> loads_;  ///< empty: by the slew alone
  std::vector<double> slews_;
  std::vector<double> values_;  ///< [load][slew]
};

/// One of a pair, by the direction in which the pin goes.
struct Edges {
  Table rise;
  Table fall;
  const Table& to(bool high) const { return high ? rise : fall; }
};

struct InputPin {
  std::string name;
  double capacitance = 0.0;  ///< pF
  Edges energy;              ///< pJ for each transition of the pin, whatever the outputs do
};

/// From one input to an output.
struct Arc {
  Edges delay;   ///< ns
  Edges slew;    ///< ns, of the output
  Edges energy;  ///< pJ for each transition of the output, without its load
};

struct OutputPin {
  std::string name;
  /// Bit i is the value where input k is bit k of i; of a register it is not used.
  std::uint64_t truth = 0;
  std::vector<Arc> arcs;  ///< one for each input
};

struct Cell {
  double area = 0.0;     ///< as the library counts it
  double leakage = 0.0;  ///< nW
  std::vector<InputPin> inputs;
  std::vector<OutputPin> outputs;
  struct Register {
    std::size_t clock = 0;  ///< inputs
    std::size_t data = 0;
  };
  std::optional<Register> flip_flop;  ///< on the rising edge

  std::size_t input(const std::string& pin) const;
};

struct Library {
  double volts = 0.0;
  std::map<std::string, Cell> cells;  ///< gates and flip-flops of the rising edge; not the others
};

/// Throws InputError with the line for a file that is not of this form, EnvironmentError if it
/// cannot be read.
Library read_liberty(const std::filesystem::path& path);

}  // namespace systol::gates
