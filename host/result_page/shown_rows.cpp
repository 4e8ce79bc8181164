#include "host/result_page/shown_rows.h"

#include <algorithm>
#include <set>

namespace systol {
namespace {

constexpr std::size_t kMostFailed = 100;

/// The places of the rows on a front, in order.
std::vector<std::uint64_t> front_places(const Standings& standings) {
  std::vector<std::uint64_t> places;
  for (const Standings::OfWorkload& standing : standings.workloads()) {
    for (const ParetoFront::Member& member : standing.front.members()) {
      places.push_back(member.place);
    }
  }
  std::ranges::sort(places);
  return places;
}

/// The numbers of the rows that the page's summary names.
std::set<std::uint64_t> best_numbers(const Standings& standings) {
  std::set<std::uint64_t> numbers;
  for (const Standings::OfWorkload& standing : standings.workloads()) {
    for (const auto& [metric, row] : standing.best) {
      numbers.insert(row.number);
    }
  }
  return numbers;
}

RowGroup& group_of(std::size_t workload, std::vector<RowGroup>& groups) {
  const auto place = std::ranges::lower_bound(groups, workload, {}, &RowGroup::workload);
  return place != groups.end() && place->workload == workload
             ? *place
             : *groups.insert(place, RowGroup{workload, {}, {}});
}

std::uint64_t parts_of(std::uint64_t number, std::uint64_t by) { return (number + by - 1) / by; }

}  // namespace

ShownRows shown_rows(const Standings& standings, const RowSource& rows) {
  const std::vector<std::uint64_t> front = front_places(standings);
  const std::set<std::uint64_t> best = best_numbers(standings);
  const bool sampled = standings.rows() > kMostPageRows;
  const std::uint64_t front_step =
      sampled ? std::max<std::uint64_t>(parts_of(front.size(), kMostPageRows / 2), 1) : 1;
  ShownRows shown;
  if (sampled) {
    shown.step = parts_of(standings.rows(), kMostPageRows - front.size() / front_step);
  }
  std::uint64_t place = 0;
  std::size_t before = 0;  // of `front`, those in front of `place`
  rows([&](const ResultRow& row) {
    const bool on_front = before < front.size() && front[before] == place;
    const bool kept = (on_front && before % front_step == 0) || place % shown.step == 0 ||
                      best.contains(row.number);
    before += on_front ? 1 : 0;
    ++place;
    if (row.failed()) {
      if (shown.failed.size() < kMostFailed) {
        shown.failed.push_back(row);
      }
    } else if (kept) {
      RowGroup& group = group_of(row.workload, shown.groups);
      group.rows.push_back(row);
      group.on_front.push_back(on_front);
      ++shown.shown;
    }
  });
  return shown;
}

}  // namespace systol
