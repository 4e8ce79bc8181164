// All that is decided about a network's program before its commands: what runs, where everything
// lies.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "host/compile/band_choice.h"
#include "host/compile/constants.h"
#include "host/compile/layout.h"
#include "host/compile/liveness.h"
#include "host/compile/part.h"
#include "host/compile/steps.h"
#include "host/compile/tile_lowering.h"
#include "host/graph/graph.h"
#include "host/graph/growth.h"
#include "host/graph/quant_graph.h"
#include "sim/config/array_config.h"

namespace systol {

/// Where a stored tensor lies.
struct Place {
  std::uint64_t sample_bytes = 0;  ///< in memory
  Layout layout;                   ///< in the buffer
  /// In the unified buffer, from the lowering's reserved bytes on: of `resident_rows` samples.
  std::optional<std::uint64_t> buffer;
  /// In the activations space: of all samples for inputs and outputs, of one batch otherwise.
  std::optional<std::uint64_t> memory;
};

/// How a state lies in memory: as blocks, of which each sample's value fills the first part.
struct StatePlace {
  TensorId value{};
  TensorId next{};  ///< as it is stored
  std::uint64_t blocks = 1;
  std::uint64_t block_bytes = 0;  ///< of each, with room for all samples
  std::uint64_t first_bytes = 0;  ///< of each block, in the first sample
  std::uint64_t more_bytes = 0;   ///< that each sample appends to each block; 0: it is replaced

  std::uint64_t bytes() const { return blocks * block_bytes; }
};

/// Bytes of the buffer that a step needs besides its tensors.
struct BufferArea {
  Lifetime lifetime;
  std::uint64_t buffer = 0;  ///< from the lowering's reserved bytes on
};

/// How a step goes through tensors that do not fit the buffer: a band of them at a time.
struct Bands {
  BandCut cut;               ///< of the output, as frames see it
  std::uint64_t values = 0;  ///< of a band
  /// Column tiles whose outputs share an area of the output; 0 where all of a row's values do.
  std::uint32_t column_tiles = 0;
  bool single_pixels = false;  ///< of the input only what the step reads is loaded
  /// By the node's inputs, and of the output: areas that bands take turns in; nothing for what lies
  /// in the buffer whole.
  std::vector<std::optional<std::array<std::size_t, 2>>> inputs;
  std::optional<std::array<std::size_t, 2>> output;
  /// Of the matrix unit, but of products only if a matrix does not fit: what was chosen among, the
  /// chosen one first.
  std::vector<BandShape> candidates;

  /// Whether they are the same bands, whatever they were chosen among.
  bool are_as(const Bands& other) const {
    const auto all = [](const Bands& bands) {
      return std::tie(bands.cut, bands.values, bands.column_tiles, bands.single_pixels,
                      bands.inputs, bands.output);
    };
    return all(*this) == all(other);
  }
};

/// A step's areas, as indices; of a chain of matmuls there are none.
struct StepAreas {
  std::optional<std::size_t> parameters;  ///< what the vector unit needs of the step's constants
  std::uint64_t parameters_first = 0;     ///< bytes of them before that: operands in bands
  std::optional<std::size_t> bordered;    ///< a copy of the input with borders
  std::optional<std::size_t> wide;        ///< int16 values of some rows
  std::optional<Bands> bands;             ///< where not all of its tensors are in the buffer
};

struct Plan {
  std::shared_ptr<const Graph> graph;           ///< where shapes differ, as the last sample sees it
  std::shared_ptr<const QuantGraph> quantised;  ///< null for time and traffic only
  /// Where shapes differ from sample to sample, what the first one sees; null otherwise.
  std::shared_ptr<const Graph> growing;
  std::vector<std::optional<Growth>> growth;  ///< by TensorId; empty where nothing grows
  ArrayConfig config;
  bool chain = false;       ///< of matmuls and softmaxes of one row a sample
  std::uint32_t rows = 0;   ///< samples
  std::uint32_t batch = 0;  ///< samples that go through the network together
  std::vector<Step> steps;
  std::vector<std::uint32_t> origin_rows;  ///< by step: what origins count a sample's rows as
  std::vector<TensorId> outputs;           ///< as they are stored
  std::vector<StatePlace> states;
  std::vector<StepConstants> constants;  ///< by step
  std::vector<Bounds> bounds;            ///< by step; of a run without values the defaults
  std::vector<std::optional<FusedAddition>> additions;  ///< by step

  std::uint32_t resident_rows = 0;  ///< samples whose tensors are in the buffer at once; or 0
  std::vector<PackedRows> signs;    ///< by TensorId; or empty
  std::vector<std::vector<std::size_t>> input_signs;  ///< by TensorId: the host's nodes
  std::vector<Lifetime> tensors;                      ///< stored ones
  std::vector<Place> places;                          ///< of `tensors`
  std::vector<BufferArea> areas;                      ///< of a network that is no chain
  std::vector<StepAreas> step_areas;                  ///< by step
  std::vector<std::size_t> indices;                   ///< in `tensors`, by TensorId
  std::uint64_t weight_bytes = 0;                     ///< of the weights space
  std::uint64_t activation_bytes = 0;                 ///< of the activations space

  bool resident() const { return resident_rows > 0; }
  /// How the tensor's signs are packed, eight to a byte; as false where they are not.
  PackedRows packed(TensorId tensor) const {
    return signs.empty() ? PackedRows{} : signs[systol::index_of(tensor)];
  }
  bool in_buffer(TensorId tensor) const { return place_of(tensor).buffer.has_value(); }
  /// A stored tensor's place in `tensors`.
  std::size_t index_of(TensorId tensor) const { return indices[systol::index_of(tensor)]; }
  const Place& place_of(TensorId tensor) const { return places[index_of(tensor)]; }
  /// Tensors between input and output that go through memory because they do not fit the buffer.
  std::vector<std::string> spilled() const;
  /// Bytes of a sample's inputs and outputs.
  std::uint64_t end_bytes() const;
  /// Of a network that is no chain: which of all samples' values of its step's output a command
  /// writes at `address` of the buffer; nothing where that is no value of the output.
  std::optional<std::uint64_t> value_at(const isa::Origin& origin, std::uint64_t address) const;
  /// Where sample `row`'s values of a tensor in memory begin.
  std::uint64_t address(TensorId tensor, std::uint32_t row) const;
  /// Whether the tensor's shape differs from sample to sample.
  bool differs(TensorId tensor) const {
    return growing != nullptr && growth[systol::index_of(tensor)].has_value();
  }
  /// Of a graph whose shapes differ, indices of the tensor's axis as a sample sees it.
  std::uint64_t extent_in(TensorId tensor, std::size_t axis, std::uint64_t sample) const;
  /// Null for a tensor that is no state's value.
  const StatePlace* state_of(TensorId tensor) const;

 private:
  std::uint64_t sample_size(TensorId tensor, std::uint64_t sample) const;
  std::uint64_t sample_start(TensorId tensor, std::uint64_t sample) const;
  Shape output_shape(const Step& step, std::uint64_t sample) const;
  std::optional<std::uint64_t> value_in_band(const isa::Origin& origin,
                                             std::uint64_t address) const;
  std::uint64_t value_of_band(const isa::Origin& origin, std::uint64_t offset) const;
};

/// For `rows` samples, `batch` at a time; one at a time where there are states. With `quantised`,
/// whose graph it is, the program computes its values; without it only takes its time. Throws
/// InputError, naming the node, for what the machine cannot run, and for more samples than a memory
/// can hold.
Plan make_plan(const std::shared_ptr<const Graph>& graph,
               const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
               std::uint32_t rows, std::uint32_t batch);

}  // namespace systol
