// What happens over a time that is not known before, in windows of equal length.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/error.h"
#include "sim/base/units.h"

namespace systol {

/// Without a length the windows begin short and become twice as long whenever there would be too
/// many of them: two neighbours become one by `+=`.
template <class Window>
class WindowSeries {
 public:
  /// `what` is what errors call it. Throws InputError for a length of 0.
  WindowSeries(std::string what, std::size_t most, std::optional<Cycles> length = {},
               std::uint64_t first_length = 16)
      : what_(std::move(what)),
        most_(most),
        length_(length ? length->count() : first_length),
        fixed_(length.has_value()) {
    if (length_ == 0) {
      throw InputError(what_ + ": found windows of 0 cycles, allowed: 1 or more");
    }
  }

  /// Calls add(window, part) for each window from `from` to `to`, in which `amount` is spread
  /// evenly, or for that of `from` with all of it where they are the same. Throws InputError where
  /// a length that was given makes more windows than a million.
  template <class Add>
  void spread(double amount, double from, double to, Add add) {
    if (amount == 0) {
      return;
    }
    if (from == to) {
      add(at(from), amount);
      return;
    }
    at(std::nextafter(to, from));  // the windows are as long as they get before they are used
    const double per_cycle = amount / (to - from);
    for (double now = from; now < to;) {
      const auto length = static_cast<double>(length_);
      const double until = std::min(to, (std::floor(now / length) + 1) * length);
      add(at(now), per_cycle * (until - now));
      now = until;
    }
  }

  Cycles length() const { return Cycles(length_); }
  /// The last ones of a run may be missing where nothing happened in them.
  const std::vector<Window>& windows() const { return windows_; }

 private:
  static constexpr std::size_t kMostFixedWindows = 1'000'000;

  Window& at(double cycle) {
    const auto index = [&] {
      return static_cast<std::size_t>(cycle / static_cast<double>(length_));
    };
    while (!fixed_ && index() >= most_) {
      double_length();
    }
    if (index() >= kMostFixedWindows) {
      throw InputError(fmt::format("{}: windows of {} cycles are more than {}; choose longer ones",
                                   what_, length_, kMostFixedWindows));
    }
    if (index() >= windows_.size()) {
      windows_.resize(index() + 1);
    }
    return windows_[index()];
  }

  void double_length() {
    length_ *= 2;
    std::vector<Window> pairs((windows_.size() + 1) / 2);
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      pairs[i / 2] += windows_[i];
    }
    windows_ = std::move(pairs);
  }

  std::string what_;
  std::size_t most_;
  std::uint64_t length_;
  bool fixed_;
  std::vector<Window> windows_;
};

}  // namespace systol
