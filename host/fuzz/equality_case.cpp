#include "host/fuzz/equality_case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "host/compile/program.h"
#include "host/explain/kept_commands.h"
#include "host/fuzz/dram_drawing.h"
#include "host/fuzz/draw.h"
#include "host/fuzz/network_drawing.h"
#include "host/fuzz/sign_drawing.h"
#include "host/fuzz/walk_program.h"
#include "host/graph/dense.h"
#include "host/graph/depthwise.h"
#include "host/graph/verify.h"
#include "host/quantise/quantise.h"
#include "host/session/engine.h"
#include "sim/base/error.h"
#include "sim/command_time.h"
#include "sim/config/array_file.h"
#include "sim/config/dram_file.h"

namespace systol {
namespace {

/// What a drawn buffer has at most; how many follows from its capacity.
constexpr std::uint32_t kMostSlices = 40;
constexpr std::uint64_t kGiga = 1'000'000'000;

/// Small numbers are as likely as large ones: evenly distributed in the number of bits.
std::uint32_t draw_size(SplitMix64& random, std::uint32_t high) {
  std::uint32_t bits = 0;
  while ((high >> bits) > 1) {
    ++bits;
  }
  return draw(random, 1, std::min(high, (2U << draw(random, 0, bits)) - 1));
}

MemoryConfig draw_memory(SplitMix64& random, std::string name, std::vector<isa::Space> holds) {
  MemoryConfig memory;
  memory.name = std::move(name);
  memory.holds = std::move(holds);
  memory.energy = "lpddr4";  // energies are not compared, but the array's file must load
  switch (draw(random, 0, 3)) {
    case 0:  // unlimited
      break;
    case 1:  // starved: less than a byte a cycle
      memory.bandwidth = BytesPerSecond(draw(random, 50'000'000, 900'000'000));
      break;
    default:  // an odd rate, so that transfers end between cycles
      memory.bandwidth = BytesPerSecond(draw(random, 1, 100) * kGiga + draw(random, 0, 999'999));
  }
  memory.latency = Picoseconds(draw(random, 0, 2) == 0 ? 0 : draw(random, 1, 300'000));
  if (draw(random, 0, 2) == 0) {
    memory.dram = draw_dram(random);
  }
  return memory;
}

void draw_memories(SplitMix64& random, ArrayConfig& config) {
  using isa::Space;
  if (draw(random, 0, 1) == 0) {
    config.memories = {draw_memory(random, "dram", {Space::Weights, Space::Activations})};
  } else {
    config.memories = {draw_memory(random, "weights_dram", {Space::Weights}),
                       draw_memory(random, "host", {Space::Activations})};
  }
}

/// Of the shapes that have the RTL engine, the one that has a library for each PE type.
bool has_all_types(const ArrayConfig& config) { return config.rows == 3 && config.columns == 5; }

/// Two rows of sparse weights share a group: the shape with the RTL engine that has them.
constexpr RtlShape kSparseShape{4, 5, 7};

void suit_sparse(ArrayConfig& config, bool with_rtl) {
  config.dataflow = Dataflow::WeightStationary;
  config.rows += config.rows % isa::kGroupRows;
  if (with_rtl) {
    config.rows = kSparseShape.rows;
    config.columns = kSparseShape.columns;
    config.accumulator_rows = kSparseShape.accumulator_rows;
  }
}

/// Also what never ends, which all engines are to say.
bool takes_at_most(Cycles most, const isa::Program& program, const ArrayConfig& config) {
  TimedCommands commands(std::make_unique<CommandList>(program.commands), config);
  try {
    return time_of(commands, config, program.nodes.size()) <= most;
  } catch (const InputError&) {
    return true;
  }
}

/// What the operation adds up on PEs that take differences.
struct MakeL1 {
  void operator()(MatMul& matmul) const { matmul.similarity = Similarity::L1; }
  void operator()(Convolution& convolution) const { convolution.similarity = Similarity::L1; }
  template <class Other>
  void operator()(const Other&) const {}
};

/// Networks are of integers.
isa::PeType type_of_networks(isa::PeType drawn) {
  return isa::is_float(drawn) ? isa::PeType::Int8 : drawn;
}

/// Chains have functions of all kinds after their layers, and not signs alone.
isa::PeType type_of_chains(isa::PeType drawn) {
  return isa::is_signs(drawn) ? isa::PeType::Int8 : type_of_networks(drawn);
}

/// Signs are packed from a row's channels, and results of an input-stationary array come by
/// channel.
void suit_signs(ArrayConfig& config) {
  if (isa::is_signs(config.pe) && config.dataflow == Dataflow::InputStationary) {
    config.dataflow = Dataflow::WeightStationary;
  }
}

bool draws_products(const ArrayConfig& config) {
  return config.dataflow != Dataflow::InputStationary && !isa::is_sparse(config.pe);
}

Graph drawn_network(const EqualityCase& drawn) {
  return isa::is_signs(drawn.config.pe)
             ? draw_sign_network(drawn.seed, drawn.nodes, drawn.config.columns)
             : draw_network(drawn.seed, drawn.nodes, draws_products(drawn.config));
}

/// Two activations are multiplied, never compared, and neither has fewer bits.
bool has_product(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [&](const Node& node) {
    return std::holds_alternative<MatMul>(node.operation) &&
           graph.constant(node.inputs[1]) == nullptr;
  });
}

isa::PeType type_of_products(isa::PeType drawn) {
  const bool differences = isa::describe(drawn).operation == isa::PeOperation::AbsoluteDifference;
  return differences || isa::is_packed(drawn) ? isa::PeType::Int8 : drawn;
}

Graph suited(Graph graph, isa::PeType pe) {
  if (isa::describe(pe).operation == isa::PeOperation::AbsoluteDifference) {
    for (Node& node : graph.nodes) {
      if (!is_depthwise(graph, node)) {
        std::visit(MakeL1{}, node.operation);
      }
    }
    verify(graph);
  }
  return graph;
}

ArrayConfig draw_config(SplitMix64& random, bool with_rtl) {
  ArrayConfig config;
  config.name = "drawn";
  config.clock = Hertz(draw(random, 100, 1500) * std::uint64_t{1'000'000} + draw(random, 0, 999));
  config.rows = draw(random, 1, 40);
  config.columns = draw(random, 1, 40);
  config.accumulator_rows = draw_size(random, 512);
  if (with_rtl) {
    const RtlShape& shape =
        rtl_shapes()[draw(random, 0, static_cast<std::uint32_t>(rtl_shapes().size()) - 1)];
    config.rows = shape.rows;
    config.columns = shape.columns;
    config.accumulator_rows = shape.accumulator_rows;
  }
  config.dataflow = static_cast<Dataflow>(draw(random, 0, 2));
  if (config.dataflow == Dataflow::OutputStationary && config.accumulator_rows < config.rows) {
    config.dataflow = Dataflow::InputStationary;  // its accumulators would be too few
  }
  if (config.dataflow != Dataflow::OutputStationary) {
    config.tile_use = static_cast<TileUse>(draw(random, 0, 1));
  }
  const std::uint32_t type = draw(random, 0, isa::kPeTypes - 1);
  const auto drawn = static_cast<isa::PeType>(type);
  if (!with_rtl || has_all_types(config) || isa::is_sparse(drawn)) {
    config.pe = drawn;
  }
  if (isa::is_sparse(drawn)) {
    suit_sparse(config, with_rtl);
  }
  if (isa::is_float(config.pe)) {
    config.dataflow = Dataflow::WeightStationary;
  }
  if (isa::is_packed(config.pe) && config.dataflow == Dataflow::InputStationary) {
    config.dataflow = Dataflow::WeightStationary;  // the PEs' weights are activations there
  }
  config.weight_fifo_tiles = draw_size(random, 8);
  config.tile_fetch = static_cast<TileFetch>(draw(random, 0, 1));
  config.command_queue_depth = draw_size(random, 32);
  config.dma_outstanding = draw_size(random, 16);
  // From barely enough to plenty.
  const std::uint32_t least = 18 * config.columns + 1024 + 2 * (config.rows + config.columns);
  config.unified_buffer = Bytes(least + draw_size(random, 1U << 18));
  config.buffer_slices =
      1 + static_cast<std::uint32_t>(config.unified_buffer.count() % kMostSlices);
  draw_memories(random, config);
  return config;
}

/// The DRAMs among the memories, as text.
std::string drams_text(const ArrayConfig& config) {
  std::string text;
  for (const MemoryConfig& memory : config.memories) {
    if (memory.dram) {
      text += fmt::format(", memory {}: {}", memory.name, dram_yaml(*memory.dram));
    }
  }
  return text;
}

/// One channel, in order, without refreshes.
void simplify(std::optional<DramConfig>& dram) {
  if (dram) {
    dram->capacity = Bytes(dram->capacity.count() / dram->channels);
    dram->channels = 1;
    dram->scheduling = DramScheduling::FirstCome;
    dram->refresh = DramRefresh::None;
  }
}

std::optional<Operation> draw_activation(SplitMix64& random) {
  const std::array<std::optional<Operation>, 6> all = {
      std::nullopt,           Map{Function::Relu}, Map{Function::LeakyRelu},
      Map{Function::Sigmoid}, Map{Function::Tanh}, Softmax{}};
  return all[draw(random, 0, all.size() - 1)];
}

}  // namespace

const std::vector<RtlShape>& rtl_shapes() {
  static const std::vector<RtlShape> shapes = {{1, 1, 1},   {3, 5, 7},   {5, 3, 64},
                                               {8, 8, 512}, {13, 7, 32}, {2, 17, 16}};
  return shapes;
}

Graph EqualityCase::graph() const {
  if (nodes > 0) {
    return suited(drawn_network(*this), config.pe);
  }
  Graph graph;
  graph.name = "drawn";
  graph.seed = seed;
  graph.input_range = ValueRange{-1.0F, 1.0F};
  TensorId current = graph.add_input("input", {widths.front()});
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    current = add_dense(graph, fmt::format("layer{}", i), current, widths[i + 1]);
    if (activations[i]) {
      current = graph.add_node(fmt::format("function{}", i), *activations[i], {current});
    }
  }
  graph.outputs = {current};
  fill_constants(graph);
  return suited(std::move(graph), config.pe);
}

std::vector<float> EqualityCase::inputs() const {
  return synthetic_inputs(graph(), samples, seed + 1);
}

std::shared_ptr<const QuantGraph> EqualityCase::quantised() const {
  const auto network = std::make_shared<const Graph>(graph());
  const isa::PeType weights = isa::is_signs(config.pe) ? isa::PeType::Binary : config.pe;
  return std::make_shared<const QuantGraph>(
      quantise(network, synthetic_inputs(*network, samples, seed + 1), samples, {}, {},
               isa::describe(weights).weight_bits, isa::is_sparse(weights)));
}

isa::Program EqualityCase::program() const {
  if (rounds > 0) {
    return draw_walk_program(config, SplitMix64(seed), rounds);
  }
  const auto network = quantised();
  return NetworkProgram(network, config, samples, batch).whole(quantise_inputs(*network, inputs()));
}

std::string EqualityCase::text() const {
  std::string functions;
  for (const std::optional<Operation>& activation : activations) {
    functions += fmt::format("{}{}", functions.empty() ? "" : ",",
                             activation ? name_of(*activation) : "none");
  }
  const std::string work =
      rounds > 0  ? fmt::format("{} rounds of random walks", rounds)
      : nodes > 0 ? fmt::format("a network of {} operations, {} samples in batches of {}", nodes,
                                samples, batch)
                  : fmt::format("layers {} ({}), {} samples in batches of {}",
                                fmt::join(widths, "x"), functions, samples, batch);
  return fmt::format(
      "{} {}x{} array of {} PEs, tiles used by the {} and fetched {}, {} accumulator rows, FIFO "
      "{}, queue "
      "{}, DMA {}, "
      "buffer {} B, {} Hz{}; {}, "
      "seed {}",
      name_of(config.dataflow), config.rows, config.columns, isa::describe(config.pe).name,
      name_of(config.tile_use), name_of(config.tile_fetch), config.accumulator_rows,
      config.weight_fifo_tiles, config.command_queue_depth, config.dma_outstanding,
      config.unified_buffer.count(), config.clock.count(), drams_text(config), work, seed);
}

EqualityCase draw_case(SplitMix64& random, bool with_rtl) {
  EqualityCase drawn;
  drawn.config = draw_config(random, with_rtl);
  drawn.config.pe = type_of_chains(drawn.config.pe);
  drawn.rtl = with_rtl;
  const std::uint32_t layers = draw(random, 1, 5);
  drawn.widths.push_back(draw_size(random, 200));
  for (std::uint32_t i = 0; i < layers; ++i) {
    drawn.widths.push_back(draw_size(random, 120));
    drawn.activations.push_back(draw_activation(random));
  }
  drawn.samples = draw_size(random, 300);
  drawn.batch = draw(random, 0, 2) == 0 ? draw_size(random, drawn.samples) : drawn.samples;
  drawn.seed = random.next();
  return drawn;
}

EqualityCase draw_network_case(SplitMix64& random, bool with_rtl) {
  EqualityCase drawn;
  drawn.config = draw_config(random, with_rtl);
  drawn.config.pe = type_of_networks(drawn.config.pe);
  suit_signs(drawn.config);
  drawn.rtl = with_rtl;
  drawn.nodes = draw(random, 1, 12);
  drawn.samples = draw_size(random, 4);
  drawn.batch = draw(random, 1, drawn.samples);
  drawn.seed = random.next();
  if (has_product(drawn_network(drawn))) {
    drawn.config.pe = type_of_products(drawn.config.pe);
  }
  return drawn;
}

EqualityCase draw_possible_case(SplitMix64& random, bool with_rtl,
                                EqualityCase (*draw)(SplitMix64&, bool)) {
  while (true) {
    EqualityCase drawn = draw(random, with_rtl);
    try {
      if (takes_at_most(kMostDrawnCycles, drawn.program(), drawn.config)) {
        return drawn;
      }
    } catch (const InputError&) {
      // Too small: draw again.
    }
  }
}

EqualityCase draw_walk_case(SplitMix64& random, bool with_rtl) {
  EqualityCase drawn;
  drawn.config = draw_config(random, with_rtl);
  drawn.config.unified_buffer = Bytes(std::max(drawn.config.unified_buffer.count(), kWalkBuffer));
  drawn.rtl = with_rtl;
  drawn.rounds = draw(random, 1, 8);
  drawn.seed = random.next();
  return drawn;
}

std::vector<EqualityCase> simpler(const EqualityCase& failing) {
  std::vector<EqualityCase> cases;
  const auto attempt = [&](auto change) {
    EqualityCase next = failing;
    change(next);
    if (next.text() != failing.text()) {
      cases.push_back(std::move(next));
    }
  };
  if (failing.rounds > 1) {
    attempt([](EqualityCase& c) { c.rounds /= 2; });
    attempt([](EqualityCase& c) { --c.rounds; });
  }
  if (failing.nodes > 1) {
    attempt([](EqualityCase& c) { c.nodes /= 2; });
    attempt([](EqualityCase& c) { --c.nodes; });
  }
  if (failing.activations.size() > 1) {
    attempt([](EqualityCase& c) {
      c.activations.pop_back();
      c.widths.pop_back();
    });
    attempt([](EqualityCase& c) {
      c.activations.erase(c.activations.begin());
      c.widths.erase(c.widths.begin());
    });
  }
  attempt([](EqualityCase& c) {
    c.samples = (c.samples + 1) / 2;
    c.batch = std::min(c.batch, c.samples);
  });
  attempt([](EqualityCase& c) { c.batch = c.samples; });
  for (std::size_t i = 0; i < failing.widths.size(); ++i) {
    attempt([i](EqualityCase& c) { c.widths[i] = (c.widths[i] + 1) / 2; });
  }
  for (std::size_t i = 0; i < failing.activations.size(); ++i) {
    attempt([i](EqualityCase& c) { c.activations[i].reset(); });
  }
  attempt([](EqualityCase& c) { c.config.command_queue_depth = 16; });
  attempt([](EqualityCase& c) { c.config.dma_outstanding = 8; });
  attempt([](EqualityCase& c) { c.config.weight_fifo_tiles = 4; });
  attempt([](EqualityCase& c) { c.config.unified_buffer = Bytes(1U << 18); });
  attempt([](EqualityCase& c) { c.config.pe = isa::PeType::Int8; });
  attempt([](EqualityCase& c) { c.config.tile_use = TileUse::Wave; });
  attempt([](EqualityCase& c) { c.config.tile_fetch = TileFetch::Filled; });
  for (std::size_t i = 0; i < failing.config.memories.size(); ++i) {
    attempt([i](EqualityCase& c) { c.config.memories[i].dram.reset(); });
    attempt([i](EqualityCase& c) { simplify(c.config.memories[i].dram); });
  }
  if (!failing.rtl) {
    attempt([](EqualityCase& c) { c.config.dataflow = Dataflow::WeightStationary; });
    attempt([](EqualityCase& c) { c.config.rows = (c.config.rows + 1) / 2; });
    attempt([](EqualityCase& c) { c.config.columns = (c.config.columns + 1) / 2; });
  }
  return cases;
}

}  // namespace systol
