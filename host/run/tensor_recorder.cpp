#include "host/run/tensor_recorder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "host/run/row_place.h"

namespace systol {

TensorRecorder::TensorRecorder(const NetworkProgram& program, const QuantGraph& quantised)
    : plan_(program.plan()), quantised_(quantised) {
  for (const Step& step : plan_.steps) {
    TensorValues tensor = describe(step.output);
    tensor.nodes.push_back(plan_.graph->nodes[step.node].name);
    for (const std::size_t function : step.functions) {
      tensor.nodes.push_back(plan_.graph->nodes[function].name);
    }
    tensor.values.resize(plan_.rows * elements(tensor.shape));
    written_.emplace_back(tensor.values.size());
    computed_.push_back(std::move(tensor));
  }
}

void TensorRecorder::wrote_row(std::uint64_t /*index*/, const isa::Command& command,
                               std::uint32_t row, std::span<const std::int8_t> values) {
  const WrittenRow places(plan_, command, row);
  std::vector<std::int8_t>& tensor = computed_[command.origin.node].values;
  std::vector<std::uint8_t>& written = written_[command.origin.node];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<std::uint64_t> place = places.place(i);
    if (place && *place < tensor.size()) {
      tensor[*place] = values[i];
      written[*place] = 1;
    }
  }
}

std::vector<TensorValues> TensorRecorder::take(const MemoryImage& memory) {
  std::vector<TensorValues> tensors;
  for (const TensorId input : plan_.graph->inputs) {
    if (plan_.packed(input)) {
      continue;  // what the host packed is no tensor of the network's
    }
    TensorValues tensor = describe(input);
    const auto bytes =
        memory.space(isa::Space::Activations)
            .subspan(plan_.address(input, 0), plan_.rows * elements(plan_.graph->shape(input)));
    tensor.values.assign(bytes.begin(), bytes.end());
    tensors.push_back(std::move(tensor));
  }
  for (std::size_t i = 0; i < computed_.size(); ++i) {
    if (!plan_.differs(plan_.steps[i].output)) {
      computed_[i].missing = static_cast<std::uint64_t>(std::ranges::count(written_[i], 0));
      tensors.push_back(std::move(computed_[i]));
    }
  }
  return tensors;
}

TensorValues TensorRecorder::describe(TensorId tensor) const {
  TensorValues values;
  values.name = plan_.graph->tensor(tensor).name;
  values.shape = plan_.graph->shape(tensor);
  values.quantisation = quantised_.of(tensor);
  return values;
}

}  // namespace systol
