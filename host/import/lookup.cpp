#include "host/import/lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "host/import/given_rows.h"
#include "sim/base/error.h"

namespace systol {
namespace {

template <class Given>
const Given* of_input(const std::vector<Given>& given, TensorId input) {
  const auto found = std::ranges::find(given, input, &Given::input);
  return found == given.end() ? nullptr : &*found;
}

std::size_t row_size(const Graph& graph, const Lookup& lookup) {
  return static_cast<std::size_t>(graph.shape(lookup.input).back());
}

/// Numbers that a sample in a file has for the input.
std::size_t numbers_of(const Graph& graph, TensorId input) {
  if (of_input(graph.rotary_inputs, input) != nullptr) {
    return 0;
  }
  const Lookup* lookup = of_input(graph.lookups, input);
  const std::size_t values = elements(graph.shape(input));
  return lookup == nullptr ? values : values / row_size(graph, *lookup);
}

class Resolver {
 public:
  Resolver(const SampleFile& file, const Graph& graph) : file_(file), graph_(graph) {}

  std::vector<float> run() {
    result_.reserve(file_.kept() * graph_.input_size());
    const float* next = file_.values.data();
    for (sample_ = 0; sample_ < file_.kept(); ++sample_) {
      for (const TensorId input : graph_.inputs) {
        const std::size_t count = numbers_of(graph_, input);
        take(input, {next, count});
        next += count;
      }
    }
    return std::move(result_);
  }

 private:
  void take(TensorId input, std::span<const float> numbers) {
    const Lookup* lookup = of_input(graph_.lookups, input);
    const std::size_t first = result_.size();
    if (const auto* rotary = of_input(graph_.rotary_inputs, input)) {
      result_.resize(first + elements(graph_.shape(input)));
      put_angles(graph_, *rotary, sample_, std::span(result_).subspan(first));
      return;
    }
    if (lookup == nullptr) {
      result_.insert(result_.end(), numbers.begin(), numbers.end());
      return;
    }
    const std::size_t width = row_size(graph_, *lookup);
    const auto rows = static_cast<float>(rows_of(graph_, *lookup));
    result_.resize(first + numbers.size() * width);
    std::span<float> next = std::span(result_).subspan(first);
    for (const float number : numbers) {
      if (!(number >= -rows && number < rows) || number != std::floor(number)) {
        throw InputError(
            fmt::format("{}: sample {} has {} for '{}', which takes whole numbers from 0 to {}",
                        file_.name, sample_, number, graph_.tensor(input).name, rows - 1));
      }
      put_row(graph_, *lookup, static_cast<std::uint64_t>(number < 0 ? number + rows : number),
              next.first(width));
      next = next.subspan(width);
    }
  }

  const SampleFile& file_;
  const Graph& graph_;
  std::size_t sample_ = 0;
  std::vector<float> result_;
};

}  // namespace

void look_up(SampleFile& file, const Graph& graph) {
  if (graph.lookups.empty() && graph.rotary_inputs.empty()) {
    return;
  }
  std::size_t numbers = 0;
  for (const TensorId input : graph.inputs) {
    numbers += numbers_of(graph, input);
  }
  if (elements(file.shape) != numbers) {
    throw InputError(fmt::format("{}: it has {} numbers a sample, but '{}' takes {}", file.name,
                                 elements(file.shape), graph.name, numbers));
  }
  file.values = Resolver(file, graph).run();
  file.shape = {static_cast<std::int64_t>(graph.input_size())};
  file.white.reset();
  file.how += graph.lookups.empty() ? "" : ", indices looked up by the host";
}

}  // namespace systol
