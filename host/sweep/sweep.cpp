#include "host/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "host/scale_sim/array_file.h"
#include "host/scale_sim/config.h"
#include "host/sweep/fingerprint.h"
#include "host/sweep/plan_parts.h"
#include "sim/base/error.h"
#include "sim/config/yaml_tree.h"

namespace systol {
namespace {

EngineSpec engine_of(const SweepPlan& plan) {
  if (plan.engine == "fast") {
    return FastEngine{.values = plan.data, .search_hazards = plan.data};
  }
  return ClockedEngine{plan.engine == "rtl" ? ClockedUnit::Rtl : ClockedUnit::SystemC, std::nullopt,
                       std::nullopt};
}

void add_yaml(const std::filesystem::path& path, Fingerprint& fingerprint) {
  for (const std::filesystem::path& file : yaml_files(path)) {
    fingerprint.add_file(file);
  }
}

/// Gives the points from `begin` to below `end` that are not finished, one after another.
class OpenPoints {
 public:
  OpenPoints(const DesignSpace& space, std::uint64_t begin, std::uint64_t end,
             std::vector<bool> finished)
      : space_(space), next_(begin), end_(end), finished_(std::move(finished)) {}

  std::optional<NumberedPoint> next() {
    while (next_ < end_) {
      const std::uint64_t number = next_++;
      if (!finished_[number]) {
        if (std::optional<DesignSpace::Point> point = space_.point(number)) {
          return NumberedPoint(number, std::move(*point));
        }
      }
    }
    return std::nullopt;
  }

 private:
  const DesignSpace& space_;
  std::uint64_t next_;
  std::uint64_t end_;
  std::vector<bool> finished_;
};

/// Points and rows for several threads: one thread at a time, and no point after the first error,
/// which is the one that is thrown.
class Turns {
 public:
  Turns(const PointSource& next, const RowSink& take) : next_(next), take_(take) {}

  std::optional<NumberedPoint> next() {
    const std::lock_guard lock(mutex_);
    return error_ ? std::nullopt : next_();
  }
  void take(const ResultRow& row) {
    const std::lock_guard lock(mutex_);
    take_(row);
  }
  void stop(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = error_ ? error_ : std::move(error);
  }
  void finish() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
  }

 private:
  const PointSource& next_;
  const RowSink& take_;
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

Criteria criteria_of(const SweepPlan& plan) {
  Criteria criteria{{}, plan.objectives, plan.limits};
  for (const Axis& axis : plan.axes) {
    criteria.keys.insert(criteria.keys.end(), axis.keys.begin(), axis.keys.end());
  }
  return criteria;
}

Comparison results_of(const ResultDatabase& results, const SweepPlan& plan) {
  Comparison comparison{criteria_of(plan), {}};
  results.for_each([&](const ResultRow& row) { comparison.rows.push_back(row); });
  return comparison;
}

Sweep::Sweep(SweepPlan plan) : plan_(std::move(plan)), space_(plan_) {
  check_array_keys(plan_.arrays, plan_.keys);
  for (const std::string& model : plan_.models) {
    workloads_.push_back(load_workload(model, plan_.batch));
  }
}

SweepIdentity Sweep::identity() const {
  Fingerprint fingerprint;
  add_yaml(plan_.place, fingerprint);
  for (const std::string& model : plan_.models) {
    fingerprint.add(model);
    fingerprint.add_file(model);  // of sizes there is no file
  }
  for (const std::filesystem::path& array : plan_.arrays) {
    is_scale_sim_config(array) ? fingerprint.add_file(array) : add_yaml(array, fingerprint);
    add_yaml(read_array(array).energy, fingerprint);
  }
  return {plan_.place, fingerprint.text(), plan_.seed};
}

ResultRow Sweep::unfinished(const NumberedPoint& point) const {
  ResultRow row;
  row.number = point.first + 1;
  row.workload = point.second.model;
  row.model = name_of(workloads_[point.second.model]);
  row.array = plan_.arrays[point.second.array].stem().string();
  row.settings = point.second.settings;
  row.seed = plan_.seed;
  return row;
}

ResultRow Sweep::run(const NumberedPoint& point) const {
  ResultRow row = unfinished(point);
  try {
    std::vector<std::string> overrides = plan_.overrides;
    std::ranges::transform(row.settings, std::back_inserter(overrides),
                           [](const Setting& setting) { return text_of(setting); });
    const ArrayConfig config = read_array(plan_.arrays[point.second.array], overrides);
    RunOptions options;
    options.batch = plan_.batch;
    options.check = plan_.data;
    options.scores = false;
    options.energy_tables = &energy_tables_;
    ResultRow result =
        result_of(systol::run(workloads_[row.workload], config, engine_of(plan_), options));
    result.number = row.number;
    result.workload = row.workload;
    result.settings = std::move(row.settings);
    result.seed = row.seed;
    return result;
  } catch (const std::bad_alloc&) {
    row.error = "not enough memory";
  } catch (const std::runtime_error& error) {
    row.error = error.what();
  }
  return row;
}

void SweepProgress::count(const ResultRow& row) {
  ++done;
  failed += row.failed() ? 1 : 0;
  wrong += row.check == "FAILED" ? 1 : 0;
}

SweepProgress Sweep::before(const std::vector<bool>& finished) const {
  SweepProgress progress;
  for (std::uint64_t i = 0; i < space_.size(); ++i) {
    if (space_.point(i)) {
      ++progress.points;
      progress.before += finished[i] ? 1 : 0;
    }
  }
  if (progress.points == 0) {
    throw InputError(fmt::format("{}: where: no point meets the conditions", plan_.place));
  }
  progress.done = progress.before;
  return progress;
}

SweepProgress Sweep::run(ResultDatabase& results, unsigned jobs,
                         const std::function<void(const SweepProgress&)>& tell) const {
  std::vector<bool> finished = results.finished(space_.size());
  SweepProgress progress = before(finished);
  OpenPoints open(space_, 0, space_.size(), std::move(finished));
  run([&] { return open.next(); },
      [&](const ResultRow& row) {
        results.add(row);
        progress.count(row);
        if (tell) {
          tell(progress);
        }
      },
      jobs);
  return progress;
}

std::vector<ResultRow> Sweep::run(const Shard& shard, unsigned jobs) const {
  OpenPoints open(space_, shard.begin(space_.size()), shard.end(space_.size()),
                  std::vector<bool>(space_.size(), false));
  std::vector<ResultRow> rows;
  run([&] { return open.next(); }, [&](const ResultRow& row) { rows.push_back(row); }, jobs);
  std::ranges::sort(rows, {}, &ResultRow::number);
  return rows;
}

void Sweep::run(const PointSource& next, const RowSink& take, unsigned jobs) const {
  if (plan_.engine != "fast") {
    run_in_children(jobs, next,
                    {[&](const NumberedPoint& point) { return run(point); },
                     [&](const NumberedPoint& point) { return unfinished(point); }},
                    take);
    return;
  }
  Turns turns(next, take);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(jobs, 1U); ++i) {
      threads.emplace_back([&] {
        try {
          while (const std::optional<NumberedPoint> point = turns.next()) {
            turns.take(run(*point));
          }
        } catch (...) {
          turns.stop(std::current_exception());
        }
      });
    }
  }
  turns.finish();
}

}  // namespace systol
