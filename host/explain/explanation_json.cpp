#include "host/explain/explanation_json.h"

#include "host/report/json.h"
#include "host/report/version.h"
#include "hw/isa/command.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kExplainSchemaVersion = 1;

constexpr std::array<std::string_view, kReasons> kReasonNames = {
    "begin",        "dispatched", "queue_full",   "unit_busy",    "token",
    "outstanding",  "fifo_full",  "tile_arrived", "tile_shifted", "shadow_busy",
    "accumulating", "draining",   "channel",      "in_order"};

std::string_view name_of(Wait wait) { return kWaitNames[static_cast<std::size_t>(wait)]; }
std::string_view name_of(Reason reason) { return kReasonNames[static_cast<std::size_t>(reason)]; }

Json link_json(const StallLink& link) {
  return {{"wait", name_of(link.wait)}, {"reason", name_of(link.reason)},
          {"command", link.command},    {"unit", isa::name_of(link.unit)},
          {"node", link.node},          {"from", link.from.count()},
          {"to", link.to.count()}};
}

Json chain_json(const ChainGroup& group) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < group.steps.size(); ++i) {
    const ChainStep& step = group.steps[i];
    steps.push_back({{"wait", name_of(step.wait)},
                     {"reason", name_of(step.reason)},
                     {"node", step.node},
                     {"cycles", group.cycles[i].count()}});
  }
  Json links = Json::array();
  for (const StallLink& link : group.links) {
    links.push_back(link_json(link));
  }
  return {{"node", group.node},
          {"stalls", group.stalls},
          {"cycles", group.total.count()},
          {"steps", steps},
          {"first",
           {{"command", group.command},
            {"from", group.from.count()},
            {"to", group.to.count()},
            {"links", links}}}};
}

Json time_json(const ProgramTime& time) {
  return {{"cycles", time.cycles.count()}, {"seconds", time.seconds}, {"bound_by", time.bound_by}};
}

/// Null for what has no limit.
Json value_json(std::uint64_t value) { return value == kNoLimit ? Json(nullptr) : Json(value); }

Json effect_json(const ParameterEffect& effect) {
  Json steps = Json::array();
  for (const StepEffect& step : effect.steps) {
    Json json = time_json(step.time);
    json["value"] = value_json(step.value);
    steps.push_back(std::move(json));
  }
  return {{"parameter", effect.key},
          {"now", value_json(effect.now)},
          {"steps", steps},
          {"enough",
           effect.enough ? value_json(effect.steps[*effect.enough].value) : value_json(effect.now)},
          {"gains", effect.enough.has_value()}};
}

}  // namespace

Json to_json(const Explanation& explanation) {
  Json json;
  json["schema"] = {{"name", "systol.explain"}, {"version", kExplainSchemaVersion}};
  json["tool"] = {{"name", "systol"}, {"version", kVersion}, {"command", explanation.command_line}};
  json["model"] = explanation.model;
  json["array"] = explanation.array.name;
  json["batch"] = explanation.batch;
  json["time"] = time_json(explanation.time);
  json["array_active"] = explanation.ledger[CycleClass::ArrayActive].count();
  json["waits"] = waits_json(explanation.waits);
  json["nodes"] = Json::array();
  for (const ExplainedNode& node : explanation.nodes) {
    json["nodes"].push_back({{"name", node.name},
                             {"cycles", node.cycles.count()},
                             {"bound_by", node.bound_by},
                             {"waits", waits_json(node.waits)}});
  }
  json["chains"] = Json::array();
  for (const ChainGroup& group : explanation.chains) {
    json["chains"].push_back(chain_json(group));
  }
  json["effects"] = Json::array();
  for (const ParameterEffect& effect : explanation.effects) {
    json["effects"].push_back(effect_json(effect));
  }
  json["best"] = Json::array();
  for (const std::size_t best : explanation.best) {
    json["best"].push_back(explanation.effects[best].key);
  }
  return json;
}

}  // namespace systol
