#include "host/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "host/scale_sim/array_file.h"
#include "host/scale_sim/config.h"
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

/// FNV-1a, of 64 bits: tells files apart that somebody changed, not those that somebody forged.
class Fingerprint {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) {
      hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
  }
  void add_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string block(std::size_t{1} << 16U, '\0');
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
      add(std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount())));
    }
    add("\n");
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

void add_yaml(const std::filesystem::path& path, Fingerprint& fingerprint) {
  for (const std::filesystem::path& file : yaml_files(path)) {
    fingerprint.add_file(file);
  }
}

/// Hands out the points that have no row, one after another; safe for several threads.
class OpenPoints {
 public:
  OpenPoints(const DesignSpace& space, const ResultDatabase& results)
      : space_(space), finished_(results.finished(space.size())) {
    for (std::uint64_t i = 0; i < space.size(); ++i) {
      if (!space.point(i)) {
        continue;
      }
      ++progress_.points;
      progress_.before += finished_[i] ? 1 : 0;
    }
    progress_.done = progress_.before;
  }

  std::optional<NumberedPoint> next() {
    const std::lock_guard lock(mutex_);
    while (!stopped_ && next_ < space_.size()) {
      const std::uint64_t number = next_++;
      if (!finished_[number]) {
        if (std::optional<DesignSpace::Point> point = space_.point(number)) {
          return NumberedPoint(number, std::move(*point));
        }
      }
    }
    return std::nullopt;
  }

  void add(const ResultRow& row, ResultDatabase& results,
           const std::function<void(const SweepProgress&)>& tell) {
    const std::lock_guard lock(mutex_);
    results.add(row);
    ++progress_.done;
    progress_.failed += row.failed() ? 1 : 0;
    progress_.wrong += row.check == "FAILED" ? 1 : 0;
    if (tell) {
      tell(progress_);
    }
  }

  /// The first error is the one that is thrown.
  void stop(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    error_ = error_ ? error_ : std::move(error);
  }

  SweepProgress finish() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
    return progress_;
  }

 private:
  const DesignSpace& space_;
  std::vector<bool> finished_;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  bool stopped_ = false;
  std::exception_ptr error_;
  SweepProgress progress_;
};

}  // namespace

Comparison results_of(const ResultDatabase& results, const SweepPlan& plan) {
  Comparison comparison;
  for (const Axis& axis : plan.axes) {
    comparison.keys.insert(comparison.keys.end(), axis.keys.begin(), axis.keys.end());
  }
  comparison.limits = plan.limits;
  comparison.objectives = plan.objectives;
  results.for_each([&](const ResultRow& row) { comparison.rows.push_back(row); });
  return comparison;
}

Sweep::Sweep(SweepPlan plan) : plan_(std::move(plan)), space_(plan_) {
  for (const std::filesystem::path& array : plan_.arrays) {
    read_array(array);
  }
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

SweepProgress Sweep::run(ResultDatabase& results, unsigned jobs,
                         const std::function<void(const SweepProgress&)>& progress) const {
  OpenPoints open(space_, results);
  if (open.finish().points == 0) {
    throw InputError(fmt::format("{}: where: no point meets the conditions", plan_.place));
  }
  if (plan_.engine != "fast") {
    run_in_children(
        jobs, [&] { return open.next(); },
        {[&](const NumberedPoint& point) { return run(point); },
         [&](const NumberedPoint& point) { return unfinished(point); }},
        [&](const ResultRow& row) { open.add(row, results, progress); });
    return open.finish();
  }
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(jobs, 1U); ++i) {
      threads.emplace_back([&] {
        try {
          while (const auto point = open.next()) {
            open.add(run(*point), results, progress);
          }
        } catch (...) {
          open.stop(std::current_exception());
        }
      });
    }
  }
  return open.finish();
}

}  // namespace systol
