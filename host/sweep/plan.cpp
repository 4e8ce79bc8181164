#include "host/sweep/plan.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

#include "host/sweep/grid.h"
#include "host/sweep/plan_parts.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostKeys = 64;
constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::array<std::string_view, 3> kEngines = {"fast", "systemc", "rtl"};
constexpr std::array<std::string_view, 3> kSamplings = {"grid", "random", "latin_hypercube"};
constexpr std::array<std::string_view, 3> kObjectives = {"time", "energy", "area"};

std::string where(const YamlNode& node) {
  return node.path().empty() ? node.place() : fmt::format("{}: {}", node.place(), node.path());
}

std::vector<std::string> read_level(const YamlNode& node, std::size_t keys) {
  if (keys == 1) {
    return {node.text()};
  }
  std::vector<std::string> values;
  for (const YamlNode& value : node.list(keys, keys)) {
    values.push_back(value.text());
  }
  return values;
}

/// A list of values, or {from, to} with step or factor.
Axis read_axis(const YamlNode& node) {
  Axis axis;
  std::string_view keys = node.key();
  for (std::size_t colon = 0; colon != std::string_view::npos;) {
    colon = keys.find(':');
    axis.keys.emplace_back(keys.substr(0, colon));
    keys.remove_prefix(colon == std::string_view::npos ? keys.size() : colon + 1);
  }
  if (node.is_map() && axis.keys.size() == 1) {
    const YamlMap map = node.map({"from", "to", "step", "factor"});
    const auto step = map.optional("step");
    const auto factor = map.optional("factor");
    if (step && factor) {
      factor->fail("a range has a step or a factor, not both");
    }
    const Range range{map.required("from").text(), map.required("to").text(),
                      step     ? step->text()
                      : factor ? factor->text()
                               : "1",
                      factor.has_value()};
    for (std::string& value : expand(range, where(node))) {
      axis.levels.push_back({std::move(value)});
    }
    return axis;
  }
  for (const YamlNode& level : node.list(1, kMostLevels)) {
    axis.levels.push_back(read_level(level, axis.keys.size()));
  }
  return axis;
}

std::vector<std::string> keys_of(const std::vector<Axis>& axes) {
  std::vector<std::string> keys;
  for (const Axis& axis : axes) {
    keys.insert(keys.end(), axis.keys.begin(), axis.keys.end());
  }
  return keys;
}

void read_sampling(const YamlMap& top, SweepPlan& plan) {
  const auto node = top.optional("sampling");
  if (node) {
    const YamlMap map = node->map({"kind", "points", "seed"});
    plan.sampling = static_cast<Sampling>(map.required("kind").choice(kSamplings));
    if (const auto seed = map.optional("seed")) {
      plan.seed = static_cast<std::uint64_t>(seed->integer(0, INT64_MAX));
    }
    if (plan.sampling != Sampling::Grid) {
      plan.samples = static_cast<std::uint64_t>(map.required("points").integer(1, kMostSamples));
    } else if (const auto points = map.optional("points")) {
      points->fail("a grid has all its points; allowed: random or latin_hypercube with it");
    }
  }
}

void read_engine(const YamlMap& top, SweepPlan& plan) {
  if (const auto engine = top.optional("engine")) {
    plan.engine = kEngines[engine->choice(kEngines)];
  }
  plan.data = plan.engine != "fast";
  if (const auto data = top.optional("data")) {
    const bool clocked = plan.data;
    plan.data = data->boolean();
    if (clocked && !plan.data) {
      data->fail(fmt::format("the engine {} moves data by nature; allowed: true", plan.engine));
    }
  }
  if (const auto batch = top.optional("batch")) {
    plan.batch = read_batch(*batch);
  }
}

void read_judging(const YamlMap& top, SweepPlan& plan) {
  if (const auto limits = top.optional("limits")) {
    for (const YamlNode& node : limits->list(1, kMostKeys)) {
      plan.limits.push_back(parse_limit(node.text(), where(node)));
    }
  }
  if (const auto objectives = top.optional("objectives")) {
    for (const YamlNode& node : objectives->list(1, kMetrics)) {
      plan.objectives.push_back(metric_index(node.text(), where(node)));
    }
    return;
  }
  for (const std::string_view name : kObjectives) {
    plan.objectives.push_back(metric_index(name, ""));
  }
}

}  // namespace

SweepPlan load_sweep_plan(const std::filesystem::path& path) {
  const YamlMap top =
      load_yaml(path).map({"models", "arrays", "set", "parameters", "where", "sampling", "engine",
                           "data", "batch", "limits", "objectives"});
  SweepPlan plan;
  plan.place = path.string();
  for (const YamlNode& node : top.required("models").list(1, kMostFiles)) {
    plan.models.push_back(read_model(node));
  }
  for (const YamlNode& node : top.required("arrays").list(1, kMostFiles)) {
    plan.arrays.push_back(node.file());
  }
  if (const auto set = top.optional("set")) {
    plan.overrides = read_overrides(*set);
    for (const YamlNode& node : set->entries(1, kMostKeys)) {
      plan.keys.push_back({node.key(), node.key_place()});
    }
  }
  const auto parameters = top.optional("parameters");
  if (parameters) {
    for (const YamlNode& node : parameters->entries(1, kMostKeys)) {
      plan.axes.push_back(read_axis(node));
      for (const std::string& key : plan.axes.back().keys) {
        plan.keys.push_back({key, node.key_place()});
      }
    }
    check_keys(plan.axes, where(*parameters));
  }
  if (const auto conditions = top.optional("where")) {
    for (const YamlNode& node : conditions->list(1, kMostKeys)) {
      plan.conditions.push_back(parse_condition(node.text(), keys_of(plan.axes), where(node)));
    }
  }
  read_sampling(top, plan);
  read_engine(top, plan);
  read_judging(top, plan);
  if (plan.sampling == Sampling::Grid) {
    grid_size(plan.axes, parameters ? where(*parameters) : plan.place);
  }
  return plan;
}

}  // namespace systol
