#include "host/import/synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "host/graph/work.h"
#include "host/import/given_rows.h"
#include "sim/base/spare_floats.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;  ///< of SplitMix64's state

inline std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

/// In [0, 1).
inline double unit_of(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

inline double between(double low, double width, double unit) { return low + unit * width; }

/// What follows the generator's `state`.
SYSTOL_VECTORISED void draw(std::uint64_t state, double low, double width, float* __restrict values,
                            std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(between(low, width, unit_of(mixed(state + (i + 1) * kStep))));
  }
}

/// From here on streams are numbered for nodes without weights.
constexpr std::uint64_t kOthers = std::uint64_t{1} << 32;

/// A generator of its own for each use of one seed.
SplitMix64 stream(std::uint64_t seed, std::uint64_t number) {
  SplitMix64 mixer(seed);
  return SplitMix64(mixer.next() ^ SplitMix64(number).next());
}

/// A clip's bounds are taken for those of ReLU6.
constexpr auto kDamping = std::to_array({Function::Relu, Function::LeakyRelu, Function::Clip,
                                         Function::HardSwish, Function::Gelu, Function::Silu});

bool damps_negative(const Graph& graph, TensorId sums) {
  return std::ranges::any_of(graph.nodes, [sums](const Node& node) {
    const Map* map = std::get_if<Map>(&node.operation);
    return map != nullptr && node.inputs.front() == sums &&
           std::ranges::find(kDamping, map->function) != kDamping.end();
  });
}

/// Large weights are made for each who reads them.
enum class Large : std::uint8_t { Now, WhenRead };

/// Fewer are made at once: to make them is nothing then, wherever they are.
constexpr std::size_t kLargeWeights = std::size_t{1} << 18;

std::vector<float> uniform_values(SplitMix64 random, double low, double high, std::size_t size) {
  // Each value is written once: a part of them is made, and appended.
  constexpr std::size_t kPart = 1024;
  std::array<float, kPart> part{};
  std::vector<float> values = SpareFloats::shared().take(size);
  while (values.size() < size) {
    const auto made = std::span(part).first(std::min(kPart, size - values.size()));
    random.uniform(low, high, made);
    values.insert(values.end(), made.begin(), made.end());
  }
  return values;
}

void fill(Graph& graph, TensorId id, double low, double high, SplitMix64& random, Large large) {
  Constant* constant = graph.constant(id);
  if (constant == nullptr || !constant->values.empty() || constant->source) {
    return;
  }
  const std::size_t size = elements(graph.shape(id));
  if (large == Large::WhenRead && size >= kLargeWeights && graph.uses(id) == 1) {
    constant->source = [random, low, high, size] {
      return uniform_values(random, low, high, size);
    };
    constant->parts = [random, low, high](std::size_t first, std::span<float> values) {
      SplitMix64 from = random;
      from.skip(first);
      from.uniform(low, high, values);
    };
  } else {
    constant->values = uniform_values(random, low, high, size);
  }
  random.skip(size);
}

/// Rows of the table, drawn.
void take_rows(const Graph& graph, const Lookup& lookup, std::span<float> values,
               SplitMix64& random) {
  const auto width = static_cast<std::size_t>(graph.shape(lookup.input).back());
  for (; !values.empty(); values = values.subspan(width)) {
    put_row(graph, lookup, random.next() % rows_of(graph, lookup), values.first(width));
  }
}

/// Numbers of the input's type, all of 8 bits; of wider ones 0 and 1, as a mask has.
void take_numbers(const WholeInput& whole, std::span<float> values, SplitMix64& random) {
  const bool bytes = whole.high - whole.low <= 255;
  const std::int64_t low = bytes ? whole.low : 0;
  const std::int64_t count = bytes ? whole.high - whole.low + 1 : 2;
  for (float& value : values) {
    const std::int64_t number =
        low + static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(count));
    value = whole.scale * static_cast<float>(number - whole.zero);
  }
}

/// What samples before the first left in states that grow.
void fill_grown_states(Graph& graph) {
  for (State& state : graph.states) {
    if (state.axis && state.initial.empty()) {
      state.initial = uniform_values(stream(graph.seed, kOthers + index_of(state.value)), -1.0, 1.0,
                                     elements(graph.shape(state.value)));
    }
  }
}

void give_values(Graph& graph, const std::function<void(std::size_t)>& filled, Large large) {
  graph.load_values();
  std::uint64_t number = 0;
  for (std::size_t place = 0; place < graph.nodes.size(); ++place) {
    const Node& node = graph.nodes[place];
    const std::uint64_t depth = depth_of(graph, node);
    const bool has_weights = depth > 0 && graph.constant(node.inputs[1]) != nullptr;
    SplitMix64 random = has_weights ? stream(graph.seed, ++number)
                                    : stream(graph.seed, kOthers + index_of(node.output));
    if (has_weights) {
      const double spread = damps_negative(graph, node.output) ? 6.0 : 3.0;
      const double end = std::sqrt(spread / static_cast<double>(depth));
      fill(graph, node.inputs[1], -end, end, random, large);
    }
    const auto* binary = std::get_if<Binary>(&node.operation);
    const bool scales = binary != nullptr && binary->function == BinaryFunction::Multiply;
    for (const TensorId input : node.inputs) {
      fill(graph, input, scales ? 0.5 : -0.1, scales ? 1.5 : 0.1, random, Large::Now);
    }
    if (filled) {
      filled(place);
    }
  }
  fill_grown_states(graph);
}

}  // namespace

std::uint64_t SplitMix64::next() {
  state_ += kStep;
  return mixed(state_);
}

double SplitMix64::uniform(double low, double high) {
  return between(low, high - low, unit_of(next()));
}

void SplitMix64::uniform(double low, double high, std::span<float> values) {
  draw(state_, low, high - low, values.data(), values.size());
  skip(values.size());
}

void SplitMix64::skip(std::uint64_t count) { state_ += count * kStep; }

void fill_constants(Graph& graph, const std::function<void(std::size_t)>& filled) {
  give_values(graph, filled, Large::Now);
}

void make_up_constants(Graph& graph, const std::function<void(std::size_t)>& filled) {
  give_values(graph, filled, Large::WhenRead);
}

std::vector<float> synthetic_inputs(const Graph& graph, std::size_t rows, std::uint64_t seed) {
  const ValueRange range = graph.input_range.value_or(ValueRange{});
  SplitMix64 random = stream(seed, 0);
  std::vector<float> values(rows * graph.input_size());
  random.uniform(static_cast<double>(range.low), static_cast<double>(range.high), values);
  std::size_t first = 0;
  for (const TensorId input : graph.inputs) {
    const std::size_t size = elements(graph.shape(input));
    const auto lookup = std::ranges::find(graph.lookups, input, &Lookup::input);
    const auto whole = std::ranges::find(graph.whole_inputs, input, &WholeInput::input);
    const auto rotary = std::ranges::find(graph.rotary_inputs, input, &RotaryInput::input);
    for (std::size_t row = 0; row < rows; ++row) {
      const auto part = std::span(values).subspan(row * graph.input_size() + first, size);
      if (lookup != graph.lookups.end()) {
        take_rows(graph, *lookup, part, random);
      } else if (whole != graph.whole_inputs.end()) {
        take_numbers(*whole, part, random);
      } else if (rotary != graph.rotary_inputs.end()) {
        put_angles(graph, *rotary, row, part);
      }
    }
    first += size;
  }
  return values;
}

}  // namespace systol
