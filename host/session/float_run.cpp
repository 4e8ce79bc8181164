#include "host/session/float_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "host/compile/pe_check.h"
#include "host/import/limits.h"
#include "host/import/synthetic.h"
#include "host/session/array_product.h"
#include "host/session/command_times.h"
#include "host/session/node_progress.h"
#include "host/session/results.h"
#include "host/train/batch_graph.h"
#include "host/train/graph_executor.h"
#include "host/train/step_matmuls.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// A network for so many samples, in products and what the host computes.
TrainingGraph forward_of(const Graph& network, std::size_t samples) {
  try {
    return forward_graph(network, Loss::MeanSquaredError, static_cast<std::int64_t>(samples));
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{} (PEs of floating-point numbers run what training computes)", error.what()));
  }
}

/// Of all tensors that are computed, in memory at once.
void check_memory(const TrainingGraph& forward, const Graph& network) {
  constexpr double kMost = 1ULL << 32;  // bytes
  const std::vector<bool> needed = needed_tensors(forward.graph);
  double bytes = 0;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      bytes += 4.0 * static_cast<double>(elements(forward.graph.tensors[i].shape));
    }
  }
  if (bytes > kMost) {
    throw InputError(fmt::format(
        "{}: {} samples at a time have tensors of {:.1f} GiB on the host; allowed: at most {:.0f} "
        "GiB, with a --batch of {} or fewer",
        network.place(), forward.batch, bytes / (1 << 30), kMost / (1 << 30),
        std::max(1.0, static_cast<double>(forward.batch) * kMost / bytes)));
  }
}

std::vector<std::string> layers_of(const std::vector<StepMatmul>& matmuls) {
  std::vector<std::string> layers;
  for (const StepMatmul& matmul : matmuls) {
    if (std::ranges::find(layers, matmul.layer) == layers.end()) {
      layers.push_back(matmul.layer);
    }
  }
  return layers;
}

/// What the host computes, with commas.
std::string host_work(const Graph& network) {
  std::set<std::string_view> host;
  bool windows = false;
  bool biases = false;
  for (const Node& node : network.nodes) {
    const bool convolution = std::holds_alternative<Convolution>(node.operation);
    const bool sums = convolution || std::holds_alternative<MatMul>(node.operation);
    windows = windows || convolution;
    biases = biases || (sums && node.inputs.size() > 2);
    if (!sums) {
      host.insert(name_of(node.operation));
    }
  }
  std::vector<std::string_view> names(host.begin(), host.end());
  if (biases) {
    names.insert(names.begin(), "biases");
  }
  if (windows) {
    names.insert(names.begin(), "gathering the values of windows");
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The model's graph; with made-up values where it has none.
std::shared_ptr<const Graph> with_values(const Prepared& prepared, const Progress& progress) {
  if (prepared.graph().has_values()) {
    return prepared.shared_graph();
  }
  check_values(prepared.graph(), prepared.samples().count);
  auto filled = std::make_shared<Graph>(prepared.graph());
  ConstantProgress step(*filled, progress);
  fill_constants(*filled, [&step](std::size_t node) { step.filled(node); });
  return filled;
}

class FloatRun {
 public:
  FloatRun(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine,
           const RunOptions& options, const Progress& progress)
      : prepared_(prepared),
        config_(config),
        engine_(engine),
        options_(options),
        progress_(progress),
        values_(has_values(engine)),
        network_(values_ ? with_values(prepared, progress) : prepared.shared_graph()),
        table_(options.energy_tables != nullptr ? options.energy_tables->of(config)
                                                : load_energy_table(config)) {
    check_memories(config, table_);
    refuse_records();
    check_pes(*network_, steps_of(*network_).steps, config);
    const std::size_t count = prepared.samples().count;
    batch_ =
        std::min<std::size_t>(options.batch.value_or(static_cast<std::uint32_t>(count)), count);
    if (batch_ == 0) {
      throw InputError(
          fmt::format("{}: a batch of 0 samples; allowed: 1 or more", network_->place()));
    }
  }

  RunReport report() {
    describe();
    const std::unique_ptr<Device> device = make_engine(engine_, config_, progress_);
    run_on(*device);
    if (values_) {
      add_output();
    }
    end_report(prepared_, *device, values_ && options_.scores, progress_, report_);
    return std::move(report_);
  }

 private:
  void refuse_records() const {
    const auto* clocked = std::get_if<ClockedEngine>(&engine_);
    if (std::holds_alternative<WindowedEngine>(engine_) || (clocked != nullptr && clocked->wave)) {
      throw InputError(fmt::format(
          "{}: a wave records one program, and on PEs of floating-point numbers each product is "
          "one of its own; allowed: a wave of a program (FILE.tpu)",
          network_->place()));
    }
    if (options_.tensors) {
      throw InputError(fmt::format(
          "{}: saved tensors are those that the machine stores in int8; allowed: an array with "
          "'pe: int8'",
          network_->place()));
    }
  }

  void run_on(Device& device) {
    const TrainingGraph forward = forward_of(*network_, batch_);
    const std::vector<StepMatmul> matmuls = step_matmuls(forward);
    if (matmuls.empty()) {
      throw InputError(fmt::format(
          "{}: no layer of it multiplies, and PEs of floating-point numbers are given products "
          "alone "
          "('pe: {}'); allowed: a network with a dense layer or a convolution, or an array with "
          "'pe: int8'",
          network_->place(), isa::describe(config_.pe).name));
    }
    names_ = layers_of(matmuls);
    CommandTimes times;
    WaitTally waits(names_.size());
    Observers observers;
    for (RunObserver* observer : options_.observers) {
      observer->begin_run(names_);
      observers.add(observer);
    }
    if (options_.command_times) {
      observers.add(&times);
    }
    if (std::holds_alternative<FastEngine>(engine_)) {
      observers.add(&waits);
    }
    ArrayProduct product(config_, device, names_, observers.empty() ? nullptr : &observers,
                         values_ && options_.check, options_.threads);
    product.show_products(options_.product);
    run_all(forward, product);
    if (!std::holds_alternative<FastEngine>(engine_)) {
      walk(forward, waits);
    }
    account_products(product.result(), matmuls, waits);
    report_.check = product.check();
    report_.command_times = times.take();
  }

  /// So many times the samples of the graph, from the sample `first` on.
  void run_passes(const TrainingGraph& forward, std::size_t first, std::size_t passes,
                  ArrayProduct& product) {
    if (!values_) {
      for (std::size_t pass = 0; pass < passes; ++pass) {
        run_shapes(forward, product);
      }
      return;
    }
    check_memory(forward, *network_);
    GraphExecutor executor(forward.graph, product);
    give_parameters(forward, executor);
    const auto samples = static_cast<std::size_t>(forward.batch);
    const std::size_t inputs = network_->input_size();
    for (std::size_t pass = 0; pass < passes; ++pass, first += samples) {
      std::copy_n(&prepared_.sample_values()[first * inputs], samples * inputs,
                  executor.input(forward.input).begin());
      executor.run([&](const Node& node) { begin(forward, node, first, product); });
      const std::span<const float> scores = executor.values(forward.scores);
      output_.insert(output_.end(), scores.begin(), scores.end());
    }
  }

  void run_shapes(const TrainingGraph& forward, ArrayProduct& product) {
    for (const StepMatmul& matmul : step_matmuls(forward)) {
      product.begin_node(number_of(matmul.layer));
      for (std::uint64_t i = 0; i < matmul.products; ++i) {
        product.multiply({matmul.shape.rows, matmul.shape.depth, matmul.shape.columns,
                          matmul.shape.b_transposed});
      }
    }
  }

  void give_parameters(const TrainingGraph& forward, GraphExecutor& executor) const {
    const std::vector<TensorId> parameters = parameters_of(*network_);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      std::ranges::copy(network_->constant(parameters[i])->values,
                        executor.input(forward.parameters[i]).begin());
    }
  }

  /// A node of the graph computes something, for the samples from `first` on.
  void begin(const TrainingGraph& forward, const Node& node, std::size_t first,
             ArrayProduct& product) {
    const auto index = static_cast<std::size_t>(&node - forward.graph.nodes.data());
    if (!std::holds_alternative<MatMul>(node.operation)) {
      return;
    }
    const std::size_t number = number_of(forward.origins[index].layer);
    product.begin_node(number);
    if (progress_) {
      const double layers = static_cast<double>(number) / static_cast<double>(names_.size());
      const double done =
          (static_cast<double>(first) + layers * static_cast<double>(forward.batch)) /
          static_cast<double>(prepared_.samples().count);
      progress_({"simulating", ProgressPosition{number + 1, names_.size(), names_[number],
                                                product.result().cycles, done}});
    }
  }

  std::size_t number_of(const std::string& layer) const {
    return static_cast<std::size_t>(std::ranges::find(names_, layer) - names_.begin());
  }

  /// The same commands at the same times, without a clock.
  void walk(const TrainingGraph& forward, WaitTally& waits) {
    const bool had_values = std::exchange(values_, false);
    FastEngine engine;
    engine.values = false;
    const std::unique_ptr<Device> device = make_engine(engine, config_);
    ArrayProduct product(config_, *device, names_, &waits, false, 1);
    run_all(forward, product);
    values_ = had_values;
  }

  void run_all(const TrainingGraph& forward, ArrayProduct& product) {
    const std::size_t count = prepared_.samples().count;
    run_passes(forward, 0, count / batch_, product);
    if (count % batch_ != 0) {
      run_passes(forward_of(*network_, count % batch_), count / batch_ * batch_, 1, product);
    }
  }

  void describe() {
    report_.engine = name_of(engine_);
    report_.model = network_->name;
    report_.input = prepared_.samples().how;
    report_.array = config_;
    report_.samples = prepared_.samples().count;
    report_.batch = batch_;
    report_.notes = network_->notes;
    report_.on_host = host_work(*network_);
    report_.notes.emplace_back(
        "on the array: products of bf16, summed in fp32, one after another, each from memory to "
        "memory");
    if (!report_.on_host.empty()) {
      report_.notes.push_back("on the host, in float32, in no cycle and no energy: " +
                              report_.on_host);
    }
    if (!values_) {
      report_.notes.emplace_back("time and traffic only: outputs are not computed");
    }
  }

  NodeReport node_report(std::size_t number, const std::vector<StepMatmul>& matmuls,
                         const NodeResult& result) const {
    NodeReport node;
    node.name = names_[number];
    const auto of_network = std::ranges::find(network_->nodes, node.name, &Node::name);
    node.operation = name_of(of_network->operation);
    for (const StepMatmul& matmul : matmuls) {
      if (matmul.layer == node.name) {
        node.m += matmul.products * matmul.shape.rows * report_.samples / batch_;
        node.n = matmul.shape.columns;
        node.k = matmul.shape.depth;
        node.fed_depth = node.k;
      }
    }
    node.ledger = result.ledger;
    node.activity = result.activity;
    node.sum_toggles = result.sum_toggles;
    node.energy =
        account({result.activity, duration_of(result.ledger), result.sum_toggles}, config_, table_);
    return node;
  }

  void account_products(const RunResult& result, const std::vector<StepMatmul>& matmuls,
                        const WaitTally& waits) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      report_.nodes.push_back(node_report(i, matmuls, result.nodes[i]));
      report_.nodes.back().waits = waits.nodes()[i];
    }
    const std::uint64_t values = isa::value_bytes(config_.pe) * network_->input_size() +
                                 isa::result_bytes(config_.pe) * network_->output_size();
    report_.end_bytes = report_.samples * values;
    account_run(result, config_, table_, report_);
  }

  void add_output() {
    OutputValues output;
    output.name = network_->tensor(network_->outputs.front()).name;
    output.shape = network_->shape(network_->outputs.front());
    output.columns = network_->output_size();
    output.values = std::move(output_);
    report_.outputs.push_back(std::move(output));
  }

  const Prepared& prepared_;
  const ArrayConfig& config_;
  const EngineSpec& engine_;
  const RunOptions& options_;
  const Progress& progress_;
  bool values_;
  std::shared_ptr<const Graph> network_;  ///< with its values, if they are computed with
  EnergyTable table_;
  std::size_t batch_ = 0;
  std::vector<std::string> names_;  ///< of the nodes that multiply
  std::vector<float> output_;
  RunReport report_;
};

}  // namespace

RunReport run_floats(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine,
                     const RunOptions& options, const Progress& progress) {
  return FloatRun(prepared, config, engine, options, progress).report();
}

}  // namespace systol
