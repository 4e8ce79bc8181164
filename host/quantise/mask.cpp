#include "host/quantise/mask.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "host/quantise/rewriting.h"

namespace systol {
namespace {

/// exp(-32) of the largest share is nothing in 16 bits. Biases that a network has learned lie
/// closer to each other than that.
constexpr float kGap = 32.0F;

bool adds(const Node& node) {
  const auto* binary = std::get_if<Binary>(&node.operation);
  return binary != nullptr && binary->function == BinaryFunction::Add;
}

}  // namespace

std::optional<float> masked_up_to(std::span<const float> values) {
  const auto [least, most] = std::ranges::minmax(values);
  if (!(most - least >= kGap)) {
    return std::nullopt;
  }
  std::vector<float> sorted;
  std::ranges::unique_copy(values, std::back_inserter(sorted));  // masks repeat theirs
  std::ranges::sort(sorted);
  std::optional<float> found;
  float widest = kGap;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (const float gap = sorted[i] - sorted[i - 1]; gap >= widest) {
      widest = gap;
      found = sorted[i - 1];
    }
  }
  return found;
}

bool adds_before_softmax(const Node& node, const Connections& connections) {
  if (!adds(node)) {
    return false;
  }
  const Node* reader = connections.only_reader(node.output);
  while (reader != nullptr && !std::holds_alternative<Softmax>(reader->operation)) {
    if (!adds(*reader) && !keeps_quantisation(*reader, connections)) {
      return false;
    }
    reader = connections.only_reader(reader->output);
  }
  return reader != nullptr;
}

}  // namespace systol
