#include "host/quantise/masked.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "host/graph/connections.h"
#include "host/graph/growth.h"
#include "host/quantise/rewriting.h"

namespace systol {
namespace {

constexpr float kMasked = 64.0F;  ///< below the largest: no network's own scores differ so much
constexpr float kSteps = 256.0F;  ///< of a softmax

class Narrowing {
 public:
  Narrowing(const Graph& graph, std::vector<ValueRange>& ranges)
      : graph_(graph), connections_(graph), ranges_(ranges) {}

  void run(std::span<const float> inputs, std::size_t rows, const FloatObserver& seen) {
    for (const Node& node : graph_.nodes) {
      if (std::holds_alternative<Softmax>(node.operation)) {
        find_sum(node.inputs.front());
      }
    }
    if (sums_.empty()) {
      return;
    }
    run_float(graph_, inputs, rows, [this, &seen](TensorId id, std::span<const float> values) {
      if (const auto sum = sums_.find(id); sum != sums_.end()) {
        add_rows(values, sum->second);
      }
      if (seen) {
        seen(id, values);
      }
    });
    for (const auto& [id, sum] : sums_) {
      narrow(id, sum);
    }
    narrow_operands();
  }

 private:
  struct Sum {
    const Node* node = nullptr;         ///< what computes it
    std::size_t row = 1;                ///< values that are normalised together
    float smallest_maximum = INFINITY;  ///< of all rows
  };

  /// Where a softmax reads `id`, by way of what moves values alone.
  void find_sum(TensorId id) {
    const std::vector<TensorId> alike = unchanged_from(id, connections_);
    const Node* producer = connections_.producer(alike.back());
    const bool alone = std::ranges::all_of(alike, [this](TensorId tensor) {
      return connections_.uses(tensor) == 1 && !graph_.fixed_quantisations.contains(tensor);
    });
    if (producer == nullptr || !alone || alike.size() > 1) {
      return;
    }
    const auto* binary = std::get_if<Binary>(&producer->operation);
    const ValueRange range = ranges_[index_of(id)];
    if (binary != nullptr && binary->function == BinaryFunction::Add &&
        range.high - range.low > kMasked) {
      sums_[id] = {producer, static_cast<std::size_t>(graph_.shape(id).back())};
    }
  }

  static void add_rows(std::span<const float> values, Sum& sum) {
    for (; values.size() >= sum.row; values = values.subspan(sum.row)) {
      const float maximum = *std::ranges::max_element(values.first(sum.row));
      sum.smallest_maximum = std::min(sum.smallest_maximum, maximum);
    }
  }

  void narrow(TensorId id, const Sum& sum) {
    const float distance = std::log(2.0F * kSteps * static_cast<float>(sum.row));
    ValueRange& range = ranges_[index_of(id)];
    range.low = std::max(range.low, sum.smallest_maximum - distance);
    for (const std::size_t operand : {0U, 1U}) {
      const TensorId mask = sum.node->inputs[operand];
      const TensorId other = sum.node->inputs[1 - operand];
      if (connections_.constant(mask) == nullptr && connections_.constant(other) == nullptr) {
        lows_[mask].push_back(range.low - ranges_[index_of(other)].high);
      }
    }
  }

  /// What only such sums read, and what it is moved from.
  void narrow_operands() {
    for (const auto& [id, lows] : lows_) {
      if (lows.size() != connections_.uses(id)) {
        continue;
      }
      const std::vector<TensorId> alike = unchanged_from(id, connections_);
      const bool alone = std::all_of(alike.begin() + 1, alike.end(), [this](TensorId tensor) {
        return connections_.uses(tensor) == 1;
      });
      if (alone) {
        ValueRange& range = ranges_[index_of(alike.back())];
        range.low = std::max(range.low, std::ranges::min(lows));
        range.high = std::max(range.high, range.low);
      }
    }
  }

  const Graph& graph_;
  Connections connections_;
  std::vector<ValueRange>& ranges_;
  std::map<TensorId, Sum> sums_;
  std::map<TensorId, std::vector<float>> lows_;  ///< that suffice, of operands of the sums
};

}  // namespace

void narrow_masked(const Graph& graph, std::span<const float> inputs, std::size_t rows,
                   std::vector<ValueRange>& ranges, const FloatObserver& seen) {
  if (!grows(graph)) {
    Narrowing(graph, ranges).run(inputs, rows, seen);
  }
}

}  // namespace systol
