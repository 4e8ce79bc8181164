// A Neural Turing Machine (Graves, Wayne and Danihelka, 2014) over a sequence, unrolled: a dense
// controller, a head that writes and one that reads a memory of slots.
#include <fmt/format.h>

#include <array>
#include <vector>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

constexpr Binary kAdds{BinaryFunction::Add};
constexpr Binary kTimes{BinaryFunction::Multiply};
constexpr std::int64_t kShifts = 3;  ///< by one slot back, by none, by one on
/// Before the first step: each value of the memory, so that its rows have a direction.
constexpr float kBlank = 0.1F;
/// log(w) is taken as k (w^(1/k) - 1), which is exact for a k without end: the graph has powers,
/// and no logarithm. Weights begin at the smallest that this k is good for.
constexpr float kLogarithm = 1024.0F;
constexpr float kSmallest = 1e-6F;

struct MemorySize {
  std::int64_t slots = 0;
  std::int64_t width = 0;
};

/// What a head is told by the controller, one after the other in a row.
struct HeadParts {
  TensorId key;       ///< [1][width]
  TensorId strength;  ///< [1][1], and so gate and sharpness
  TensorId gate;
  TensorId shift;  ///< [1][kShifts], which add up to 1
  TensorId sharpness;
};

/// The nodes of one head in one step; their names begin with "step3.read.".
class Head {
 public:
  Head(Layer& layer, std::int64_t step, std::string_view name, const MemorySize& size)
      : layer_(layer), prefix_(fmt::format("step{}.{}.", step, name)), size_(size) {}

  /// Values of the controller's row, from `first` on.
  TensorId part(std::string_view name, TensorId row, std::int64_t first, std::int64_t count) {
    return layer_.slice(prefix_ + std::string(name), row, {0, first}, {1, count});
  }
  TensorId add(std::string_view name, const Operation& operation,
               const std::vector<TensorId>& inputs) {
    return layer_.add(prefix_ + std::string(name), operation, inputs);
  }
  TensorId map(std::string_view name, const Map& map, TensorId x) { return add(name, map, {x}); }
  TensorId linear(std::string_view name, TensorId x, float a, float b) {
    return map(name, {Function::Linear, a, b}, x);
  }

  HeadParts parts(TensorId row, std::int64_t first) {
    const std::int64_t width = size_.width;
    HeadParts parts{};
    parts.key = map("key", Map{Function::Tanh}, part("key.row", row, first, width));
    parts.strength =
        map("strength", Map{Function::Softplus}, part("strength.row", row, first + width, 1));
    parts.gate = map("gate", Map{Function::Sigmoid}, part("gate.row", row, first + width + 1, 1));
    parts.shift = add("shift", Softmax{}, {part("shift.row", row, first + width + 2, kShifts)});
    const TensorId sharp = part("sharpness.row", row, first + width + 2 + kShifts, 1);
    parts.sharpness =
        linear("sharpness", map("sharpness.over", Map{Function::Softplus}, sharp), 1.0F, 1.0F);
    return parts;
  }

  /// Equations 5 to 9 of the paper: [1][slots] weights from those of the step before.
  TensorId weights(const HeadParts& parts, TensorId content, TensorId before) {
    const TensorId away = linear("gate.away", parts.gate, -1.0F, 1.0F);
    const TensorId gated = add("gated", kAdds,
                               {add("gated.content", kTimes, {content, parts.gate}),
                                add("gated.before", kTimes, {before, away})});
    const TensorId moved =
        add("moved", MatMul{},
            {parts.shift,
             add("turns", Concat{0}, {turned(gated, 1), gated, turned(gated, size_.slots - 1)})});
    const TensorId root = map("root", {Function::Power, 1.0F / kLogarithm},
                              linear("root.of", moved, 1.0F, kSmallest));
    const TensorId logarithm = linear("logarithm", root, kLogarithm, -kLogarithm);
    return add("weights", Softmax{}, {add("sharpened", kTimes, {logarithm, parts.sharpness})});
  }

  /// By the cosine of the key and each row of the memory.
  TensorId content(const HeadParts& parts, TensorId memory) {
    const TensorId products = add("likeness", MatMul{true}, {parts.key, memory});
    const TensorId by_key = add("likeness.key", kTimes, {products, over_length("key", parts.key)});
    const TensorId lengths =
        layer_.reshape(prefix_ + "memory.row", over_length("memory", memory), {1, size_.slots});
    const TensorId cosine = add("cosine", kTimes, {by_key, lengths});
    return add("content", Softmax{}, {add("content.of", kTimes, {cosine, parts.strength})});
  }

 private:
  /// Each value `places` slots further back, around the end.
  TensorId turned(TensorId weights, std::int64_t places) {
    const std::string name = prefix_ + fmt::format("turn{}", places);
    const TensorId last =
        layer_.slice(name + ".end", weights, {0, places}, {1, size_.slots - places});
    const TensorId first = layer_.slice(name + ".begin", weights, {0, 0}, {1, places});
    return layer_.add(name, Concat{1}, {last, first});
  }
  /// One over the length of each row.
  TensorId over_length(const std::string& name, TensorId rows) {
    const TensorId squares = map(name + ".squares", {Function::Power, 2.0F}, rows);
    const TensorId sums = linear(name + ".sums", add(name + ".means", Mean{}, {squares}),
                                 static_cast<float>(size_.width), 1e-6F);
    return map(name + ".over", {Function::Power, -0.5F}, sums);
  }

  Layer& layer_;
  std::string prefix_;
  MemorySize size_;
};

/// All steps.
class Machine {
 public:
  Machine(Layer& layer, const MemorySize& size, std::int64_t controller)
      : layer_(layer), size_(size), controller_(controller) {
    std::vector<float> first(static_cast<std::size_t>(size.slots));
    first.front() = 1.0F;
    read_weights_ = write_weights_ = layer.constant("first", {1, size.slots}, first);
  }

  /// Rows of the controller and of what is read, side by side.
  TensorId run() {
    const TensorId inputs = layer_.dense("input", layer_.input(), controller_, true);
    for (std::int64_t step = 0; step < layer_.shape()[0]; ++step) {
      rows_.push_back(
          next(step, layer_.slice(name(step, "input"), inputs, {step, 0}, {1, controller_})));
    }
    return rows_.size() == 1 ? rows_.front() : layer_.add("rows", Concat{0}, rows_);
  }

 private:
  static std::string name(std::int64_t step, std::string_view part) {
    return fmt::format("step{}.{}", step + 1, part);
  }

  TensorId next(std::int64_t step, TensorId sums) {
    if (step > 0) {
      const TensorId back = layer_.add(name(step, "recalled"), MatMul{},
                                       {read_, weights("recalled", size_.width, controller_)});
      sums = layer_.add(name(step, "sums"), kAdds, {sums, back});
    }
    const TensorId hidden = layer_.add(name(step, "controller"), Map{Function::Tanh}, {sums});
    const TensorId told = layer_.add(
        name(step, "heads"), MatMul{},
        {hidden, weights("heads", controller_, 2 * head_size() + 2 * size_.width), bias()});
    write(step, told);
    Head head(layer_, step + 1, "read", size_);
    const HeadParts parts = head.parts(told, 0);
    read_weights_ = head.weights(parts, head.content(parts, memory_), read_weights_);
    read_ = head.add("row", MatMul{}, {read_weights_, memory_});
    return layer_.add(name(step, "row"), Concat{1}, {hidden, read_});
  }

  /// Equations 3 and 4.
  void write(std::int64_t step, TensorId told) {
    Head head(layer_, step + 1, "write", size_);
    const HeadParts parts = head.parts(told, head_size());
    // All rows of a blank memory are alike.
    const TensorId content =
        step > 0 ? head.content(parts, memory_)
                 : layer_.constant("alike", {1, size_.slots},
                                   std::vector<float>(static_cast<std::size_t>(size_.slots),
                                                      1.0F / static_cast<float>(size_.slots)));
    write_weights_ = head.weights(parts, content, write_weights_);
    const std::int64_t first = 2 * head_size();
    const TensorId erased = head.map("erased", Map{Function::Sigmoid},
                                     head.part("erased.row", told, first, size_.width));
    const TensorId added = head.map("added", Map{Function::Tanh},
                                    head.part("added.row", told, first + size_.width, size_.width));
    const TensorId slots = head.add("slots", Reshape{{size_.slots, 1}}, {write_weights_});
    const TensorId kept =
        head.linear("kept", head.add("erases", kTimes, {slots, erased}), -1.0F, 1.0F);
    const TensorId left = step > 0 ? head.add("left", kTimes, {memory_, kept})
                                   : head.linear("left", kept, kBlank, 0.0F);
    memory_ = head.add("memory", kAdds, {left, head.add("adds", kTimes, {slots, added})});
  }

  /// Weights that all steps have.
  TensorId weights(std::string_view part, std::int64_t inputs, std::int64_t outputs) {
    TensorId& known = part == "heads" ? heads_ : recalled_;
    if (known == kNone) {
      known = layer_.constant(fmt::format("{}.weights", part), {inputs, outputs});
    }
    return known;
  }
  TensorId bias() {
    if (bias_ == kNone) {
      bias_ = layer_.constant("heads.bias", {2 * head_size() + 2 * size_.width});
    }
    return bias_;
  }
  std::int64_t head_size() const { return size_.width + 3 + kShifts; }

  static constexpr TensorId kNone{~0U};
  Layer& layer_;
  MemorySize size_;
  std::int64_t controller_;
  TensorId heads_ = kNone;
  TensorId recalled_ = kNone;
  TensorId bias_ = kNone;
  TensorId memory_ = kNone;
  TensorId read_ = kNone;
  TensorId read_weights_ = kNone;
  TensorId write_weights_ = kNone;
  std::vector<TensorId> rows_;
};

}  // namespace

void read_ntm(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "ntm", {"units", "controller", "slots", "width", "answers"});
  if (layer.sequence()[0] > kMaxSteps) {
    layer.fail(fmt::format("a sequence of {} steps; at most {} are supported", layer.shape()[0],
                           kMaxSteps));
  }
  const std::int64_t units = layer.map().required("units").integer(1, kMaxUnits);
  const std::int64_t controller = layer.map().required("controller").integer(1, kMaxUnits);
  const MemorySize size{layer.map().required("slots").integer(kShifts, kMaxUnits),
                        layer.map().required("width").integer(1, kMaxUnits)};
  const std::int64_t length = layer.shape()[0];
  const std::int64_t answers = layer.integer("answers", 1, length, length);
  TensorId rows = Machine(layer, size, controller).run();
  if (answers < length) {
    rows = layer.slice("answers", rows, {length - answers, 0}, {answers, controller + size.width});
  }
  layer.finish(layer.dense("", rows, units, true));
}

}  // namespace systol
