#include "host/cli/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <utility>

#include "host/cli/terminal.h"
#include "host/report/numbers.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using std::chrono::milliseconds;

constexpr auto kQuiet = milliseconds(1000);
constexpr auto kPause = milliseconds(100);
/// Before that much of a step is done, nothing is said of what is left.
constexpr double kLeastDone = 0.01;
constexpr const char* kErase = "\r\x1b[K";

/// "8 s", "3 min", "2 h".
std::string time_left(double seconds) {
  if (seconds < 100) {
    return fmt::format("{:.0f} s", seconds);
  }
  return seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60)
                        : fmt::format("{:.0f} h", seconds / 3600);
}

/// At most `width` bytes, whole characters.
std::string cut(std::string_view text, std::size_t width) {
  text = text.substr(0, width);
  return std::string(text.substr(0, first_not_utf8(text)));
}

/// The process has one terminal.
struct Shared {
  std::mutex mutex;
  ProgressLine line{text_width(stderr)};
};
Shared& shared() {
  static Shared only;
  return only;
}

void write(const std::string& text) {
  if (!text.empty()) {
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }
}

}  // namespace

std::string ProgressLine::at(const ProgressReport& report, Time now) {
  if (report.step.empty()) {
    return end();
  }
  if (!report.position) {
    return end() + fmt::format("systol: {}\n", printable(report.step));
  }
  note_step(report, now);
  if (now < next_) {
    return {};
  }
  next_ = now + kPause;
  shown_ = true;
  return kErase + text_of(report, now);
}

void ProgressLine::note_step(const ProgressReport& report, Time now) {
  if (!works_) {
    works_ = true;
    next_ = now + kQuiet;
    step_.clear();
  }
  if (step_ != report.step || report.position->done < done_) {
    step_ = report.step;
    step_begin_ = now;
  }
  done_ = report.position->done;
}

std::string ProgressLine::text_of(const ProgressReport& report, Time now) const {
  const ProgressPosition& position = *report.position;
  std::string end = fmt::format(" of {}", position.layers);
  if (position.cycle) {
    end += fmt::format(", cycle {}", grouped(position.cycle->count()));
  }
  const double gone = std::chrono::duration<double>(now - step_begin_).count();
  if (position.done >= kLeastDone) {
    end += fmt::format(", {:.0f} %, {} left", 100 * position.done,
                       time_left(gone * (1 - position.done) / position.done));
  }
  std::string text =
      fmt::format("systol: {}: {} {}{}", report.step, position.counted, position.layer, end);
  if (const std::string name = printable(position.name); !name.empty()) {
    text += fmt::format(": {}", name);
  }
  return cut(text, width_ - 1);  // the last column would move the terminal's cursor on
}

std::string ProgressLine::hide() { return std::exchange(shown_, false) ? kErase : ""; }

std::string ProgressLine::end() {
  works_ = false;
  done_ = 0;
  return hide();
}

void show_progress(const ProgressReport& report) {
  static const bool is_seen = is_terminal(stderr);
  if (is_seen) {
    const std::lock_guard guard(shared().mutex);
    write(shared().line.at(report, std::chrono::steady_clock::now()));
  }
}

void show_progress_of_many(const ProgressReport& report) {
  if (!report.step.empty()) {
    show_progress(report);
  }
}

void show_reading(std::size_t bytes, std::size_t of) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
  const double done =
      static_cast<double>(bytes) / static_cast<double>(std::max<std::size_t>(of, 1));
  show_progress({"reading the program",
                 ProgressPosition{bytes / kMebibyte, of / kMebibyte, {}, {}, done, "MiB"}});
}

void hide_progress() {
  const std::lock_guard guard(shared().mutex);
  write(shared().line.hide());
}

void end_progress() {
  const std::lock_guard guard(shared().mutex);
  write(shared().line.end());
}

void show_notice(std::string_view text) {
  end_progress();
  fmt::print(stderr, "systol: {}\n", text);
}

}  // namespace systol
