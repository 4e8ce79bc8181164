// One dimension of a design space: keys of the array's file, and the values that they take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/report/result_row.h"

namespace systol {

/// Keys that change together. Values are texts, as an override has them behind its "=": whether an
/// array takes them says the reader of its file.
struct Axis {
  std::vector<std::string> keys;                 ///< at least one
  std::vector<std::vector<std::string>> levels;  ///< at least one; each a value by key

  /// The settings of one level.
  void append(std::size_t level, std::vector<Setting>& settings) const;
};

/// Most levels of one axis.
inline constexpr std::size_t kMostLevels = 1'000'000;

/// Values from `from` up to `to`, each `step` more than the one before, or `step` times it. All are
/// numbers, with one unit or none: "64 KiB", "256 KiB". Throws InputError, which begins with
/// `where`.
struct Range {
  std::string from;
  std::string to;
  std::string step;
  bool factor = false;
};
std::vector<std::string> expand(const Range& range, std::string_view where);

/// "array.rows=8,16,32", "array.rows=8..64*2", "array.rows=8..64+8", and several keys that change
/// together: "array.rows:array.columns=8:32,16:16,32:8". Throws InputError, which begins with
/// `where`.
Axis parse_axis(std::string_view text, std::string_view where);

/// Axes that share a key, or an override that names one, cannot both be followed. Throws
/// InputError, which begins with `where`.
void check_keys(const std::vector<Axis>& axes, std::string_view where);

}  // namespace systol
