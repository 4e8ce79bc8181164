#include "host/export/predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "host/graph/classes.h"
#include "host/report/csv_field.h"
#include "sim/base/error.h"

namespace systol {

void check_classes(const Graph& graph) {
  const Shape& shape = graph.shape(graph.outputs.front());
  const auto long_extents =
      std::ranges::count_if(shape, [](std::int64_t extent) { return extent > 1; });
  if (long_extents > 1) {
    throw InputError(fmt::format(
        "{}: its output is of shape {}, from which no class can be predicted; allowed: a list of "
        "scores, or a single one",
        graph.place(), to_string(shape)));
  }
}

std::string predictions_csv(const RunReport& report, std::span<const std::string> names,
                            std::span<const std::uint32_t> labels) {
  const OutputValues& output = report.outputs.front();
  std::string text = fmt::format("sample,class,score{}{}\n", names.empty() ? "" : ",name",
                                 labels.empty() ? "" : ",label,correct");
  const auto to_text = std::back_inserter(text);
  const std::vector<std::size_t> classes = classes_of(output.values, output.columns);
  for (std::size_t sample = 0; sample < classes.size(); ++sample) {
    const std::size_t best = classes[sample];
    const std::size_t score = output.columns == 1 ? 0 : best;
    fmt::format_to(to_text, "{},{},{}", sample, best,
                   output.values[sample * output.columns + score]);
    if (!names.empty()) {
      text += "," + csv_field(names[best]);
    }
    if (!labels.empty()) {
      fmt::format_to(to_text, ",{},{}", labels[sample], labels[sample] == best);
    }
    text += '\n';
  }
  return text;
}

}  // namespace systol
