// Everything a run has to say, once: the table and the JSON both print this.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/account/energy.h"
#include "host/account/energy_sources.h"
#include "host/account/hardware.h"
#include "host/report/wait_tally.h"
#include "host/run/output_check.h"
#include "host/run/tensor_recorder.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// A node that the machine runs; functions that the activation path applies go with its matmul.
struct NodeReport {
  std::string name;
  std::string operation;               ///< "matmul", "softmax"
  std::vector<std::string> functions;  ///< nodes that run with it
  std::uint64_t m = 0;                 ///< samples
  std::uint64_t n = 0;                 ///< outputs
  std::uint64_t k = 0;                 ///< inputs of a matmul, the logical depth, or 0
  std::uint64_t fed_depth = 0;         ///< PE rows, or steps in place, that they are fed to
  Ledger ledger;
  Waits waits{};  ///< what the cycles of the ledger that are not `array_active` went to
  Activity activity;
  EnergyReport energy;
  std::optional<SumBits> sum_toggles;  ///< as NodeResult::sum_toggles
  /// What quantisation costs its results, in dB against the float network; none where it is not
  /// known, or nothing is lost.
  std::optional<double> signal_to_noise;
};

/// Share of samples whose largest score is the label's.
struct Accuracy {
  std::uint64_t samples = 0;
  double quantised = 0;
  double floating = 0;
};

/// The quantised scores against the float network's.
struct ScoreError {
  double largest = 0;  ///< of |quantised - float|
  double mean = 0;
};

/// When a command ran; `end` is when its effect was visible.
struct CommandTime {
  std::string text;
  std::uint32_t node = 0;  ///< of RunReport::nodes
  std::string_view unit;
  Cycles start;
  Cycles end;
};

/// What the network computed.
struct OutputValues {
  std::string name;
  Shape shape;                ///< of a sample
  std::uint64_t columns = 0;  ///< values of a sample
  Quantisation quantisation;
  std::vector<std::int8_t> quantised;  ///< [samples][columns], as the machine stored them
  std::vector<float> values;           ///< the same in the network's units
};

/// Power in windows of equal length.
struct PowerOverTime {
  Cycles window;               ///< their length; the last may be shorter
  std::vector<Watts> average;  ///< in each of them
  Watts largest;               ///< of whole windows; of the only one if it is shorter
  /// The most power in each window: the largest average of `resolution` cycles that lie in it, at
  /// least in part. A cycle where the run is not longer than PowerProfile::kMostStretches of them.
  std::vector<Watts> peaks = {};
  Cycles resolution = {};

  Watts peak() const { return peaks.empty() ? largest : *std::ranges::max_element(peaks); }
};

/// The run's work comes for a share of the time only.
struct PartialLoad {
  double share = 1;  ///< 0 to 1
  Watts idle;        ///< power where there is no work
};

struct RunReport {
  std::string engine;
  ArrayConfig array;
  std::string model;
  std::string input;  ///< where the samples came from and what was done to them
  std::uint64_t samples = 0;
  std::uint64_t batch = 0;
  Cycles cycles;
  Ledger ledger;
  Activity activity;
  SramActivity srams;
  EnergyReport energy;
  std::optional<SumBits> sum_toggles;  ///< of all nodes; nothing if it is not known of one
  std::string operand_basis;           ///< what the energy of the PEs is made of
  std::vector<NodeReport> nodes;
  bool streamed = false;             ///< activations went through memory tile by tile
  std::vector<std::string> spilled;  ///< tensors between input and output that did
  std::uint64_t end_bytes = 0;       ///< of the network's inputs and outputs: moved in any case
  std::array<std::uint64_t, isa::kOpcodes> commands{};
  CheckReport check;
  std::optional<Accuracy> accuracy;
  std::optional<ScoreError> score_error;
  std::optional<PowerOverTime> power_over_time;  ///< where asked for
  std::optional<PartialLoad> partial_load;       ///< likewise
  std::vector<Component> hardware;               ///< the array's parts
  std::vector<EnergySource> energy_sources;      ///< where each component's figures come from
  std::vector<CommandTime> command_times;        ///< in program order, where asked for
  std::vector<OutputValues> outputs;             ///< of the graph; none without values
  std::vector<TensorValues> tensors;             ///< all that flow, where asked for
  std::string on_host;  ///< what of the network is in no cycle and no energy; mostly empty
  std::vector<std::string> notes;
  std::string command_line;

  double seconds() const {
    return static_cast<double>(cycles.count()) / static_cast<double>(array.clock.count());
  }
  /// Useful MACs per PE and cycle.
  double utilisation() const;
  double peak_tops() const;
  double achieved_tops() const;
  double power_w() const;
  /// Average power under the partial load, which the report has.
  double partial_power_w() const;
  double tops_per_watt() const;
  double tops_per_mm2() const;
  double peak_tops_per_mm2() const;
  Picojoules energy_per_inference() const;
};

/// What values of the report's array are called: those that are checked, which are sums where PEs
/// are of floating-point numbers, and those that a network's results are of.
std::string_view checked_values(const ArrayConfig& array);
std::string_view result_values(const ArrayConfig& array);

/// Bytes between the chip and its memories.
std::uint64_t memory_bytes(const Activity& activity);

}  // namespace systol
