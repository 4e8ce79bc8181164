#include "host/report/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "host/report/text_table.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::string_view kRelative = "/base";
constexpr std::size_t kGap = 2;
constexpr std::size_t kMarkWidth = 1;  ///< in front of a line, for the Pareto front
constexpr std::size_t kNumberWidth = 7;
constexpr std::array<std::string_view, 10> kTextColumns = {
    "number", "model", "array", "size",     "dataflow",
    "batch",  "over",  "check", "accuracy", "float_accuracy"};

/// Of columns that nobody wants unless rows differ in them.
constexpr int kSameEverywhere = 30;

std::string without_blanks(std::string text) {
  std::ranges::replace(text, ' ', '_');
  return text.empty() ? "-" : text;
}

/// Cut where it is longer than `width`, and said so.
std::string cut(std::string text, std::size_t width) {
  if (width_of(text) > width) {
    while (width_of(text) >= width) {
      do {
        text.pop_back();
      } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0U) == 0x80U);
    }
    text += '~';
  }
  return text;
}

template <class Field>
bool differ(const std::vector<ResultRow>& rows, Field field) {
  return std::ranges::any_of(rows, [&](const ResultRow& row) {
    return std::invoke(field, row) != std::invoke(field, rows.front());
  });
}

std::string share_text(const std::optional<Accuracy>& accuracy, double Accuracy::*which) {
  return accuracy ? fmt::format("{:.2f}", 100 * ((*accuracy).*which)) : "-";
}

std::string limit_names(const std::vector<Limit>& limits) {
  std::string names;
  for (const Limit& limit : limits) {
    names += names.empty() ? "" : ",";
    names += metrics()[limit.metric].name;
  }
  return names;
}

bool is_flush_left(const std::string& name) { return name == "model" || name == "array"; }

}  // namespace

ComparisonText::ComparisonText(ComparisonLayout layout, std::string_view where)
    : layout_(std::move(layout)) {
  if (!layout_.expected.empty()) {
    for (const Setting& setting : layout_.expected.front().settings) {
      keys_.push_back(setting.key);
    }
  }
  if (layout_.columns.empty()) {
    columns_ = defaults();
  }
  for (const std::string& name : layout_.columns) {
    columns_.push_back(column(name, 0, where));
  }
}

ComparisonText::Column ComparisonText::column(const std::string& name, int rank,
                                              std::string_view where) const {
  Column column;
  column.name = name;
  column.rank = rank;
  if (std::ranges::find(kTextColumns, name) != kTextColumns.end() ||
      std::ranges::find(keys_, name) != keys_.end()) {
    return column;
  }
  column.relative = name.ends_with(kRelative);
  const std::string metric = name.substr(0, name.size() - (column.relative ? kRelative.size() : 0));
  if (const std::optional<std::size_t> found = find_metric(metric)) {
    column.metric = *found;
    if (std::ranges::find(layout_.first, *found) != layout_.first.end()) {
      column.rank = std::min(column.rank, 1);
    }
    return column;
  }
  std::vector<std::string_view> names(kTextColumns.begin(), kTextColumns.end());
  names.insert(names.end(), keys_.begin(), keys_.end());
  for (const Metric& known : metrics()) {
    names.push_back(known.name);
  }
  throw InputError(
      fmt::format("{}: found the column {}{}, allowed: {}, and a metric with {} after "
                  "it, divided by that of the baseline",
                  where, in_quotes(name), did_you_mean(name, names), join_names(names), kRelative));
}

/// In the order in which they stand.
std::vector<ComparisonText::Column> ComparisonText::defaults() const {
  const std::vector<ResultRow>& rows = layout_.expected;
  const auto shown = [&rows](auto field, int rank) {
    return !rows.empty() && differ(rows, field) ? 0 : rank;
  };
  std::vector<std::pair<std::string, int>> ranks = {
      {"number", 0},
      {"model", shown(&ResultRow::workload, 3) == 0 ? 0 : shown(&ResultRow::model, 3)},
      {"array", shown(&ResultRow::array, 6)},
      {"size", 2},
      {"dataflow", shown(&ResultRow::dataflow, kSameEverywhere)}};
  for (const std::string& key : keys_) {
    ranks.emplace_back(key, is_in_size(key) ? kSameEverywhere : 0);
  }
  const bool several = rows.size() > 1;
  const std::vector<std::pair<std::string, int>> rest = {
      {"cycles", 4},
      {"time", 2},
      {"time/base", several ? 5 : kSameEverywhere},
      {"energy", 2},
      {"energy/base", several ? 6 : kSameEverywhere},
      {"power", 4},
      {"area", 4},
      {"edp", 9},
      {"tops", 12},
      {"tops_per_watt", 7},
      {"tops_per_mm2", 13},
      {"utilisation", 8},
      {"over", layout_.limits.empty() ? kSameEverywhere : 1},
      {"check", layout_.checked ? 7 : kSameEverywhere},
      {"accuracy", layout_.accuracy ? 5 : kSameEverywhere},
      {"float_accuracy", layout_.accuracy ? 10 : kSameEverywhere}};
  ranks.insert(ranks.end(), rest.begin(), rest.end());
  for (const std::size_t metric : layout_.first) {
    const std::string name(metrics()[metric].name);
    if (std::ranges::find(ranks, name, &std::pair<std::string, int>::first) == ranks.end()) {
      ranks.emplace_back(name, 1);
    }
  }
  std::vector<Column> columns;
  for (const auto& [name, rank] : ranks) {
    if (rank < kSameEverywhere) {
      columns.push_back(column(name, rank, ""));
    }
  }
  return columns;
}

std::string ComparisonText::header(const ResultRow& first) {
  for (Column& column : columns_) {
    measure(column, first);
  }
  fit();
  std::vector<std::string> titles;
  std::size_t total = kMarkWidth;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    total += column.width + kGap;
  }
  return line(titles) + std::string(total - kGap, '-') + "\n";
}

/// Sets unit, title and width.
void ComparisonText::measure(Column& column, const ResultRow& first) const {
  if (column.metric != kMetrics) {
    const Metric& metric = metrics()[column.metric];
    column.title = title_of(metric);
    if (column.relative) {
      column.title += kRelative;
    } else {
      column.unit = &unit_for(metric, first.metrics[column.metric]);
      const bool says_more = column.unit->name != column.title;
      column.title += says_more ? fmt::format("[{}]", column.unit->name) : "";
    }
    // Cycles have all their digits, and rows to come may have two more than the first.
    const std::size_t more = metric.name == "cycles" && !column.relative ? 2 : 0;
    column.width = std::max({column.title.size(), kNumberWidth,
                             first.failed() ? 0 : cell(column, first, &first).size() + more});
    return;
  }
  const bool share = column.name == "accuracy" || column.name == "float_accuracy";
  column.title = column.name == "number" ? "#" : share ? column.name + "[%]" : column.name;
  column.width = column.title.size();
  if (column.name == "over") {
    column.width = std::max(column.width, limit_names(layout_.limits).size());
  }
  for (const ResultRow& row : layout_.expected) {
    column.width = std::max(column.width, width_of(cell(column, row, nullptr)));
  }
  if (layout_.width != 0 && layout_.columns.empty()) {
    constexpr std::size_t kLeast = 10;
    column.width = std::min(column.width, std::max(kLeast, layout_.width / 4));
  }
}

/// Leaves columns out, those of the highest rank first and the last of them.
void ComparisonText::fit() {
  const auto total = [this] {
    return std::accumulate(
        columns_.begin(), columns_.end(), kMarkWidth - kGap,
        [](std::size_t sum, const Column& column) { return sum + column.width + kGap; });
  };
  while (layout_.columns.empty() && layout_.width != 0 && total() > layout_.width) {
    const auto last =
        std::max_element(columns_.begin(), columns_.end(),
                         [](const Column& a, const Column& b) { return a.rank <= b.rank; });
    if (last->rank == 0) {
      return;
    }
    left_out_.push_back(last->name);
    columns_.erase(last);
  }
}

std::string ComparisonText::cell(const Column& column, const ResultRow& row,
                                 const ResultRow* base) const {
  if (column.metric != kMetrics) {
    const double value = row.metrics[column.metric];
    if (!column.relative) {
      return number_text(value, *column.unit);
    }
    const double whole = base == nullptr ? 0 : base->metrics[column.metric];
    return whole == 0 ? "-" : fmt::format("{:.3f}", value / whole);
  }
  const std::string& name = column.name;
  const auto setting = std::ranges::find(row.settings, name, &Setting::key);
  std::string text = setting != row.settings.end() ? setting->value
                     : name == "number"            ? std::to_string(row.number)
                     : name == "model"             ? row.model
                     : name == "array"             ? row.array
                     : name == "size"              ? fmt::format("{}x{}", row.rows, row.columns)
                     : name == "dataflow"          ? row.dataflow
                     : name == "batch"             ? std::to_string(row.batch)
                     : name == "over"              ? broken_limits(layout_.limits, row.metrics)
                     : name == "accuracy"          ? share_text(row.accuracy, &Accuracy::quantised)
                     : name == "float_accuracy"    ? share_text(row.accuracy, &Accuracy::floating)
                                                   : row.check;
  return without_blanks(std::move(text));
}

std::string ComparisonText::line(const std::vector<std::string>& cells) const {
  std::string text(kMarkWidth, ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string shown =
        columns_[i].metric == kMetrics ? cut(cells[i], columns_[i].width) : cells[i];
    const std::string padding(columns_[i].width - std::min(columns_[i].width, width_of(shown)),
                              ' ');
    text += i == 0 ? "" : std::string(kGap, ' ');
    text += is_flush_left(columns_[i].name) ? shown + padding : padding + shown;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string ComparisonText::row(const ResultRow& row, const ResultRow* base) const {
  std::vector<std::string> cells;
  for (const Column& column : columns_) {
    if (row.failed() && (column.metric != kMetrics || column.name == "size")) {
      cells.emplace_back("-");
    } else {
      cells.push_back(cell(column, row, base));
    }
  }
  return line(cells);
}

}  // namespace systol
