// A model with its samples: what depends on them alone is computed once, and only when somebody
// needs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"
#include "host/reference/float_network.h"
#include "host/reference/integer_network.h"
#include "host/session/progress.h"
#include "host/session/samples.h"
#include "hw/isa/pe_type.h"

namespace systol {

/// Copies share what has been computed; several threads may ask at once. What is asked for throws
/// InputError, naming the node, for networks that cannot be quantised, and for shapes so large that
/// their values cannot be made up. `progress` hears of what has not been computed yet.
class Prepared {
 public:
  const Graph& graph() const;  ///< shapes at least
  std::shared_ptr<const Graph> shared_graph() const;
  const Samples& samples() const;
  const std::vector<float>& sample_values() const;  ///< [count][input values]

  /// The same model and samples, quantised for arrays with PEs of this type: their weights may have
  /// fewer than the 8 bits of int8. Of each number of bits what is computed is shared.
  Prepared for_pes(isa::PeType pe) const;

  std::shared_ptr<const QuantGraph> quantised(const Progress& progress = {}) const;
  const std::vector<std::int8_t>& input() const;  ///< [count][input values], quantised
  /// What every engine must compute; on up to `threads` threads.
  const IntegerResult& expected(unsigned threads = 1, const Progress& progress = {}) const;
  /// What the network computes in floating point.
  const FloatResult& scores(const Progress& progress = {}) const;
  /// By TensorId of the quantised graph: what quantisation costs each that a node computes, as the
  /// signal-to-quantisation-noise ratio in dB over the samples (host/quantise/noise.h). Asked for
  /// before scores(), it costs little beyond those and expected().
  const std::vector<std::optional<double>>& signal_to_noise(unsigned threads = 1,
                                                            const Progress& progress = {}) const;

 private:
  friend Prepared prepare(Graph graph, Samples samples);
  struct State;
  explicit Prepared(std::shared_ptr<State> state) : state_(std::move(state)) {}

  struct Quantised;
  Quantised& quantised_state() const;

  std::shared_ptr<State> state_;
  isa::PeType pe_ = isa::PeType::Int8;
};

/// Takes a model and its samples. Throws InputError for a graph that is none, or samples that do
/// not fit it.
Prepared prepare(Graph graph, Samples samples);

}  // namespace systol
