#include "host/session/prepared.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "host/compile/steps.h"
#include "host/graph/verify.h"
#include "host/graph/work.h"
#include "host/import/limits.h"
#include "host/import/synthetic.h"
#include "host/quantise/noise.h"
#include "host/quantise/quantise.h"
#include "host/quantise/states.h"
#include "host/session/node_progress.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kCalibrationSamples = 256;
/// Fewer samples calibrate a network of very many multiplications: as many as these allow in all.
constexpr std::uint64_t kSyntheticBudget = std::uint64_t{1} << 32;
constexpr std::uint64_t kFileBudget = std::uint64_t{1} << 36;
constexpr std::size_t kLeastFromFile = 16;

/// Made once, by whoever asks first.
template <class Value>
class Once {
 public:
  template <class Make>
  const Value& get(Make&& make) {
    std::call_once(flag_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  std::once_flag flag_;
  std::optional<Value> value_;
};

/// Empty where nobody listens.
FloatObserver seen_by(NodeProgress& step, const Progress& progress) {
  if (!progress) {
    return {};
  }
  return [&step](TensorId id, std::span<const float> values) { step.computed(id, values); };
}

void check_samples(const Graph& graph, const Samples& samples) {
  const std::size_t width = graph.input_size();
  const auto fail = [&](const std::string& problem) {
    throw InputError(fmt::format("{}: {}", graph.place(), problem));
  };
  if (samples.count == 0 || samples.count > std::numeric_limits<std::uint32_t>::max()) {
    fail(fmt::format("{} samples; allowed: 1 to {}", samples.count,
                     std::numeric_limits<std::uint32_t>::max()));
  }
  if (!samples.values.empty() && samples.values.size() != samples.count * width) {
    fail(fmt::format("{} samples of {} values are {} values; {} are given", samples.count, width,
                     samples.count * width, samples.values.size()));
  }
  if (samples.calibration.size() % width != 0) {
    fail(fmt::format("{} values calibrate; allowed: a multiple of the {} of a sample",
                     samples.calibration.size(), width));
  }
  const double percentile = samples.method.percentile;
  if (!(percentile > 50 && percentile <= 100)) {
    fail(fmt::format("a percentile of {}; allowed: above 50, at most 100", percentile));
  }
  if (!samples.labels.empty() && samples.labels.size() != samples.count) {
    fail(fmt::format("{} labels for {} samples; allowed: none, or one for each",
                     samples.labels.size(), samples.count));
  }
}

}  // namespace

/// What depends on the bits of the weights.
struct Prepared::Quantised {
  Once<std::shared_ptr<const QuantGraph>> graph;
  Once<std::vector<std::int8_t>> input;
  Once<IntegerResult> expected;
  Once<std::vector<std::optional<double>>> signal_to_noise;
};

struct Prepared::State {
  std::shared_ptr<const Graph> graph;
  Samples samples;
  Once<std::shared_ptr<const Graph>> with_values;
  Once<std::vector<float>> values;
  std::array<Quantised, isa::kPeTypes> by_pe;
  Once<FloatResult> scores;

  std::shared_ptr<const Graph> filled_graph(const Progress& progress) {
    return with_values.get([this, &progress]() -> std::shared_ptr<const Graph> {
      check_values(*graph, samples.count);
      if (graph->has_values()) {
        return graph;
      }
      // It is quantised as it is then, without a second copy of its weights.
      auto filled = std::make_shared<Graph>(*quantisable(graph));
      ConstantProgress step(*filled, progress);
      make_up_constants(*filled, [&step](std::size_t node) { step.filled(node); });
      return filled;
    });
  }

  const std::vector<float>& sample_values() {
    if (!samples.values.empty()) {
      return samples.values;
    }
    return values.get([this] {
      check_values(*graph, samples.count);
      return synthetic_inputs(*graph, samples.count, graph->seed);
    });
  }

  std::shared_ptr<const QuantGraph> quantise_graph(isa::PeType pe, const Progress& progress) {
    const std::size_t width = graph->input_size();
    if (samples.calibrate_with > 0) {
      const std::size_t rows = std::min(
          {samples.calibrate_with, samples.count, calibration_rows(kFileBudget, kLeastFromFile)});
      return quantise_with(std::span(sample_values()).first(rows * width), pe, progress);
    }
    if (samples.calibration.empty()) {
      const std::size_t rows = calibration_rows(kSyntheticBudget, 1);
      return quantise_with(synthetic_inputs(*graph, rows, graph->seed + 1), pe, progress);
    }
    const std::size_t rows =
        std::min(samples.calibration.size() / width, calibration_rows(kFileBudget, kLeastFromFile));
    return quantise_with(std::span(samples.calibration).first(rows * width), pe, progress);
  }

  /// As many as `budget` multiplications allow, at least `least`.
  std::size_t calibration_rows(std::uint64_t budget, std::size_t least) const {
    const std::uint64_t macs = std::max<std::uint64_t>(1, total_work(*graph).macs);
    return std::clamp<std::size_t>(budget / macs, least, kCalibrationSamples);
  }

  std::shared_ptr<const QuantGraph> quantise_with(std::span<const float> calibration,
                                                  isa::PeType pe, const Progress& progress) {
    const std::size_t rows = calibration.size() / graph->input_size();
    const auto filled = filled_graph(progress);
    NodeProgress step(*filled, rows, "calibrating", progress);
    return std::make_shared<QuantGraph>(
        quantise(filled, calibration, rows, samples.method, seen_by(step, progress),
                 isa::describe(pe).weight_bits, isa::is_sparse(pe)));
  }

  FloatResult run_in_floating_point(const Progress& progress) {
    const auto filled = filled_graph(progress);
    NodeProgress step(*filled, samples.count, "computing in floating point", progress);
    return run_float(*filled, sample_values(), samples.count, seen_by(step, progress));
  }
};

const Graph& Prepared::graph() const { return *state_->graph; }

std::shared_ptr<const Graph> Prepared::shared_graph() const { return state_->graph; }

const Samples& Prepared::samples() const { return state_->samples; }

const std::vector<float>& Prepared::sample_values() const { return state_->sample_values(); }

Prepared Prepared::for_pes(isa::PeType pe) const {
  Prepared other(*this);
  other.pe_ = isa::is_packed(pe)  ? pe
              : isa::is_signs(pe) ? isa::PeType::Binary  // the same weights
                                  : isa::PeType::Int8;
  return other;
}

Prepared::Quantised& Prepared::quantised_state() const {
  return state_->by_pe[static_cast<std::size_t>(pe_)];
}

std::shared_ptr<const QuantGraph> Prepared::quantised(const Progress& progress) const {
  return quantised_state().graph.get([&] { return state_->quantise_graph(pe_, progress); });
}

const std::vector<std::int8_t>& Prepared::input() const {
  return quantised_state().input.get(
      [this] { return quantise_inputs(*quantised(), state_->sample_values()); });
}

const IntegerResult& Prepared::expected(unsigned threads, const Progress& progress) const {
  return quantised_state().expected.get([&] {
    const QuantGraph& graph = *quantised(progress);
    NodeProgress step(*graph.graph, samples().count, "computing the expected values", progress);
    IntegerObserver seen;
    if (progress) {
      seen = [&step](TensorId id, std::size_t rows) { step.computed(id, rows); };
    }
    return run_integer(graph, input(), samples().count, threads, seen);
  });
}

const FloatResult& Prepared::scores(const Progress& progress) const {
  return state_->scores.get([&] { return state_->run_in_floating_point(progress); });
}

const std::vector<std::optional<double>>& Prepared::signal_to_noise(
    unsigned threads, const Progress& progress) const {
  return quantised_state().signal_to_noise.get([&] {
    const QuantGraph& graph = *quantised(progress);
    QuantisationNoise noise(graph, expected(threads, progress));
    NodeProgress step(*graph.graph, samples().count, "computing in floating point", progress);
    const FloatObserver computed = seen_by(step, progress);
    FloatResult floating = run_float(*graph.graph, state_->sample_values(), samples().count,
                                     [&](TensorId id, std::span<const float> values) {
                                       noise.add(id, values);
                                       if (computed) {
                                         computed(id, values);
                                       }
                                     });
    state_->scores.get([&] { return std::move(floating); });
    return noise.decibels();
  });
}

Samples synthetic_samples(std::size_t count) {
  Samples samples;
  samples.count = count;
  return samples;
}

Prepared prepare(Graph model, Samples samples) {
  verify(model);
  // What a state becomes is a node's result, which may be another input or state in the model.
  const auto graph = with_own_next_values(std::make_shared<const Graph>(std::move(model)));
  steps_of(*graph);  // what the machine cannot run is refused before anything is computed
  check_samples(*graph, samples);
  auto state = std::make_shared<Prepared::State>();
  state->graph = graph;
  state->samples = std::move(samples);
  if (state->samples.how.empty()) {
    state->samples.how = fmt::format("synthetic input, seed {}", state->graph->seed);
  }
  return Prepared(std::move(state));
}

}  // namespace systol
