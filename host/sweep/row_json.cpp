#include "host/sweep/row_json.h"

#include <string>

namespace systol {

nlohmann::ordered_json row_json(const ResultRow& row) {
  nlohmann::ordered_json json;
  json["number"] = row.number;
  json["workload"] = row.workload;
  json["model"] = row.model;
  json["array"] = row.array;
  json["settings"] = nlohmann::ordered_json::object();
  for (const Setting& setting : row.settings) {
    json["settings"][setting.key] = setting.value;
  }
  json["status"] = row.failed() ? "failed" : "done";
  json["error"] = row.error;
  json["seed"] = row.seed;
  if (row.failed()) {
    return json;
  }
  json["rows"] = row.rows;
  json["columns"] = row.columns;
  json["dataflow"] = row.dataflow;
  json["engine"] = row.engine;
  json["batch"] = row.batch;
  json["samples"] = row.samples;
  for (std::size_t i = 0; i < kMetrics; ++i) {
    json[std::string(metrics()[i].key)] = row.metrics[i];
  }
  json["check"] = row.check;
  return json;
}

ResultRow row_of_json(const nlohmann::ordered_json& json) {
  ResultRow row;
  json.at("number").get_to(row.number);
  json.at("workload").get_to(row.workload);
  json.at("model").get_to(row.model);
  json.at("array").get_to(row.array);
  for (const auto& [key, value] : json.at("settings").items()) {
    row.settings.push_back({key, value.get<std::string>()});
  }
  json.at("error").get_to(row.error);
  json.at("seed").get_to(row.seed);
  if (row.failed()) {
    return row;
  }
  json.at("rows").get_to(row.rows);
  json.at("columns").get_to(row.columns);
  json.at("dataflow").get_to(row.dataflow);
  json.at("engine").get_to(row.engine);
  json.at("batch").get_to(row.batch);
  json.at("samples").get_to(row.samples);
  for (std::size_t i = 0; i < kMetrics; ++i) {
    json.at(std::string(metrics()[i].key)).get_to(row.metrics[i]);
  }
  json.at("check").get_to(row.check);
  return row;
}

}  // namespace systol
