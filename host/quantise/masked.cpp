#include "host/quantise/masked.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>

#include "host/graph/connections.h"
#include "host/graph/growth.h"
#include "host/quantise/mask.h"
#include "host/quantise/rewriting.h"
#include "host/quantise/symmetric.h"
#include "host/quantise/tables.h"

namespace systol {
namespace {

constexpr float kMasked = 64.0F;  ///< below the largest: no network's own scores differ so much
constexpr float kSteps = 256.0F;  ///< of a softmax
/// exp(-kReach) is less than half a unit of the softmax's table, 1/65535.
constexpr float kReach = 11.8F;
/// Five steps of 255 more, as codes, multipliers and sums are rounded by one or two together.
constexpr float kSlack = 1.02F;

/// The ends of what int8 holds.
ValueRange ends(Quantisation quantisation) {
  const auto zero = static_cast<float>(quantisation.zero_point);
  return {quantisation.scale * (-128.0F - zero), quantisation.scale * (127.0F - zero)};
}

ValueRange united(ValueRange a, ValueRange b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

class Narrowing {
 public:
  Narrowing(const Graph& graph, const RowMaxima& maxima, std::vector<ValueRange>& ranges)
      : graph_(graph),
        connections_(graph),
        symmetric_(symmetric_tensors(graph, connections_)),
        maxima_(maxima),
        ranges_(ranges) {}

  void run() {
    std::vector<TensorId> inputs;
    for (const auto& [id, maximum] : maxima_) {
      if (is_sum(root(id))) {
        inputs.push_back(id);
      }
    }
    for (const TensorId input : inputs) {
      raise_scores(input);
    }
    apply();
    for (const TensorId input : inputs) {
      saturate(input, lowest(input));
    }
    apply();
  }

 private:
  struct Sum {
    TensorId scores{};    ///< what is added, as the sum reads it
    TensorId mask{};      ///< the other operand
    ValueRange unmasked;  ///< of the mask, where it masks nothing
  };

  TensorId root(TensorId id) const { return unchanged_from(id, connections_).back(); }
  bool is_constant(TensorId id) const { return connections_.constant(id) != nullptr; }
  ValueRange& range(TensorId id) const { return ranges_[index_of(id)]; }

  /// Whether the tensor is a sum with a mask: the parts are in `sums_` then.
  bool is_sum(TensorId id) {
    const auto [entry, fresh] = sums_.try_emplace(id);
    if (fresh) {
      std::optional<Sum> sum = parts(id);
      sums_[id] = sum;
    }
    return sums_[id].has_value();
  }

  std::optional<Sum> parts(TensorId id) {
    const Node* node = connections_.producer(id);
    if (node == nullptr || !adds_before_softmax(*node, connections_) || is_fixed_after(id)) {
      return std::nullopt;
    }
    const bool first = masks_first(node->inputs[0], node->inputs[1]);
    const TensorId mask = node->inputs[first ? 0 : 1];
    const TensorId scores = node->inputs[first ? 1 : 0];
    const std::optional<ValueRange> unmasked = unmasked_part(mask);
    if (!unmasked && !is_sum(root(scores))) {
      return std::nullopt;
    }
    return Sum{scores, mask, unmasked.value_or(range_of_operand(mask))};
  }

  /// Whether `a` rather than `b` is a mask: a constant, what is added to masked scores, or else the
  /// one that reaches lower.
  bool masks_first(TensorId a, TensorId b) {
    if (is_constant(a) || is_constant(b)) {
      return is_constant(a);
    }
    if (is_sum(root(a)) || is_sum(root(b))) {
      return !is_sum(root(a));
    }
    return range(a).low < range(b).low;
  }

  /// Whether the model's file has the quantisation of the tensor, or of what it is moved to.
  bool is_fixed_after(TensorId id) const {
    while (!graph_.fixed_quantisations.contains(id)) {
      const Node* reader = connections_.only_reader(id);
      if (reader == nullptr || !keeps_quantisation(*reader, connections_)) {
        return false;
      }
      id = reader->output;
    }
    return true;
  }

  ValueRange range_of_operand(TensorId id) const {
    return is_constant(id) ? range_of(connections_.constant(id)->values) : range(id);
  }

  /// The mask's values that mask nothing: an activation's largest. Nothing for what is no mask.
  std::optional<ValueRange> unmasked_part(TensorId id) const {
    if (!is_constant(id)) {
      const float high = range(id).high;
      return high - range(id).low > kMasked ? std::optional(ValueRange{high, high}) : std::nullopt;
    }
    const std::vector<float>& values = connections_.constant(id)->values;
    const std::optional<float> masked = masked_up_to(values);
    if (!masked) {
      return std::nullopt;
    }
    ValueRange left{INFINITY, -INFINITY};
    for (const float value : values) {
      left = value > *masked ? united(left, {value, value}) : left;
    }
    return left;
  }

  /// What the tensor's codes stand for, where no mask was added.
  ValueRange unmasked(TensorId id) {
    id = root(id);
    if (is_sum(id)) {
      const Sum sum = *sums_[id];
      const ValueRange scores = unmasked(sum.scores);
      return {scores.low + sum.unmasked.low, scores.high + sum.unmasked.high};
    }
    if (const auto fixed = graph_.fixed_quantisations.find(id);
        fixed != graph_.fixed_quantisations.end()) {
      return ends({fixed->second.scale, static_cast<std::int8_t>(fixed->second.zero_point)});
    }
    ValueRange held = range(id);
    const Node* node = connections_.producer(id);
    if (node != nullptr && !has_range(*node)) {  // a function from -1 to 1, or a concat's parts
      held = united(held, {-1.0F, 1.0F});
      for (const TensorId input : node->inputs) {
        held = is_constant(input) ? held : united(held, unmasked(input));
      }
    }
    return ends(symmetric_[index_of(id)] ? symmetric(held) : affine(held));
  }

  /// What is this far below any row's largest value is nothing.
  float nothing(TensorId input) const {
    const auto row = static_cast<float>(graph_.shape(input).back());
    return maxima_.at(input) - std::log(2.0F * kSteps * row);
  }

  /// Scores that are nothing end there, where the sum alone reads them.
  void raise_scores(TensorId input) {
    float end = nothing(input);
    TensorId id = input;
    while (is_sum(root(id))) {
      const Sum sum = *sums_[root(id)];
      end -= sum.unmasked.high;
      id = sum.scores;
    }
    if (std::isfinite(end)) {
      lows_[id].push_back(end);
    }
  }

  /// Where the sum begins: lower than what is left, by as much as the table reaches. Where an
  /// activation masks, what is left may be lower than it seems.
  float lowest(TensorId input) {
    const float high = std::max(range(root(input)).high, 0.0F);
    const float end = high - kSlack * (high - std::min(unmasked(input).low, high) + kReach);
    bool constants = true;
    for (TensorId id = root(input); is_sum(id); id = root(sums_[id]->scores)) {
      constants = constants && is_constant(sums_[id]->mask);
    }
    return constants ? end : std::min(end, std::max(nothing(input), range(root(input)).low));
  }

  /// The sum begins at `low`, and what masks it goes there.
  void saturate(TensorId id, float low) {
    for (const TensorId alike : unchanged_from(id, connections_)) {
      range(alike).low = low;
    }
    const Sum sum = *sums_[root(id)];
    const float most = std::max(sum.unmasked.high, 0.0F);
    lows_[sum.mask].push_back(kSlack * (low - std::max(unmasked(sum.scores).high, 0.0F) - most));
    if (is_sum(root(sum.scores))) {
      saturate(sum.scores, kSlack * (low - most));
    }
  }

  /// Moves the low ends of what only such sums read, and of what it is moved from.
  void apply() {
    for (const auto& [id, lows] : lows_) {
      const std::vector<TensorId> alike = unchanged_from(id, connections_);
      const bool alone = std::all_of(alike.begin() + 1, alike.end(), [this](TensorId tensor) {
        return connections_.uses(tensor) == 1;
      });
      if (alone && lows.size() == connections_.uses(id)) {
        ValueRange& moved = range(alike.back());
        const float low = std::ranges::min(lows);
        moved.low = is_constant(id) ? low : std::max(moved.low, low);
        moved.high = std::max(moved.high, moved.low);
      }
    }
    lows_.clear();
  }

  const Graph& graph_;
  Connections connections_;
  std::vector<bool> symmetric_;
  const RowMaxima& maxima_;
  std::vector<ValueRange>& ranges_;
  std::map<TensorId, std::optional<Sum>> sums_;  ///< of each tensor that was looked at
  std::map<TensorId, std::vector<float>> lows_;  ///< that suffice, of operands of the sums
};

}  // namespace

FloatObserver observe_rows(const Graph& graph, RowMaxima& maxima, const FloatObserver& next) {
  const Connections connections(graph);
  for (const Node& node : graph.nodes) {
    if (std::holds_alternative<Softmax>(node.operation)) {
      const TensorId sum = unchanged_from(node.inputs.front(), connections).back();
      const Node* producer = connections.producer(sum);
      if (producer != nullptr && adds_before_softmax(*producer, connections)) {
        maxima[node.inputs.front()] = INFINITY;
      }
    }
  }
  return [&](TensorId id, std::span<const float> values) {
    if (const auto found = maxima.find(id); found != maxima.end()) {
      const auto row = static_cast<std::size_t>(graph.shape(id).back());
      for (; values.size() >= row; values = values.subspan(row)) {
        found->second = std::min(found->second, *std::ranges::max_element(values.first(row)));
      }
    }
    if (next) {
      next(id, values);
    }
  };
}

void narrow_masked(const Graph& graph, const RowMaxima& maxima, std::vector<ValueRange>& ranges) {
  if (!grows(graph)) {
    Narrowing(graph, maxima, ranges).run();
  }
}

}  // namespace systol
