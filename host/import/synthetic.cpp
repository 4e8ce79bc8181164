#include "host/import/synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "host/graph/work.h"
#include "host/import/given_rows.h"
#include "sim/base/large_vector.h"

namespace systol {
namespace {

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

void fill(Graph& graph, TensorId id, double low, double high, SplitMix64& random) {
  Constant* constant = graph.constant(id);
  if (constant == nullptr || !constant->values.empty()) {
    return;
  }
  // Each value is written once: a part of them is made, and appended.
  constexpr std::size_t kPart = 1024;
  std::array<float, kPart> part{};
  const std::size_t size = elements(graph.shape(id));
  constant->values = large_reserve<float>(size);
  while (constant->values.size() < size) {
    const auto end =
        part.begin() + static_cast<std::ptrdiff_t>(std::min(kPart, size - constant->values.size()));
    std::generate(part.begin(), end, [&] { return static_cast<float>(random.uniform(low, high)); });
    constant->values.insert(constant->values.end(), part.begin(), end);
  }
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
      SplitMix64 random = stream(graph.seed, kOthers + index_of(state.value));
      state.initial.resize(elements(graph.shape(state.value)));
      std::ranges::generate(state.initial,
                            [&] { return static_cast<float>(random.uniform(-1.0, 1.0)); });
    }
  }
}

}  // namespace

std::uint64_t SplitMix64::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

double SplitMix64::uniform(double low, double high) {
  const double unit = static_cast<double>(next() >> 11) * 0x1.0p-53;
  return low + unit * (high - low);
}

void fill_constants(Graph& graph, const std::function<void(std::size_t)>& filled) {
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
      fill(graph, node.inputs[1], -end, end, random);
    }
    const auto* binary = std::get_if<Binary>(&node.operation);
    const bool scales = binary != nullptr && binary->function == BinaryFunction::Multiply;
    for (const TensorId input : node.inputs) {
      fill(graph, input, scales ? 0.5 : -0.1, scales ? 1.5 : 0.1, random);
    }
    if (filled) {
      filled(place);
    }
  }
  fill_grown_states(graph);
}

std::vector<float> synthetic_inputs(const Graph& graph, std::size_t rows, std::uint64_t seed) {
  const ValueRange range = graph.input_range.value_or(ValueRange{});
  SplitMix64 random = stream(seed, 0);
  std::vector<float> values(rows * graph.input_size());
  std::generate(values.begin(), values.end(), [&] {
    return static_cast<float>(
        random.uniform(static_cast<double>(range.low), static_cast<double>(range.high)));
  });
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
