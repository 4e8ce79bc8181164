#include "host/report/json.h"

#include <algorithm>

#include "host/report/bound.h"
#include "host/report/version.h"
#include "sim/base/text.h"
#include "sim/config/array_file.h"
#include "sim/config/array_registers.h"
#include "sim/config/dram_file.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

Json ledger_json(const Ledger& ledger) {
  Json json = Json::object();
  for (std::size_t i = 0; i < ledger.cycles.size(); ++i) {
    json[std::string(kCycleClassNames[i])] = ledger.cycles[i].count();
  }
  return json;
}

Json sum_toggles_json(const std::optional<SumBits>& toggles) {
  return toggles ? Json(toggles->all) : Json(nullptr);
}

Json energy_json(const EnergyReport& energy) {
  Json json = Json::object();
  for (const auto& [name, picojoules] : energy.components) {
    json[name] = picojoules.count();
  }
  json["total"] = energy.total.count();
  return json;
}

/// Of the components that lie on the die.
Json area_json(const std::vector<Component>& hardware) {
  Json json = Json::object();
  for (const Component& component : hardware) {
    if (component.area.count() > 0) {
      json[component.name] = component.area.count();
    }
  }
  json["total"] = total_area(hardware).count();
  return json;
}

Json actions_json(const Activity& activity) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kActions; ++i) {
    json[std::string(kActionTexts[i].name)] = activity.counts[i];
  }
  return json;
}

/// Accesses to each bank of each SRAM.
Json sram_banks_json(const SramActivity& srams) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kSrams; ++i) {
    json[std::string(kSramTexts[i].name)] = {{"reads", srams.srams[i].reads},
                                             {"writes", srams.srams[i].writes}};
  }
  return json;
}

/// The actions that move bytes or words.
Json traffic_json(const Activity& activity) {
  Json json = Json::object();
  for (const Action action :
       {Action::WeightsReadBytes, Action::WeightsWriteBytes, Action::ActivationsReadBytes,
        Action::ActivationsWriteBytes, Action::BufferReadBytes, Action::BufferWriteBytes,
        Action::FifoReadBytes, Action::FifoWriteBytes, Action::AccumulatorReads,
        Action::AccumulatorWrites}) {
    json[std::string(text_of(action).name)] = activity[action];
  }
  return json;
}

Json macs_json(const Activity& activity) {
  return {{"useful", activity[Action::MacsUseful]},
          {"unused", activity[Action::MacsUnused]},
          {"zero", activity[Action::MacsZero]}};
}

/// Of PEs and skew: how many there are, and over all cycles those that something entered and those
/// that nothing did.
Json register_bits_json(const RunReport& report) {
  const std::uint64_t all = array_register_bits(report.array);
  const std::uint64_t clocked =
      report.activity[Action::PeClockedBits] + report.activity[Action::SkewClockedBits];
  // Weights that nothing multiplies may still be on their way when the program ends.
  const std::uint64_t idle = std::max(all * report.cycles.count(), clocked) - clocked;
  return {{"all", all}, {"clocked", clocked}, {"idle", idle}};
}

/// Null for a channel.
Json dram_json(const std::optional<DramConfig>& dram) {
  if (!dram) {
    return nullptr;
  }
  Json mapping = Json::array();
  for (const DramField field : dram->mapping) {
    mapping.push_back(kDramFieldNames[static_cast<std::size_t>(field)]);
  }
  Json timing = Json::object();
  for (std::size_t i = 0; i < kDramTimes; ++i) {
    timing[std::string(kDramTimeNames[i])] = dram->times[i].count();
  }
  return {{"clock_hz", dram->clock.count()},
          {"channels", dram->channels},
          {"bank_groups", dram->groups},
          {"banks", dram->banks},
          {"width_bits", dram->width_bits},
          {"burst_length", dram->burst_length},
          {"row_bytes", dram->row.count()},
          {"capacity_bytes", dram->capacity.count()},
          {"mapping", mapping},
          {"scheduling", name_of(dram->scheduling)},
          {"queue", dram->queue},
          {"refresh", name_of(dram->refresh)},
          {"timing_ps", timing}};
}

Json array_json(const ArrayConfig& array) {
  Json memories = Json::object();
  for (const MemoryConfig& memory : array.memories) {
    Json holds = Json::array();
    for (const isa::Space space : memory.holds) {
      holds.push_back(isa::name_of(space));
    }
    memories[memory.name] = {
        {"holds", holds},
        {"bytes_per_second", memory.bandwidth ? Json(memory.bandwidth->count()) : Json(nullptr)},
        {"latency_ps", memory.latency.count()},
        {"capacity_bytes", memory.capacity ? Json(memory.capacity->count()) : Json(nullptr)},
        {"energy", memory.energy},
        {"model", model_of(memory)},
        {"dram", dram_json(memory.dram)}};
  }
  return {{"name", array.name},
          {"clock_hz", array.clock.count()},
          {"voltage_mv", array.voltage ? Json(array.voltage->count()) : Json(nullptr)},
          {"rows", array.rows},
          {"columns", array.columns},
          {"dataflow", name_of(array.dataflow)},
          {"tile_use", name_of(array.tile_use)},
          {"clock_gating", name_of(array.clock_gating)},
          {"pe", isa::describe(array.pe).name},
          {"weight_fifo_tiles", array.weight_fifo_tiles},
          {"weight_fifo_fetch", name_of(array.tile_fetch)},
          {"accumulator_rows", array.accumulator_rows},
          {"unified_buffer_bytes", array.unified_buffer.count()},
          {"unified_buffer_slices", array.buffer_slices},
          {"command_queue_depth", array.command_queue_depth},
          {"dma_outstanding", array.dma_outstanding},
          {"memory", memories},
          {"energy_table", printable(array.energy.filename().string())}};
}

Json check_json(const CheckReport& check) {
  Json json = {{"enabled", check.enabled},       {"compared", check.compared},
               {"mismatches", check.mismatches}, {"missing", check.missing},
               {"first_mismatch", nullptr},      {"failures", check.failures}};
  if (check.first_mismatch) {
    const Mismatch& first = *check.first_mismatch;
    json["first_mismatch"] = {{"node", first.node},
                              {"command", first.command},
                              {"command_text", first.command_text},
                              {"tile", {{"row", first.tile_row}, {"column", first.tile_column}}},
                              {"row", first.row},
                              {"column", first.column},
                              {"pe_column", first.pe_column},
                              {"expected", first.expected},
                              {"got", first.got},
                              {"from", nullptr},
                              {"to", nullptr}};
    if (first.cycles) {
      json["first_mismatch"]["from"] = first.cycles->first.count();
      json["first_mismatch"]["to"] = first.cycles->second.count();
    }
  }
  return json;
}

Json nodes_json(const RunReport& report) {
  Json nodes = Json::array();
  for (const NodeReport& node : report.nodes) {
    nodes.push_back({{"name", node.name},
                     {"operation", node.operation},
                     {"functions", node.functions},
                     {"m", node.m},
                     {"n", node.n},
                     {"k", node.k},
                     {"fed_depth", node.fed_depth},
                     {"cycles", node.ledger.total().count()},
                     {"ledger", ledger_json(node.ledger)},
                     {"bound_by", bound_of(node)},
                     {"waits", waits_json(node.waits)},
                     {"actions", actions_json(node.activity)},
                     {"macs", macs_json(node.activity)},
                     {"sum_toggles", sum_toggles_json(node.sum_toggles)},
                     {"energy_pj", energy_json(node.energy)},
                     {"traffic", traffic_json(node.activity)}});
    if (node.signal_to_noise) {
      nodes.back()["signal_to_noise_db"] = *node.signal_to_noise;
    }
  }
  return nodes;
}

Json power_over_time_json(const PowerOverTime& power) {
  const auto json = [](const std::vector<Watts>& windows) {
    Json values = Json::array();
    for (const Watts watts : windows) {
      values.push_back(watts.count());
    }
    return values;
  };
  return {{"window_cycles", power.window.count()}, {"largest_w", power.largest.count()},
          {"windows_w", json(power.average)},      {"peak_cycles", power.resolution.count()},
          {"peak_w", power.peak().count()},        {"windows_peak_w", json(power.peaks)}};
}

Json command_times_json(const RunReport& report) {
  Json times = Json::array();
  for (const CommandTime& time : report.command_times) {
    times.push_back({{"command", time.text},
                     {"unit", time.unit},
                     {"node", time.node},
                     {"start", time.start.count()},
                     {"end", time.end.count()}});
  }
  return times;
}

}  // namespace

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json waits_json(const Waits& waits) {
  Json json = Json::object();
  for (std::size_t i = 0; i < waits.size(); ++i) {
    json[std::string(kWaitNames[i])] = waits[i].count();
  }
  return json;
}

nlohmann::ordered_json to_json(const RunReport& report) {
  Json json;
  json["schema"] = {{"name", "systol.run"}, {"version", kRunSchemaVersion}};
  json["tool"] = {{"name", "systol"}, {"version", kVersion}, {"command", report.command_line}};
  json["engine"] = report.engine;
  json["array"] = array_json(report.array);
  json["model"] = report.model;
  json["input"] = report.input;
  json["samples"] = report.samples;
  json["batch"] = report.batch;
  json["cycles"] = report.cycles.count();
  json["seconds"] = report.seconds();
  json["ledger"] = ledger_json(report.ledger);
  json["utilisation"] = report.utilisation();
  json["tops"] = {{"achieved", report.achieved_tops()}, {"peak", report.peak_tops()}};
  json["actions"] = actions_json(report.activity);
  json["macs"] = macs_json(report.activity);
  json["traffic"] = traffic_json(report.activity);
  json["sram_banks"] = sram_banks_json(report.srams);
  json["sum_toggles"] = sum_toggles_json(report.sum_toggles);
  json["register_bits"] = register_bits_json(report);
  json["operand_basis"] = report.operand_basis;
  json["energy_pj"] = energy_json(report.energy);
  json["area_um2"] = area_json(report.hardware);
  json["energy_sources"] = Json::object();
  for (const EnergySource& source : report.energy_sources) {
    json["energy_sources"][source.name] = source.figures;
  }
  json["energy_per_inference_pj"] = report.energy_per_inference().count();
  json["power_w"] = report.power_w();
  json["tops_per_watt"] = report.tops_per_watt();
  json["tops_per_mm2"] = {{"achieved", report.tops_per_mm2()},
                          {"peak", report.peak_tops_per_mm2()}};
  if (report.power_over_time) {
    json["power_over_time"] = power_over_time_json(*report.power_over_time);
  }
  if (report.partial_load) {
    json["partial_load"] = {{"share", report.partial_load->share},
                            {"idle_w", report.partial_load->idle.count()},
                            {"power_w", report.partial_power_w()}};
  }
  json["check"] = check_json(report.check);
  if (report.score_error) {
    json["score_error"] = {{"largest", report.score_error->largest},
                           {"mean", report.score_error->mean}};
  }
  if (report.accuracy) {
    json["accuracy"] = {{"samples", report.accuracy->samples},
                        {"quantised", report.accuracy->quantised},
                        {"float", report.accuracy->floating}};
  }
  json["nodes"] = nodes_json(report);
  json["spilled"] = {
      {"streamed", report.streamed}, {"tensors", report.spilled}, {"end_bytes", report.end_bytes}};
  json["commands"] = Json::object();
  for (std::size_t i = 0; i < report.commands.size(); ++i) {
    json["commands"][std::string(isa::kMnemonics[i])] = report.commands[i];
  }
  if (!report.command_times.empty()) {
    json["command_times"] = command_times_json(report);
  }
  json["notes"] = Json::array();
  for (const std::string& note : report.notes) {
    json["notes"].push_back(printable(note));  // notes name files
  }
  return json;
}

}  // namespace systol
