#include "host/compile/program.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "host/compile/command_stream.h"
#include "host/compile/lowering.h"
#include "host/compile/plan_choice.h"
#include "host/compile/short_program.h"
#include "host/quantise/quantise.h"
#include "sim/base/large_pages.h"

namespace systol {
namespace {

void lower(const Plan& plan, const CommandSink& sink) {
  Schedule schedule(sink);
  if (!plan.chain) {
    lower_network(plan, schedule);
  } else if (plan.resident()) {
    lower_resident(plan, schedule);
  } else {
    lower_streaming(plan, schedule);
  }
  schedule.finish();
}

/// Channels that a step's bands have at a time, of a cut along the third axis of an image.
std::uint32_t channels_together(const Plan& plan, std::size_t step) {
  const bool bands = !plan.chain && plan.step_areas[step].bands.has_value();
  return bands && plan.step_areas[step].bands->cut.axis == 2
             ? isa::narrow(plan.step_areas[step].bands->cut.extent)
             : UINT32_MAX;
}

/// Calls take(bytes) with the constants of one step after another, which lie so in the weights'
/// memory from address 0 on.
template <class Take>
void each_constants(const Plan& plan, Take&& take) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    bytes.clear();
    bytes.reserve(plan.constants[i].end - (i == 0 ? 0 : plan.constants[i - 1].end));
    append_constants(plan.steps[i], *plan.quantised, plan.constants[i], bytes,
                     channels_together(plan, i));
    take(bytes);
  }
}

/// What the host makes of an input that the array reads as signs: its node's values, packed row by
/// row.
void append_signs(const Plan& plan, TensorId tensor, std::span<const std::int8_t> values,
                  std::vector<std::uint8_t>& bytes) {
  constexpr int kLeast = -128;
  const std::size_t row = plan.packed(tensor).written;
  const SignPacking packing{plan.config.columns};
  std::vector<std::int8_t> signs(row);
  for (std::size_t first = 0; first < values.size(); first += row) {
    std::ranges::copy(values.subspan(first, row), signs.begin());
    for (const std::size_t node : plan.input_signs[index_of(tensor)]) {
      const auto& table = std::get<QuantMap>(plan.quantised->nodes[node]).table;
      std::ranges::transform(signs, signs.begin(), [&](std::int8_t value) {
        return table[static_cast<std::size_t>(value - kLeast)];
      });
    }
    for (std::uint64_t sign = 0; sign < row;) {
      const std::uint64_t count = packing.left_in_byte(sign, row);
      isa::pack_signs(&signs[sign], isa::narrow(count), &bytes.emplace_back());
      sign += count;
    }
  }
}

/// A sample is the values of all inputs, one after another; each input has a place of its own.
void append_inputs(const Plan& plan, std::span<const std::int8_t> input,
                   std::vector<isa::Segment>& image) {
  std::size_t column = 0;
  for (const TensorId tensor : plan.graph->inputs) {
    isa::Segment segment{isa::Space::Activations, plan.address(tensor, 0), {}};
    const std::uint64_t width = elements(plan.graph->shape(tensor));
    for (std::size_t row = 0; row < plan.rows; ++row) {
      const auto values = input.subspan(row * plan.graph->input_size() + column, width);
      if (plan.packed(tensor)) {
        append_signs(plan, tensor, values, segment.bytes);
      } else {
        segment.bytes.insert(segment.bytes.end(), values.begin(), values.end());
      }
    }
    column += width;
    image.push_back(std::move(segment));
  }
}

/// As they are before the first sample.
void append_states(const Plan& plan, std::vector<isa::Segment>& image) {
  for (std::size_t i = 0; i < plan.states.size(); ++i) {
    const StatePlace& place = plan.states[i];
    const std::vector<std::int8_t>& values = plan.quantised->states[i];
    isa::Segment segment{isa::Space::Activations, plan.address(place.value, 0), {}};
    segment.bytes.resize(place.bytes());
    for (std::size_t block = 0; block < place.blocks; ++block) {
      std::memcpy(&segment.bytes[block * place.block_bytes], &values[block * place.first_bytes],
                  place.first_bytes);
    }
    image.push_back(std::move(segment));
  }
}

}  // namespace

NetworkProgram::NetworkProgram(const std::shared_ptr<const QuantGraph>& quantised,
                               const ArrayConfig& config, std::uint32_t rows, std::uint32_t batch)
    : plan_(std::make_shared<Plan>(choose_plan(quantised->graph, quantised, config, rows, batch))) {
}

NetworkProgram::NetworkProgram(const std::shared_ptr<const Graph>& graph, const ArrayConfig& config,
                               std::uint32_t rows, std::uint32_t batch)
    : plan_(std::make_shared<Plan>(choose_plan(quantisable(graph), nullptr, config, rows, batch))) {
}

std::vector<std::string> NetworkProgram::nodes() const {
  std::vector<std::string> names;
  for (const Step& step : plan_->steps) {
    names.push_back(step.name);
  }
  return names;
}

std::vector<OutputPlace> NetworkProgram::outputs() const {
  std::vector<OutputPlace> places;
  for (std::size_t i = 0; i < plan_->outputs.size(); ++i) {
    const TensorId stored = plan_->outputs[i];
    places.push_back({plan_->graph->outputs[i], stored, plan_->address(stored, 0), plan_->rows,
                      plan_->place_of(stored).sample_bytes});
  }
  return places;
}

std::unique_ptr<CommandSource> NetworkProgram::commands() const {
  const auto produce = [plan = plan_](const CommandSink& sink) { lower(*plan, sink); };
  // A tile of weights takes two commands at least, for the samples that are in the buffer at once:
  // one loads it, one multiplies by it.
  const std::uint64_t tile =
      isa::tile_bytes(plan_->config.rows, plan_->config.columns, plan_->config.pe);
  const std::uint64_t groups =
      plan_->resident() ? divided_up(plan_->rows, plan_->resident_rows) : 1;
  if (2 * groups * plan_->weight_bytes / tile <= Schedule::kWindow) {
    if (std::unique_ptr<CommandSource> whole = short_program(produce)) {
      return whole;
    }
  }
  return std::make_unique<CommandStream>(produce);
}

MemoryImage NetworkProgram::memory(std::span<const std::int8_t> input) const {
  MemoryImage image(head(input));
  const std::span<std::uint8_t> weights = image.space(isa::Space::Weights);
  ask_for_large_pages(weights.data(), weights.size());
  auto to = weights.begin();
  each_constants(*plan_, [&](const std::vector<std::uint8_t>& bytes) {
    to = std::ranges::copy(bytes, to).out;
  });
  return image;
}

isa::Program NetworkProgram::whole(std::span<const std::int8_t> input,
                                   const std::function<void(const isa::Command&)>& made) const {
  isa::Program program = head(input);
  isa::Segment weights{isa::Space::Weights, 0, {}};
  weights.bytes.reserve(plan_->weight_bytes);
  each_constants(*plan_, [&](const std::vector<std::uint8_t>& bytes) {
    weights.bytes.insert(weights.bytes.end(), bytes.begin(), bytes.end());
  });
  program.image.insert(program.image.begin(), std::move(weights));
  lower(*plan_, [&](isa::Command&& command) {
    if (made) {
      made(command);
    }
    program.commands.push_back(std::move(command));
  });
  return program;
}

/// All but the commands and the constants.
isa::Program NetworkProgram::head(std::span<const std::int8_t> input) const {
  if (plan_->quantised == nullptr) {
    throw std::logic_error("a program for time and traffic only has no values");
  }
  isa::Program program;
  program.nodes = nodes();
  program.pe = plan_->config.pe;
  program.space_bytes = {plan_->weight_bytes, plan_->activation_bytes};
  append_inputs(*plan_, input, program.image);
  append_states(*plan_, program.image);
  return program;
}

}  // namespace systol
