#include "host/import/whole_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "sim/base/error.h"

namespace systol {
namespace {

void take(std::span<float> numbers, const WholeInput& whole, const SampleFile& file,
          std::size_t sample, const std::string& input) {
  const auto low = static_cast<float>(whole.low);
  const auto high = static_cast<float>(whole.high);
  for (float& number : numbers) {
    const float value = file.white ? std::floor(number + 0.5F) : number;
    if (!(value >= low && value <= high) || value != std::floor(value)) {
      throw InputError(
          fmt::format("{}: sample {} has {} for '{}', which takes whole numbers from {} to {}",
                      file.name, sample, number, input, whole.low, whole.high));
    }
    number = whole.scale * (value - static_cast<float>(whole.zero));
  }
}

}  // namespace

void take_whole_numbers(SampleFile& file, const Graph& graph) {
  std::size_t first = 0;
  for (const TensorId input : graph.inputs) {
    const std::size_t size = elements(graph.shape(input));
    const auto whole = std::ranges::find(graph.whole_inputs, input, &WholeInput::input);
    for (std::size_t sample = 0; sample < file.kept() && whole != graph.whole_inputs.end();
         ++sample) {
      take(std::span(file.values).subspan(sample * graph.input_size() + first, size), *whole, file,
           sample, graph.tensor(input).name);
    }
    first += size;
  }
  file.white.reset();
  file.how += ", whole numbers as they are";
}

}  // namespace systol
