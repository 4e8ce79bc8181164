// One line of a terminal that says how far the work is, and is gone when it is done.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "host/session/progress.h"

namespace systol {

/// Decides what is written when. Nothing in the first second of the work; then the line, again at
/// most ten times a second.
class ProgressLine {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Lines are cut to `width` columns.
  explicit ProgressLine(std::size_t width) : width_(width) {}

  /// What to write now; empty for nothing. A step without a position is written as a line that
  /// stays.
  std::string at(const ProgressReport& report, Time now);
  /// What takes the line away until the work is further; empty if there is none.
  std::string hide();
  /// What takes the line away, as the work is done; empty if there is none.
  std::string end();

 private:
  void note_step(const ProgressReport& report, Time now);
  std::string text_of(const ProgressReport& report, Time now) const;

  std::size_t width_;
  bool works_ = false;
  bool shown_ = false;
  Time next_;  ///< when the line may be written again
  std::string step_;
  Time step_begin_;
  double done_ = 0;
};

/// Says on standard error how far work is, if that is a terminal; otherwise nothing.
void show_progress(const ProgressReport& report);

/// The same for several runs in a row: the line stays when one of them ends, until end_progress().
void show_progress_of_many(const ProgressReport& report);

/// The same of a file of which so many bytes have been read.
void show_reading(std::size_t bytes, std::size_t of);

/// Before a part of a result is written while the work goes on.
void hide_progress();

/// Before anything else is written to the terminal than a result.
void end_progress();

/// Says something on standard error, terminal or not.
void show_notice(std::string_view text);

}  // namespace systol
