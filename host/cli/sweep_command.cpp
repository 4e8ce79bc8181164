#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/option_text.h"
#include "host/cli/terminal.h"
#include "host/cli/threads_option.h"
#include "host/report/comparison_summary.h"
#include "host/result_page/comparison_page.h"
#include "host/sweep/grid.h"
#include "host/sweep/row_json.h"
#include "host/sweep/shard_folder.h"
#include "host/sweep/slurm_queue.h"
#include "host/sweep/slurm_sweep.h"
#include "host/sweep/sweep.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

struct SweepWords {
  std::string plan;
  std::string results;
  unsigned threads = 1;
  bool retry_failed = false;
  std::string on;
  std::string shards;
  std::string shard;
  std::uint64_t points_per_task = 0;
  std::string csv;
  std::string json_lines;
  std::string report;
};

/// One line on a terminal; it is gone at the end.
class SweepLine {
 public:
  SweepLine() : shown_(is_terminal(stderr)) {}
  ~SweepLine() {
    if (shown_) {
      std::fputs("\r\x1b[K", stderr);
    }
  }
  SweepLine(const SweepLine&) = delete;
  SweepLine& operator=(const SweepLine&) = delete;

  void show(const SweepProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now < next_) {
      return;
    }
    next_ = now + std::chrono::milliseconds(200);
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const auto here = static_cast<double>(progress.done - progress.before);
    const double left = seconds / here * static_cast<double>(progress.points - progress.done);
    const std::string tasks =
        progress.waiting + progress.running == 0
            ? ""
            : fmt::format("; {} tasks run, {} wait", progress.running, progress.waiting);
    fmt::print(stderr,
               "\rsystol: {} of {} points, {} failed, {:.0f} a second, {:.0f} s left{}\x1b[K",
               progress.done, progress.points, progress.failed, here / seconds, left, tasks);
    std::fflush(stderr);
  }

 private:
  bool shown_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = begin_ + std::chrono::milliseconds(200);
};

/// Rows stay in the file: there may be more than memory holds.
Standings standings_of(const ResultDatabase& database, const SweepPlan& plan) {
  Standings standings(criteria_of(plan), plan.objectives.front());
  database.for_each([&](const ResultRow& row) { standings.add(row); });
  return standings;
}

void write_results(const SweepWords& words, const ResultDatabase& database,
                   const Standings& standings, const std::string& command_line) {
  if (!words.csv.empty()) {
    write_file(words.csv, [&](const TextSink& put) {
      put(comparison_csv_header(standings.criteria()));
      const std::vector<bool> front = standings.front();
      std::size_t place = 0;
      database.for_each([&](const ResultRow& row) {
        put(comparison_csv_row(standings.criteria(), row, front[place++]));
      });
    });
  }
  if (!words.json_lines.empty()) {
    write_file(words.json_lines, [&](const TextSink& put) {
      database.for_each([&](const ResultRow& row) { put(row_json(row).dump() + "\n"); });
    });
  }
  if (!words.report.empty()) {
    write_file(
        words.report,
        result_page(
            fmt::format("Sweep of {}", fs::path(words.plan).filename().string()), standings,
            [&](const std::function<void(const ResultRow&)>& take) { database.for_each(take); },
            command_line));
  }
}

/// A point needs some megabytes for a few milliseconds: memory that goes back to the system after
/// each costs a quarter of the time.
void keep_memory() {
  constexpr int kBytes = 256 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kBytes);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

/// A part of the points, for a sweep that takes in its file later.
int run_shard(const SweepWords& words) {
  const Shard shard = parse_shard(words.shard, "--shard");
  const Sweep plan(load_sweep_plan(words.plan));
  const ShardFolder folder(words.shards, plan.identity(), plan.space().size());
  if (!folder.has(shard)) {
    folder.write(shard, plan.run(shard, words.threads));
  }
  return kOk;
}

/// What a task on another machine is to run, without the shard at its end.
std::vector<std::string> worker_command(const SweepWords& words) {
  return {fs::read_symlink("/proc/self/exe").string(), "sweep",     words.plan, "--shards",
          fs::absolute(words.shards).string(),         "--threads", "1",        "--shard"};
}

SweepProgress run_points(const SweepWords& words, const Sweep& plan, ResultDatabase& database) {
  SweepLine line;
  const auto show = [&line](const SweepProgress& now) { line.show(now); };
  if (words.shards.empty()) {
    return plan.run(database, words.threads, show);
  }
  const ShardFolder folder(fs::absolute(words.shards), plan.identity(), plan.space().size());
  SweepProgress taken;
  const std::vector<Shard> shards =
      folder.take_in(database, [&taken](const ResultRow& row) { taken.count(row); });
  SweepProgress progress;
  if (words.on.empty()) {
    progress = plan.run(database, words.threads, show);
  } else {
    SlurmOptions options{worker_command(words), std::nullopt, shards};
    if (words.points_per_task != 0) {
      options.points_per_task = words.points_per_task;
    }
    progress = run_on_slurm(plan, database, folder, options, show);
  }
  progress.before -= taken.done;
  progress.failed += taken.failed;
  progress.wrong += taken.wrong;
  return progress;
}

int sweep(SweepWords& words, const std::string& command_line) {
  keep_memory();
  if (!words.shard.empty()) {
    return run_shard(words);
  }
  if (words.results.empty()) {
    words.results = fs::path(words.plan).stem().string() + ".db";
  }
  if (!words.on.empty() && words.shards.empty()) {
    words.shards = words.results + ".shards";
  }
  const std::vector<FileOption> inputs = yaml_file_options("PLAN", words.plan);
  check_files(inputs, std::vector<FileOption>{{"--results", words.results},
                                              {"--csv", words.csv},
                                              {"--json-lines", words.json_lines},
                                              {"--report", words.report}});
  if (!words.on.empty()) {
    require_slurm();  // before anything is written
  }
  const Sweep plan(load_sweep_plan(words.plan));
  ResultDatabase database(words.results, plan.identity());
  if (words.retry_failed) {
    database.forget_failures();
  }
  const SweepProgress progress = run_points(words, plan, database);
  const Standings standings = standings_of(database, plan.plan());
  write_results(words, database, standings, command_line);
  if (words.csv != "-" && words.json_lines != "-" && words.report != "-") {
    fmt::print("{} points, {} of them from before, {} failed in this run: {}\n{}", progress.done,
               progress.before, progress.failed, words.results, comparison_summary(standings, {}));
  }
  return progress.wrong == 0 ? kOk : kWrongResult;
}

/// Options of sweeps whose points run elsewhere.
void add_shard_options(CLI::App& command, SweepWords& words) {
  CLI::Option* on =
      command
          .add_option("--on", words.on,
                      "run the points on the nodes of a cluster, as tasks of array jobs; sbatch's "
                      "variables, such as SBATCH_PARTITION, choose where.\n  --on slurm")
          ->check(CLI::IsMember(std::vector<std::string>{"slurm"}));
  CLI::Option* shards =
      command
          .add_option("--shards", words.shards,
                      "a folder that all nodes see. Rows that are in its files are taken in, and "
                      "the files removed. Default with --on: the name of --results with .shards.\n"
                      "  --shards /shared/shapes.shards")
          ->type_name(kFolderValue);
  command
      .add_option("--points-per-task", words.points_per_task,
                  "points of a task of --on; default: as many as take about ten seconds.\n"
                  "  --points-per-task 500")
      ->check(CLI::Range(std::uint64_t{1}, kMostPoints))
      ->needs(on);
  CLI::Option* shard =
      command
          .add_option("--shard", words.shard,
                      "run only this part of the points, and write its rows to a file in the "
                      "folder --shards, from which a sweep takes them in.\n  --shard 3/100")
          ->needs(shards);
  for (const char* other :
       {"--on", "--results", "--csv", "--json-lines", "--report", "--retry-failed"}) {
    shard->excludes(command.get_option(other));
  }
  on->excludes(command.get_option("--threads"));
}

}  // namespace

void add_sweep_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto words = std::make_shared<SweepWords>();
  CLI::App& command = *app.add_subcommand(
      "sweep", "Runs all points of a plan; results are kept in a file, and a sweep goes on");
  command.add_option("PLAN", words->plan, "the plan's YAML file; docs/sweep.md has its keys")
      ->required();
  command.add_option("--results", words->results,
                     "the SQLite file with a row per point; a sweep goes on where it has stopped. "
                     "Default: the plan's name with .db, in this folder.\n  --results shapes.db");
  add_threads_option(command, words->threads);
  command.add_flag("--retry-failed", words->retry_failed, "run points again that have failed");
  command.add_option("--csv", words->csv,
                     "write all rows as CSV, '-' for standard output.\n  --csv shapes.csv");
  command.add_option("--json-lines", words->json_lines,
                     "write all rows as JSON, one a line, '-' for standard output.\n"
                     "  --json-lines shapes.jsonl");
  command
      .add_option(
          "--report", words->report,
          "write the rows as a page with charts and a table, one HTML file that any browser "
          "opens without a network; of more than 10,000 rows a sample.\n"
          "  --report shapes.html")
      ->type_name(kFileValue);
  add_shard_options(command, *words);
  command.footer(
      "Exit status: 0 also where points failed, which their rows say; 1 where a check did.\n"
      "Example:\n  systol sweep configs/sweeps/shapes.yaml --results shapes.db --csv shapes.csv");
  command.callback([words, &action, command_line] {
    action = [words, command_line] { return sweep(*words, command_line); };
  });
}

}  // namespace systol
