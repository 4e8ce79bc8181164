#include "host/training_page/shown_run.h"

#include <fmt/format.h>

#include "host/training_page/json_value.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 28;
constexpr std::size_t kMostBins = 10'000;

/// A page has a name in many places: of a long one the beginning, and how much it leaves out.
std::string shown(const std::string& text) {
  constexpr std::size_t kMostShown = 120;
  if (text.size() <= kMostShown) {
    return text;
  }
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;  // within a character of UTF-8
  }
  return fmt::format("{}... ({} bytes more)", text.substr(0, end), text.size() - end);
}

WeightHistogram histogram_of(const JsonValue& json) {
  WeightHistogram histogram;
  histogram.name = shown(json.at("name").text());
  histogram.low = json.at("low").number();
  histogram.high = json.at("high").number();
  const std::vector<JsonValue> counts = json.at("counts").list();
  if (counts.empty() || counts.size() > kMostBins) {
    json.at("counts").fail(fmt::format("1 to {} counts", kMostBins));
  }
  for (const JsonValue& count : counts) {
    histogram.counts.push_back(count.count());
  }
  histogram.mean = json.at("mean").number();
  histogram.deviation = json.at("deviation").number();
  histogram.excess_kurtosis = json.at("excess_kurtosis").number();
  return histogram;
}

void add_cost(const JsonValue& json, ShownRun& run) {
  if (const std::optional<JsonValue> cost = json.find("cost")) {
    run.cycles = cost->at("cycles").count();
    run.seconds = cost->at("seconds").number();
    run.picojoules = cost->number_of("energy_pj");
  }
}

ShownRun run_of(const JsonValue& json) {
  ShownRun run;
  run.rate = rate_text(json.at("settings").at("learning_rate").number());
  if (const std::optional<JsonValue> diverged = json.find("diverged")) {
    run.diverged = shown(diverged->text());
  }
  for (const JsonValue& loss : json.at("step_losses").list()) {
    run.loss.push_back(loss.number());
  }
  for (const JsonValue& epoch : json.at("epochs").list()) {
    run.epochs.push_back({epoch.at("loss").number(), epoch.number_of("accuracy"),
                          epoch.number_of("test_loss"), epoch.number_of("test_accuracy")});
  }
  if (const std::optional<JsonValue> weights = json.find("weights")) {
    for (const JsonValue& histogram : weights->list()) {
      run.weights.push_back(histogram_of(histogram));
    }
  }
  add_cost(json, run);
  return run;
}

nlohmann::json parsed(const std::string& text, const std::string& place) {
  const auto fail = [&place](std::string_view problem) {
    throw InputError(
        fmt::format("{}: {}; allowed: a file that `systol train --json` wrote", place, problem));
  };
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::out_of_range&) {
    fail("it has a number beyond 1.8e308, the largest of a double");
  } catch (const nlohmann::json::parse_error& error) {
    fail(fmt::format("it is no JSON from byte {} on", error.byte));
  }
  return {};
}

void check_schema(const JsonValue& json) {
  const JsonValue schema = json.at("schema");
  if (schema.at("name").text() != "systol.training" || schema.at("version").count() != 1) {
    schema.fail("the name systol.training and the version 1, as `systol train --json` writes them");
  }
  if (const std::optional<JsonValue> adversary = json.find("adversary")) {
    adversary->fail("a training without one");
  }
}

}  // namespace

std::string rate_text(double rate) { return fmt::format("{}", rate); }

std::string line_of(const std::string& label, const std::string& rate, std::size_t runs) {
  const std::string name = shown(printable(label));
  return runs == 1 ? name : fmt::format("{}, {}", name, rate);
}

std::vector<ShownRun> shown_runs(const nlohmann::json& training, const std::string& place,
                                 bool named) {
  const JsonValue json(training, place);
  const std::optional<JsonValue> label = json.find("label");
  const std::string name = (label ? *label : json.at("model")).text();
  std::vector<ShownRun> runs;
  for (const JsonValue& run : json.at("runs").list()) {
    runs.push_back(run_of(run));
  }
  for (ShownRun& run : runs) {
    run.line = named ? line_of(name, run.rate, runs.size()) : run.rate;
  }
  return runs;
}

std::vector<ShownRun> read_shown_runs(const std::filesystem::path& path) {
  const std::string text = read_whole_file(path, "a training's JSON", kMostBytes);
  const std::string place = printable(path.string());
  const nlohmann::json training = parsed(text, place);
  check_schema({training, place});
  return shown_runs(training, place, true);
}

}  // namespace systol
