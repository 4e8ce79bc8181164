#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/terminal.h"
#include "host/cli/threads_option.h"
#include "host/report/comparison_summary.h"
#include "host/sweep/row_json.h"
#include "host/sweep/sweep.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

struct SweepWords {
  std::string plan;
  std::string results;
  unsigned threads = 1;
  bool retry_failed = false;
  std::string csv;
  std::string json_lines;
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
    fmt::print(stderr, "\rsystol: {} of {} points, {} failed, {:.0f} a second, {:.0f} s left\x1b[K",
               progress.done, progress.points, progress.failed, here / seconds, left);
    std::fflush(stderr);
  }

 private:
  bool shown_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = begin_ + std::chrono::milliseconds(200);
};

void write_results(const SweepWords& words, const Comparison& comparison) {
  if (!words.csv.empty()) {
    write_file(words.csv, comparison_csv(comparison));
  }
  if (!words.json_lines.empty()) {
    std::string text;
    for (const ResultRow& row : comparison.rows) {
      text += row_json(row).dump() + "\n";
    }
    write_file(words.json_lines, text);
  }
}

/// A point needs some megabytes for a few milliseconds: memory that goes back to the system after
/// each costs a quarter of the time.
void keep_memory() {
  constexpr int kBytes = 256 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kBytes);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

int sweep(SweepWords& words) {
  keep_memory();
  if (words.results.empty()) {
    words.results = std::filesystem::path(words.plan).stem().string() + ".db";
  }
  const std::vector<FileOption> inputs = yaml_file_options("PLAN", words.plan);
  check_files(inputs, std::vector<FileOption>{{"--results", words.results},
                                              {"--csv", words.csv},
                                              {"--json-lines", words.json_lines}});
  const Sweep plan(load_sweep_plan(words.plan));
  ResultDatabase database(words.results, plan.identity());
  if (words.retry_failed) {
    database.forget_failures();
  }
  SweepProgress progress;
  {
    SweepLine line;
    progress =
        plan.run(database, words.threads, [&line](const SweepProgress& now) { line.show(now); });
  }
  const Comparison comparison = results_of(database, plan.plan());
  write_results(words, comparison);
  if (words.csv != "-" && words.json_lines != "-") {
    fmt::print("{} points, {} of them from before, {} failed in this run: {}\n{}", progress.done,
               progress.before, progress.failed, words.results,
               comparison_summary(comparison, plan.plan().objectives.front(), {}));
  }
  return progress.wrong == 0 ? kOk : kWrongResult;
}

}  // namespace

void add_sweep_command(CLI::App& app, Subcommand& action) {
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
  command.footer(
      "Exit status: 0 also where points failed, which their rows say; 1 where a check did.\n"
      "Example:\n  systol sweep configs/sweeps/shapes.yaml --results shapes.db --csv shapes.csv");
  command.callback([words, &action] { action = [words] { return sweep(*words); }; });
}

}  // namespace systol
