// The comparison with the first TPU as tables and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "host/report/json.h"
#include "host/report/numbers.h"
#include "host/validate/tpu_v1.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kUnknown = "not in the repo";
constexpr double kClose = 0.03;  ///< shares within this of the published ones close

struct NamedShare {
  std::string_view name;
  double TpuShares::*share;
};
constexpr std::array<NamedShare, 3> kMatrixShares = {{
    {"array_active", &TpuShares::array_active},
    {"weight_stall", &TpuShares::weight_stall},
    {"weight_shift", &TpuShares::weight_shift},
}};

std::string_view words(TpuDirection direction) {
  constexpr std::array<std::string_view, 3> kWords = {"faster", "little", "slower"};
  return kWords[static_cast<std::size_t>(direction)];
}

std::string points(double share) { return fmt::format("{:.1f}", 100 * share); }
std::string residual(double share) { return fmt::format("{:+.1f}", 100 * share); }

/// Array active, weight stall, weight shift; of all cycles also the rest.
std::vector<double> matrix_numbers(const TpuColumn& column) {
  const TpuShares shares = column.shares.of_matrix();
  return {shares.array_active, shares.weight_stall, shares.weight_shift};
}
std::vector<double> all_numbers(const TpuColumn& column) {
  const TpuShares& shares = column.shares;
  const TpuDetails& details = column.details;
  return {shares.array_active, shares.weight_stall, shares.weight_shift, shares.non_matrix,
          details.useful,      details.raw_stall,   details.input_stall};
}

void add_numbers(FittedTable& table, std::string name, const std::vector<double>& numbers,
                 std::string (*text)(double)) {
  std::vector<std::string> row = {std::move(name)};
  std::ranges::transform(numbers, std::back_inserter(row), text);
  table.add(std::move(row));
}

/// Ours, published, and the difference.
std::string share_table(std::span<const TpuResult> results, const std::vector<std::string>& header,
                        std::vector<double> (*numbers_of)(const TpuColumn&), std::size_t width) {
  constexpr std::array<std::string_view, 3> kLeast = {"input stall", "RAW stall", "useful MACs"};
  FittedTable table(header);
  for (const TpuResult& result : results) {
    std::vector<double> numbers = numbers_of(result.column);
    add_numbers(table, std::string(result.workload.name), numbers, points);
    if (!result.workload.published) {
      std::vector<std::string> unknown(header.size());
      unknown[0] = "  table 3";
      unknown[1] = kUnknown;
      table.add(std::move(unknown));
      continue;
    }
    const std::vector<double> published = numbers_of(*result.workload.published);
    add_numbers(table, "  table 3", published, points);
    std::ranges::transform(numbers, published, numbers.begin(), std::minus<>());
    add_numbers(table, "  difference", numbers, residual);
  }
  return table.text(width, kLeast);
}

std::string work_table(std::span<const TpuResult> results, std::size_t width) {
  constexpr std::array<std::string_view, 4> kLeast = {"table 4", "time", "MACs of a sample",
                                                      "batch"};
  FittedTable table({"workload", "batch", "weights", "table 1", "MACs of a sample", "cycles",
                     "time", "samples/s", "table 4"});
  for (const TpuResult& result : results) {
    table.add({std::string(result.workload.name), fmt::format("{}", result.workload.batch),
               fmt::format("{:.1f} M", static_cast<double>(result.work.weights) / 1e6),
               fmt::format("{} M", result.workload.weights / 1'000'000),
               fmt::format("{:.1f} M", static_cast<double>(result.work.macs) / 1e6),
               grouped(result.cycles.count()),
               duration(result.workload.batch / result.samples_per_second),
               grouped(static_cast<std::uint64_t>(std::llround(result.samples_per_second))),
               std::string(kUnknown)});
  }
  return table.text(width, kLeast);
}

/// What is left out first is what the others say: the mean is of the networks.
std::string change_table(std::span<const TpuResult> results, std::size_t width) {
  std::vector<std::string> header = {"speed with"};
  for (const TpuResult& result : results) {
    header.emplace_back(result.workload.name);
  }
  std::vector<std::string_view> least = {"difference"};
  std::ranges::transform(results, std::back_inserter(least),
                         [](const TpuResult& result) { return result.workload.name; });
  header.insert(header.end(), {"mean", "published", "difference", "direction"});
  FittedTable table(std::move(header));
  for (std::size_t i = 0; i < tpu_changes().size(); ++i) {
    const TpuChange& change = tpu_changes()[i];
    std::vector<std::string> row = {std::string(change.change)};
    for (const TpuResult& result : results) {
      row.push_back(fmt::format("{:.2f}", result.speeds[i]));
    }
    const double mean = mean_speed(results, i);
    row.push_back(fmt::format("{:.2f}", mean));
    row.push_back(change.speed ? fmt::format("{:.1f}", *change.speed)
                               : std::string(words(change.published)));
    row.push_back(change.speed ? fmt::format("{:+.2f}", mean - *change.speed) : "-");
    row.emplace_back(agrees(change.published, mean) ? "agrees" : "differs");
    table.add(std::move(row));
  }
  return table.text(width, least);
}

/// Which figures are further than three points, or another way, from the published ones.
std::string open_rows(std::span<const TpuResult> results) {
  std::string text;
  const auto add = [&](std::string_view workload, std::string_view row, double ours,
                       double published, std::string_view why) {
    if (std::abs(ours - published) > kClose) {
      text += fmt::format("  {} {}: {} for {};\n    {}\n", workload, row, points(ours),
                          points(published), why);
    }
  };
  for (const TpuResult& result : results) {
    if (!result.workload.published) {
      continue;
    }
    const TpuShares ours = result.column.shares.of_matrix();
    const TpuShares published = result.workload.published->shares.of_matrix();
    for (const NamedShare& named : kMatrixShares) {
      add(result.workload.name, named.name, ours.*named.share, published.*named.share,
          "with the rest set aside; the layers' sizes are assumed");
    }
    add(result.workload.name, "non_matrix", result.column.shares.non_matrix,
        result.workload.published->shares.non_matrix,
        "what the first TPU's host, its instructions and its own order of work add is\n"
        "    not published, and not modelled");
  }
  for (std::size_t i = 0; i < tpu_changes().size(); ++i) {
    const TpuChange& change = tpu_changes()[i];
    if (const double mean = mean_speed(results, i); !agrees(change.published, mean)) {
      text += fmt::format(
          "  {}: {:.2f}, published: {};\n    the paper's mean is weighted by how much each network "
          "was used,\n    which is not in the repo\n",
          change.change, mean, words(change.published));
    }
  }
  return text.empty() ? "  none\n" : text;
}

Json shares_json(const TpuShares& shares) {
  Json json;
  for (const NamedShare& named : kMatrixShares) {
    json[std::string(named.name)] = shares.*named.share;
  }
  json["non_matrix"] = shares.non_matrix;
  return json;
}

Json details_json(const TpuDetails& details) {
  return {{"useful_macs", details.useful},
          {"raw_stall", details.raw_stall},
          {"input_stall", details.input_stall}};
}

Json result_json(const TpuResult& result) {
  const std::optional<TpuColumn>& published = result.workload.published;
  Json speeds;
  for (std::size_t i = 0; i < tpu_changes().size(); ++i) {
    speeds[std::string(tpu_changes()[i].name)] = result.speeds[i];
  }
  return {{"name", result.workload.name},
          {"batch", result.workload.batch},
          {"weights", result.work.weights},
          {"published_weights", result.workload.weights},
          {"macs", result.work.macs},
          {"bound_by_memory", result.workload.bound_by_memory},
          {"cycles", result.cycles.count()},
          {"samples_per_second", result.samples_per_second},
          {"published_samples_per_second", nullptr},
          {"details", details_json(result.column.details)},
          {"published_details", published ? details_json(published->details) : Json(nullptr)},
          {"shares", shares_json(result.column.shares)},
          {"published_shares", published ? shares_json(published->shares) : Json(nullptr)},
          {"matrix_shares", shares_json(result.column.shares.of_matrix())},
          {"published_matrix_shares",
           published ? shares_json(published->shares.of_matrix()) : Json(nullptr)},
          {"speeds", speeds}};
}

}  // namespace

std::string tpu_text(std::span<const TpuResult> results, const ArrayConfig& array,
                     std::size_t width) {
  const std::vector<std::string> matrix_header = {"%", "array active", "weight stall",
                                                  "weight shift"};
  std::vector<std::string> all_header = matrix_header;
  all_header.insert(all_header.end(), {"non-matrix", "useful MACs", "RAW stall", "input stall"});
  std::string sources;
  for (const TpuChange& change : tpu_changes()) {
    sources += fmt::format("  {}:\n    {}\n", change.change, change.source);
  }
  return fmt::format(
      "Six networks of the sizes in the first TPU's paper on {} ({}x{}),\n"
      "fast engine, time only\n\n{}\n"
      "Of all cycles, beside table 3; the first four sum to 100,\n"
      "stalls for results and inputs are in the fourth\n\n{}\n"
      "With the non-matrix share set aside\n\n{}\n"
      "Speed with the changes of figure 11; the mean is geometric\n\n{}\n"
      "Where the words of figure 11 come from\n{}\n"
      "What does not close within {:.0f} points, or goes another way\n{}",
      array.name, array.rows, array.columns, work_table(results, width),
      share_table(results, all_header, all_numbers, width),
      share_table(results, matrix_header, matrix_numbers, width), change_table(results, width),
      sources, 100 * kClose, open_rows(results));
}

nlohmann::ordered_json tpu_json(std::span<const TpuResult> results, const ArrayConfig& array) {
  Json json;
  json["schema"] = {{"name", "systol.validate.tpu-v1"}, {"version", 1}};
  json["array"] = array.name;
  json["workloads"] = Json::array();
  for (const TpuResult& result : results) {
    json["workloads"].push_back(result_json(result));
  }
  json["changes"] = Json::array();
  for (std::size_t i = 0; i < tpu_changes().size(); ++i) {
    const TpuChange& change = tpu_changes()[i];
    const double mean = mean_speed(results, i);
    json["changes"].push_back(
        {{"name", change.name},
         {"change", change.change},
         {"mean_speed", mean},
         {"published_speed", change.speed ? Json(*change.speed) : Json(nullptr)},
         {"published_direction", words(change.published)},
         {"source", change.source},
         {"agrees", agrees(change.published, mean)}});
  }
  return json;
}

}  // namespace systol
