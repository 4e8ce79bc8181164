#include "host/compile/program.h"

#include <cstring>
#include <stdexcept>
#include <utility>

#include "host/compile/command_stream.h"
#include "host/compile/lowering.h"

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

/// A sample is the values of all inputs, one after another; each input has a place of its own.
void append_inputs(const Plan& plan, std::span<const std::int8_t> input,
                   std::vector<isa::Segment>& image) {
  std::size_t column = 0;
  for (const TensorId tensor : plan.graph->inputs) {
    isa::Segment segment{isa::Space::Activations, plan.address(tensor, 0), {}};
    const std::uint64_t width = plan.place_of(tensor).sample_bytes;
    for (std::size_t row = 0; row < plan.rows; ++row) {
      const auto values = input.subspan(row * plan.graph->input_size() + column, width);
      segment.bytes.insert(segment.bytes.end(), values.begin(), values.end());
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
    : plan_(std::make_shared<Plan>(make_plan(quantised->graph, quantised, config, rows, batch))) {}

NetworkProgram::NetworkProgram(std::shared_ptr<const Graph> graph, const ArrayConfig& config,
                               std::uint32_t rows, std::uint32_t batch)
    : plan_(std::make_shared<Plan>(make_plan(std::move(graph), nullptr, config, rows, batch))) {}

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
  return std::make_unique<CommandStream>(
      [plan = plan_](const CommandSink& sink) { lower(*plan, sink); });
}

MemoryImage NetworkProgram::memory(std::span<const std::int8_t> input) const {
  return MemoryImage(head(input));
}

isa::Program NetworkProgram::whole(std::span<const std::int8_t> input) const {
  isa::Program program = head(input);
  lower(*plan_, append_to(program.commands));
  return program;
}

/// All but the commands.
isa::Program NetworkProgram::head(std::span<const std::int8_t> input) const {
  if (plan_->quantised == nullptr) {
    throw std::logic_error("a program for time and traffic only has no values");
  }
  isa::Program program;
  program.nodes = nodes();
  program.pe = plan_->config.pe;
  program.space_bytes = {plan_->weight_bytes, plan_->activation_bytes};
  isa::Segment weights{isa::Space::Weights, 0, {}};
  weights.bytes.reserve(plan_->weight_bytes);
  for (std::size_t i = 0; i < plan_->steps.size(); ++i) {
    append_constants(plan_->steps[i], *plan_->quantised, plan_->constants[i], weights.bytes);
  }
  program.image.push_back(std::move(weights));
  append_inputs(*plan_, input, program.image);
  append_states(*plan_, program.image);
  return program;
}

}  // namespace systol
