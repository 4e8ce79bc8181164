#include "host/compile/program.h"

#include <stdexcept>
#include <utility>

#include "host/compile/command_stream.h"
#include "host/compile/lowering.h"

namespace systol {
namespace {

void lower(const Plan& plan, const CommandSink& sink) {
  Schedule schedule(sink);
  if (plan.resident()) {
    lower_resident(plan, schedule);
  } else {
    lower_streaming(plan, schedule);
  }
  schedule.finish();
}

}  // namespace

NetworkProgram::NetworkProgram(std::shared_ptr<const QuantGraph> quantised,
                               const ArrayConfig& config, std::uint32_t rows, std::uint32_t batch)
    : quantised_(std::move(quantised)),
      plan_(std::make_shared<Plan>(
          make_plan(quantised_->graph, quantised_.get(), config, rows, batch))) {}

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
  if (quantised_ == nullptr) {
    throw std::logic_error("a program for time and traffic only has no values");
  }
  isa::Program program;
  program.nodes = nodes();
  program.pe = plan_->config.pe;
  program.space_bytes = {plan_->weight_bytes, plan_->activation_bytes};
  isa::Segment weights{isa::Space::Weights, 0, {}};
  weights.bytes.reserve(plan_->weight_bytes);
  for (std::size_t i = 0; i < plan_->steps.size(); ++i) {
    append_constants(plan_->steps[i], *quantised_, plan_->constants[i], weights.bytes);
  }
  program.image.push_back(std::move(weights));
  program.image.push_back({isa::Space::Activations,
                           plan_->address(plan_->graph->inputs.front(), 0),
                           {input.begin(), input.end()}});
  return program;
}

}  // namespace systol
