#include <nlohmann/json.hpp>
#include <optional>

#include "host/account/energy.h"
#include "host/report/version.h"
#include "host/train/training_report.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

template <class Names, class Value>
std::string name_in(const Names& names, Value value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

Json settings_json(const TrainingSettings& settings) {
  return {{"loss", name_in(kLossNames, settings.loss)},
          {"optimiser", name_in(kOptimiserNames, settings.optimiser.kind)},
          {"momentum", settings.optimiser.momentum},
          {"learning_rate", settings.schedule.rate},
          {"schedule", name_in(kScheduleNames, settings.schedule.kind)},
          {"epochs", settings.epochs},
          {"batch", settings.batch},
          {"seed", settings.seed},
          {"shuffled", settings.shuffle},
          {"precision", name_in(kPrecisionNames, settings.precision)},
          {"distance_rule", name_in(kDistanceRuleNames, settings.distances)},
          {"fixed", settings.fixed}};
}

Json epochs_json(const TrainingReport& report, const TrainingRun& run) {
  Json epochs = Json::array();
  const History& history = run.history;
  for (std::uint64_t epoch = 0; epoch * run.steps_per_epoch < history.steps.size(); ++epoch) {
    const EpochSummary summary = summary_of(history, epoch, run.steps_per_epoch);
    Json row{{"epoch", epoch + 1}, {"steps", summary.steps}, {"loss", summary.loss}};
    if (report.labelled) {
      row["accuracy"] = summary.accuracy;
    }
    if (epoch < history.tests.size()) {
      const TestRecord& test = history.tests[epoch];
      row["test_loss"] = test.loss;
      if (report.labelled) {
        row["test_accuracy"] = static_cast<double>(test.correct) / test.samples;
      }
    }
    epochs.push_back(std::move(row));
  }
  return epochs;
}

Json work_json(const TrainingCost& cost, const ArrayWork& work) {
  Json json{{"cycles", work.cycles().count()},
            {"seconds", cost.time(work)},
            {"macs", work.macs()},
            {"utilisation", cost.utilisation(work)}};
  if (const std::optional<Picojoules> energy = cost.energy(work)) {
    json["energy_pj"] = energy->count();
  }
  return json;
}

Json products_json(const std::vector<StepMatmul>& matmuls) {
  Json json = Json::array();
  for (const StepMatmul& matmul : matmuls) {
    json.push_back({{"rows", matmul.shape.rows},
                    {"depth", matmul.shape.depth},
                    {"columns", matmul.shape.columns},
                    {"count", matmul.products}});
  }
  return json;
}

Json vector_json(const TrainingCost& cost, const VectorWork& work) {
  Json json{{"operations", work.operations},
            {"read_bytes", work.read_bytes},
            {"written_bytes", work.written_bytes},
            {"cycles", work.cycles.count()},
            {"seconds", cost.time(work)}};
  if (const std::optional<Picojoules> energy = cost.energy(work)) {
    json["energy_pj"] = energy->count();
  }
  return json;
}

/// What is no product: a closed form.
Json vector_json(const TrainingCost& cost, const StepCounts& counts) {
  const VectorParts& step = cost.steps.front().vector;
  const VectorParts all = cost.vector(counts);
  Json json{{"simulated", false},
            {"step", vector_json(cost, total(step))},
            {"all", vector_json(cost, total(all))},
            {"parts", Json::array()}};
  for (std::size_t part = 0; part < step.size(); ++part) {
    json["parts"].push_back({{"part", kVectorPartNames[part]},
                             {"step", vector_json(cost, step[part])},
                             {"all", vector_json(cost, all[part])}});
  }
  return json;
}

Json cost_json(const TrainingCost& cost, const History& history) {
  const StepCounts counts = cost.counts(history);
  Json json = work_json(cost, cost.total(counts));
  json["vector"] = vector_json(cost, counts);
  json["layers"] = Json::array();
  for (const LayerCost& layer : cost.layers(counts)) {
    json["layers"].push_back({{"layer", layer.layer},
                              {"matmul", name_in(kStepPartNames, layer.part)},
                              {"products", products_json(layer.matmuls)},
                              {"step", work_json(cost, layer.step)},
                              {"all", work_json(cost, layer.all)}});
  }
  json["steps"] = Json::array();
  for (std::size_t i = 0; i < cost.steps.size(); ++i) {
    Json step{{"samples", cost.steps[i].samples}, {"count", counts[i]}};
    step.update(work_json(cost, cost.steps[i].total()));
    step["vector"] = vector_json(cost, total(cost.steps[i].vector));
    json["steps"].push_back(std::move(step));
  }
  return json;
}

/// What each step took, beside its loss.
void add_step_costs(Json& json, const TrainingCost& cost, const History& history) {
  json["step_cycles"] = Json::array();
  if (cost.table) {
    json["step_energy_pj"] = Json::array();
  }
  std::vector<ArrayWork> of_kind;
  for (const StepCost& step : cost.steps) {
    of_kind.push_back(step.total());
  }
  for (const StepRecord& record : history.steps) {
    const ArrayWork& work = of_kind[cost.kind_of(record.samples)];
    json["step_cycles"].push_back(work.cycles().count());
    if (const std::optional<Picojoules> energy = cost.energy(work)) {
      json["step_energy_pj"].push_back(energy->count());
    }
  }
}

Json array_json(const TrainingCost& cost) {
  const ArrayConfig& array = cost.array;
  Json json{{"name", array.name},
            {"rows", array.rows},
            {"columns", array.columns},
            {"pe", isa::describe(array.pe).name},
            {"clock_hz", array.clock.count()}};
  if (cost.table) {
    json["energy_table"] = cost.table->name;
    json["operand_basis"] = operand_basis(array, *cost.table, std::nullopt);
  }
  return json;
}

Json weights_json(const std::vector<WeightHistogram>& histograms) {
  Json json = Json::array();
  for (const WeightHistogram& histogram : histograms) {
    json.push_back({{"name", histogram.name},
                    {"low", histogram.low},
                    {"high", histogram.high},
                    {"counts", histogram.counts},
                    {"mean", histogram.mean},
                    {"deviation", histogram.deviation},
                    {"excess_kurtosis", histogram.excess_kurtosis}});
  }
  return json;
}

Json run_json(const TrainingReport& report, const TrainingRun& run) {
  Json losses = Json::array();
  Json rates = Json::array();
  for (const StepRecord& step : run.history.steps) {
    losses.push_back(step.loss);
    rates.push_back(step.rate);
  }
  Json json{{"settings", settings_json(run.settings)},
            {"steps_per_epoch", run.steps_per_epoch},
            {"diverged", run.diverged.empty() ? Json(nullptr) : Json(run.diverged)},
            {"epochs", epochs_json(report, run)},
            {"step_losses", std::move(losses)},
            {"step_learning_rates", std::move(rates)},
            {"weights", weights_json(run.weights)}};
  if (report.cost) {
    json["cost"] = cost_json(*report.cost, run.history);
    add_step_costs(json, *report.cost, run.history);
  }
  return json;
}

Json runs_json(const TrainingReport& report) {
  Json runs = Json::array();
  for (const TrainingRun& run : report.runs) {
    runs.push_back(run_json(report, run));
  }
  return runs;
}

}  // namespace

std::string report_json(const TrainingReport& report) {
  Json json{{"schema", {{"name", "systol.training"}, {"version", 1}}},
            {"systol", kVersion},
            {"command", report.command_line},
            {"label", report.label.empty() ? report.model : report.label},
            {"model", report.model},
            {"parameters", report.parameters},
            {"samples", report.samples},
            {"input", report.how},
            {"test_samples", report.test_samples},
            {"where", where_it_runs(report.runs.front().settings.precision)}};
  if (report.cost) {
    json["array"] = array_json(*report.cost);
  }
  json["runs"] = runs_json(report);
  for (const TrainingReport& adversary : report.adversary) {
    json["adversary"] = {{"model", adversary.model},
                         {"parameters", adversary.parameters},
                         {"runs", runs_json(adversary)}};
  }
  for (const Recall& recall : report.recalls) {
    json["recall"].push_back({{"length", recall.length},
                              {"sequences", recall.sequences},
                              {"sequences_right", recall.whole},
                              {"bits", recall.bits},
                              {"bits_right", recall.right}});
  }
  return json.dump(2) + "\n";
}

}  // namespace systol
